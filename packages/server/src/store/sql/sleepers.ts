import { text } from "#store/sql/rows";
import type { RunKey, SleepColumns } from "#store/sql/run-columns";
import { sleeperChecksum } from "#store/sql/sleeper-row";
import { all, insert, run, type Steps } from "#store/sql/steps";

// The runs that sleep; always inside the transaction that puts them to sleep, or claims them.

/** Stands for the owner of a run that sleeps; no process is named so. */
export const ASLEEP = "asleep";

const INSERT = insert("sleepers", "tenant_id, run_id, wakes_at, pause, checksum");

export function* addSleeper(tenantId: string, runId: string, [until, pause]: SleepColumns): Steps<void> {
  yield* run(INSERT, tenantId, runId, until, pause, sleeperChecksum(tenantId, runId, until, pause));
}

/** Whose time has come, soonest first. */
export function* dueSleepers(at: number, limit: number): Steps<readonly RunKey[]> {
  const rows = yield* all(
    "SELECT tenant_id, run_id FROM sleepers WHERE wakes_at <= ? ORDER BY wakes_at LIMIT ? FOR UPDATE SKIP LOCKED",
    at,
    limit,
  );
  return rows.map((row) => [text(row, "tenant_id"), text(row, "run_id")]);
}

/** False: it does not sleep. */
export function* removeSleeper([tenantId, runId]: RunKey): Steps<boolean> {
  return (yield* run("DELETE FROM sleepers WHERE tenant_id = ? AND run_id = ?", tenantId, runId)) === 1;
}
