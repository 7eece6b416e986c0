import type { Moment, Runtime } from "#runtime/runtime";
import type { RunRow, RunStore } from "#store/store";

export interface MomentPorts {
  readonly runtime: Pick<Runtime, "attach">;
  readonly store: { readonly runs: Pick<RunStore, "asleep"> };
}

/** What the run waits for, whether it is driven or sleeps; null: nothing, or it has ended. */
export async function momentOfRun({ runtime, store }: MomentPorts, tenantId: string, run: RunRow): Promise<Moment | null> {
  if (run.endedAt !== null) return null;
  const live = runtime.attach(run.id);
  if (live) return live.moment();
  const asleep = await store.runs.asleep(tenantId, run.id);
  return asleep && { pause: asleep.pause, queuePosition: null };
}
