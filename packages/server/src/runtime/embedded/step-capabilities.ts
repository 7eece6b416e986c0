import { failuresTo, type RunState } from "@millrace/engine";
import type { CalledRun, Capabilities, WorkflowCall } from "@millrace/nodes";
import type { CallingStep } from "#runtime/runtime";

export interface StepPorts {
  readonly capabilities: Omit<Capabilities, "workflows">;
  /** Runs a workflow that a node calls; resolves once its run has ended. */
  callWorkflow(step: CallingStep, call: WorkflowCall): Promise<CalledRun>;
}

export interface AttemptPorts extends StepPorts {
  /** Told before it waits for another run. */
  calling(): void;
}

/** The ways out of a run for one attempt: a called workflow is told which step it is for. */
export function capabilitiesFor(ports: AttemptPorts, tenantId: string, state: RunState, path: string): Capabilities {
  const call = (called: WorkflowCall): Promise<CalledRun> => {
    ports.calling();
    const { runId, userId, caller } = state.run;
    const step = { tenantId, runId, path, userId, depth: caller?.depth ?? 0, failures: failuresTo(state, path) };
    return ports.callWorkflow(step, called);
  };
  return { ...ports.capabilities, workflows: { call } };
}
