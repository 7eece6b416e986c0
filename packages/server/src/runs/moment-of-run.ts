import type { Moment, Runtime } from "#runtime/runtime";
import type { RunRow } from "#store/store";

export interface MomentPorts {
  readonly runtime: Pick<Runtime, "moment">;
}

/** What the run waits for, whether it is driven or sleeps; null: nothing, or it has ended. */
export async function momentOfRun({ runtime }: MomentPorts, tenantId: string, run: RunRow): Promise<Moment | null> {
  return run.endedAt === null ? runtime.moment(tenantId, run.id) : null;
}
