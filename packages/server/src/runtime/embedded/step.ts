import { type Directive, type ExecuteCommand, failuresTo, prepare, type RunState } from "@millrace/engine";
import type { CalledRun, Capabilities, EffectExecutor, WorkflowCall } from "@millrace/nodes";
import type { AttemptContext } from "#runtime/embedded/attempt";
import type { RunRecord } from "#runtime/embedded/run-record";
import type { CallingStep } from "#runtime/runtime";
import type { Vault } from "#runtime/vault";

export interface StepPorts {
  readonly capabilities: Omit<Capabilities, "workflows">;
  readonly vault: Vault;
  /** Runs a workflow that a node calls; resolves once its run has ended. */
  callWorkflow(step: CallingStep, call: WorkflowCall): Promise<CalledRun>;
}

/** One execution of a node with effects, ready to begin; `calling` is called before it waits for another run. */
export type Step = (own: AttemptContext, calling: () => void) => Promise<Directive>;

/**
 * Evaluates the node's config, and throws where that cannot be done. Of a workflow that names credentials it is evaluated only when the
 * attempt begins, inside of the guard: nothing before that moment holds a secret, and nothing that comes of it shows one.
 */
export function stepOf(ports: StepPorts, record: RunRecord, command: ExecuteCommand, executor: EffectExecutor): Step {
  const { state, tenantId } = record;
  const { credentials } = state.plan;
  const capabilities = (calling: () => void) => capabilitiesFor(ports, tenantId, state, command.path, calling);
  if (!credentials) {
    const prepared = prepare(state, command.path);
    // Async, so that a throw before the executor's first await is a rejection like any other.
    return async (own, calling) =>
      executor.run(prepared.config, { ...record.context(command, prepared), ...own, capabilities: capabilities(calling) });
  }
  return async (own, calling) => {
    const { secrets, egress, guard } = await ports.vault.open(tenantId, { workflow: credentials, node: command.node });
    // Meanwhile nobody may want it any more: an attempt that has not begun does not begin.
    if (own.signal.aborted) throw own.signal.reason;
    return guard(async () => {
      const prepared = prepare(state, command.path, secrets);
      return executor.run(prepared.config, {
        ...record.context(command, prepared),
        ...own,
        capabilities: { ...capabilities(calling), egress },
      });
    });
  };
}

/** The ways out of a run for one attempt: a called workflow is told which step it is for. */
function capabilitiesFor(ports: StepPorts, tenantId: string, state: RunState, path: string, calling: () => void): Capabilities {
  const call = (called: WorkflowCall): Promise<CalledRun> => {
    calling();
    const { runId, userId, caller } = state.run;
    const step = { tenantId, runId, path, userId, depth: caller?.depth ?? 0, failures: failuresTo(state, path) };
    return ports.callWorkflow(step, called);
  };
  return { ...ports.capabilities, workflows: { call } };
}
