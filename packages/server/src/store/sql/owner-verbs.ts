import { HANDED } from "#store/handed-runs";
import { HOSTED } from "#store/hosted-runs";
import { runEnded } from "#store/sql/outbox";
import { number, type Row, text } from "#store/sql/rows";
import type { RunKey } from "#store/sql/run-columns";
import { RUN_COLUMNS } from "#store/sql/run-row";
import { NOBODY } from "#store/sql/run-verbs";
import { ASLEEP, dueSleepers, removeSleeper } from "#store/sql/sleepers";
import { all, one, run, type Steps } from "#store/sql/steps";
import { ASIDE } from "#store/sql/suspect-verbs";
import type { Claim } from "#store/store";

/** Stands for an owner that died before it let the run go. */
const ORPHANED = "orphaned";

/** A worker and the beat at which it was last seen. */
export type Beat = readonly [owner: string, beat: number];

// The index is named: without statistics the planner may take the table, which has every run that ever was.
const UNFINISHED = "runs INDEXED BY runs_unfinished";

const ORPHAN_ALL = `
  UPDATE ${UNFINISHED} SET owner = ? WHERE ended_at IS NULL AND owner IN (SELECT owner FROM workers WHERE drains = 0)`;
const FREE_ALL = `UPDATE ${UNFINISHED} SET owner = ? WHERE ended_at IS NULL AND owner NOT IN (?, ?, ?, ?)`;
// Said to sleep, but nobody would wake it: damage, from which the run recovers.
const FREE_LOST = `
  UPDATE ${UNFINISHED} SET owner = ? WHERE ended_at IS NULL AND owner = ?
  AND NOT EXISTS (SELECT 1 FROM sleepers WHERE sleepers.tenant_id = runs.tenant_id AND sleepers.run_id = runs.id)`;
const MOVE = `UPDATE ${UNFINISHED} SET owner = ? WHERE ended_at IS NULL AND owner = ?`;
const REGISTER = "INSERT INTO workers (owner, beat) VALUES (?, 0) ON CONFLICT (owner) DO NOTHING";
// The distinct owners of unfinished runs that are no workers, each found by one step in the index, however many runs they have.
const ABANDONED = `
  WITH RECURSIVE found (owner) AS (
    SELECT min(owner) FROM ${UNFINISHED} WHERE ended_at IS NULL
    UNION ALL
    SELECT (SELECT min(owner) FROM ${UNFINISHED} WHERE ended_at IS NULL AND owner > found.owner) FROM found WHERE found.owner IS NOT NULL
  )
  SELECT owner FROM found WHERE owner IS NOT NULL AND owner NOT IN ('${ASLEEP}', '${ASIDE}', '${HOSTED}', '${HANDED}') AND owner NOT IN (SELECT owner FROM workers)`;
const OLDEST_OF = `SELECT tenant_id, id, owner FROM ${UNFINISHED} WHERE owner = ? AND ended_at IS NULL ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED`;
const OWNED = `SELECT tenant_id, id, fence FROM ${UNFINISHED} WHERE owner = ? AND ended_at IS NULL`;
const RAISE_FENCE = `
  UPDATE runs SET owner = ?, fence = fence + 1 WHERE tenant_id = ? AND id = ? AND ended_at IS NULL RETURNING ${RUN_COLUMNS}, fence`;
const FREE = "UPDATE runs SET owner = ? WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL";
const END = "UPDATE runs SET status = 'FAILED', started_at = ?, ended_at = ?, error_type = ?, checksum = ? WHERE tenant_id = ? AND id = ?";

/** Owners, and the runs of those that are gone. */
export const ownerVerbs = {
  /** At the start of a process that has the data for itself: every earlier owner is dead. */
  *forgetOwners(owner: string): Steps<void> {
    yield* run(ORPHAN_ALL, ORPHANED);
    yield* run(FREE_ALL, NOBODY, NOBODY, ASLEEP, ASIDE, ORPHANED);
    yield* run(FREE_LOST, NOBODY, ASLEEP);
    yield* run("DELETE FROM workers");
    yield* run(REGISTER, owner);
  },

  /** At the start of one process among others: only what had its name before is dead. */
  *enter(owner: string): Steps<void> {
    yield* bury(owner, yield* one("DELETE FROM workers WHERE owner = ? RETURNING drains", owner));
    yield* run(FREE_LOST, NOBODY, ASLEEP);
    yield* run(REGISTER, owner);
  },

  /** At the orderly end of one process among others: what it has left is there for the others at once, where it had let go of it. */
  *leave(owner: string): Steps<boolean> {
    const hasLeft = (yield* run("DELETE FROM workers WHERE owner = ? AND drains = 1", owner)) === 1;
    if (hasLeft) yield* run(MOVE, NOBODY, owner);
    return hasLeft;
  },

  /** False: the owner was given up. */
  *renew(owner: string): Steps<boolean> {
    return (yield* run("UPDATE workers SET beat = beat + 1 WHERE owner = ?", owner)) === 1;
  },

  /** Writes the least that there is to write: tells whether writing works. */
  *probe(): Steps<void> {
    yield* run("UPDATE workers SET beat = beat");
  },

  /** Gives the oldest runs of dead and unknown owners to `owner`, each under a new fence: their rows, with it and `orphaned`. */
  *claim(owner: string, limit: number, dead: readonly Beat[]): Steps<readonly Row[]> {
    // One that is given up learns of it at its next renewal; one whose beat went on lives.
    for (const [gone, beat] of dead)
      yield* bury(gone, yield* one("DELETE FROM workers WHERE owner = ? AND beat = ? RETURNING drains", gone, beat));
    yield* run(REGISTER, owner);
    const abandoned: Row[] = [];
    for (const row of yield* all(ABANDONED)) abandoned.push(...(yield* all(OLDEST_OF, text(row, "owner"), limit)));
    const oldest = abandoned.sort((left, right) => (text(left, "id") < text(right, "id") ? -1 : 1)).slice(0, limit);
    const rows: Row[] = [];
    for (const row of oldest) {
      const orphaned = row["owner"] === ORPHANED ? 1 : 0;
      for (const claimed of yield* claimAll(owner, [[text(row, "tenant_id"), text(row, "id")]])) rows.push({ ...claimed, orphaned });
    }
    return rows;
  },

  /** Gives the oldest of the runs that were handed over to `owner`, likewise. */
  *claimHanded(owner: string, limit: number): Steps<readonly Row[]> {
    yield* run(REGISTER, owner);
    const oldest = yield* all(OLDEST_OF, HANDED, limit);
    return yield* claimAll(
      owner,
      oldest.map((row) => [text(row, "tenant_id"), text(row, "id")]),
    );
  },

  /** Gives the sleeping runs whose time has come to `owner`, likewise. */
  *wake(owner: string, at: number, limit: number): Steps<readonly Row[]> {
    yield* run(REGISTER, owner);
    const woken: RunKey[] = [];
    for (const key of yield* dueSleepers(at, limit)) if (yield* removeSleeper(key)) woken.push(key);
    return yield* claimAll(owner, woken);
  },

  /** Nothing: it does not sleep. */
  *wakeOne(owner: string, key: RunKey): Steps<readonly Row[]> {
    if (!(yield* removeSleeper(key))) return [];
    yield* run(REGISTER, owner);
    return yield* claimAll(owner, [key]);
  },

  /** Ends a run that can never go on; its journal stays as it is. */
  *end([tenantId, id]: RunKey, startedAt: number, endedAt: number, errorType: string, checksum: number): Steps<void> {
    yield* run(END, startedAt, endedAt, errorType, checksum, tenantId, id);
    yield* runEnded(tenantId, id, endedAt);
  },

  /** `isOrphaned`: as if their owner had died of them. */
  *giveBack(runs: readonly (readonly [key: RunKey, fence: number])[], isOrphaned = false): Steps<void> {
    for (const [[tenantId, id], fence] of runs) yield* run(FREE, isOrphaned ? ORPHANED : NOBODY, tenantId, id, fence);
  },
};

/** What a worker had when it was forgotten is orphaned, unless it had let go before. */
function* bury(owner: string, forgotten: Row | undefined): Steps<void> {
  if (forgotten) yield* run(MOVE, number(forgotten, "drains") === 0 ? ORPHANED : NOBODY, owner);
}

/** The unfinished runs of the owner, as whoever holds them. */
export function* owned(owner: string): Steps<readonly Claim[]> {
  return (yield* all(OWNED, owner)).map((row) => ({
    tenantId: text(row, "tenant_id"),
    runId: text(row, "id"),
    fence: number(row, "fence"),
  }));
}

function* claimAll(owner: string, keys: readonly RunKey[]): Steps<readonly Row[]> {
  const rows: Row[] = [];
  for (const [tenantId, id] of keys) {
    const row = yield* one(RAISE_FENCE, owner, tenantId, id);
    if (row) rows.push(row);
  }
  return rows;
}
