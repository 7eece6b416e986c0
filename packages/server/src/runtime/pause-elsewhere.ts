import { type Pause, type Plan, pauseOf, type RunState, replay } from "@millrace/engine";
import type { CompiledVersion } from "#runtime/runtime";
import type { RunStore } from "#store/store";

export interface PauseElsewherePorts {
  readonly runs: Pick<RunStore, "get" | "journal" | "lastEntry">;
  loadVersion(tenantId: string, workflowId: string, version: string): Promise<CompiledVersion | null>;
  /** What the run's journal amounts to. Absent: it is read as a whole. */
  stateOf?(plan: Plan, tenantId: string, runId: string): Promise<RunState>;
}

/** What a run waits for that is not driven in this process: it follows from its journal. null: nothing, or it has ended. */
export async function pauseElsewhere(ports: PauseElsewherePorts, tenantId: string, runId: string): Promise<Pause | null> {
  const { runs, loadVersion } = ports;
  // While an attempt is under way a run waits for nothing else: of most that are asked for, the whole journal is not read.
  const last = await runs.lastEntry(tenantId, runId);
  if (last === null || last.type === "node-started") return null;
  const run = await runs.get(tenantId, null, runId);
  const version = run && run.endedAt === null ? await loadVersion(tenantId, run.workflowId, run.version) : null;
  if (!version) return null;
  const { plan } = version;
  const state = ports.stateOf
    ? ports.stateOf(plan, tenantId, runId)
    : runs.journal(tenantId, runId).then((entries) => replay(plan, entries));
  return pauseOf(await state);
}
