import type { Pause } from "@millrace/engine";
import { JournalCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";
import type { Sleep } from "#store/store";

export const SLEEPER_COLUMNS = "tenant_id, run_id, wakes_at, pause, checksum";

export function sleeperChecksum(tenantId: string, runId: string, wakesAt: number | null, pause: string | null): number {
  return rowChecksum([tenantId, runId, wakesAt, pause]);
}

/** Throws JournalCorrupt where the row is not what was written. */
export function readSleeper(row: Row): Sleep {
  const runId = text(row, "run_id");
  const until = numberOrNull(row, "wakes_at");
  const pause = textOrNull(row, "pause");
  if (sleeperChecksum(text(row, "tenant_id"), runId, until, pause) !== row["checksum"])
    throw new JournalCorrupt(runId, "the row of its sleep is not what was written");
  return { until, pause: pause === null ? null : (JSON.parse(pause) as Pause) };
}
