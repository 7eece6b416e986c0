import type { Pause } from "@millrace/engine";
import type { Runtime } from "#runtime/runtime";
import type { RunRow, RunStore } from "#store/store";

export interface PausePorts {
  readonly runtime: Pick<Runtime, "attach">;
  readonly runs: Pick<RunStore, "asleep">;
}

/** What the run waits for, whether it is driven or sleeps; null: it has ended, or does something. */
export async function pauseOfRun({ runtime, runs }: PausePorts, tenantId: string, run: RunRow): Promise<Pause | null> {
  if (run.endedAt !== null) return null;
  const live = runtime.attach(run.id);
  if (live) return live.pause();
  return (await runs.asleep(tenantId, run.id))?.pause ?? null;
}
