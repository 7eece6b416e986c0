import { Fenced } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text } from "#store/sql/rows";
import type { RunKey } from "#store/sql/run-columns";
import { RUN_COLUMNS } from "#store/sql/run-row";
import { one, run, type Steps, upsert } from "#store/sql/steps";
import type { WaitingDeaths } from "#store/store";

/** Stands for the owner of a run that is to be taken over with nothing suspicious beside it. */
export const ASIDE = "aside";

export type SuspectColumns = readonly [key: RunKey, fence: number, progress: number];

const FIND = "SELECT progress, deaths, checksum FROM suspects WHERE tenant_id = ? AND run_id = ?";
const PUT = upsert("suspects", "tenant_id, run_id, progress, deaths, checksum", "tenant_id, run_id");
const SET_ASIDE = "UPDATE runs SET owner = ? WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL";
const OLDEST = `
  SELECT runs.tenant_id, runs.id, CASE WHEN suspects.deaths >= ? AND suspects.deaths < ? THEN 1 ELSE 0 END AS waits
  FROM runs INDEXED BY runs_unfinished LEFT JOIN suspects ON suspects.tenant_id = runs.tenant_id AND suspects.run_id = runs.id
  WHERE runs.owner = ? AND runs.ended_at IS NULL
  ORDER BY waits, runs.id LIMIT 1`;
const TAKE = `
  UPDATE runs SET owner = ?, fence = fence + 1 WHERE tenant_id = ? AND id = ? AND ended_at IS NULL RETURNING ${RUN_COLUMNS}, fence`;

/** Deaths of processes, and the runs that may be to blame for them. */
export const suspectVerbs = {
  *resign(owner: string): Steps<void> {
    yield* run("UPDATE workers SET drains = 1 WHERE owner = ?", owner);
  },

  /** Throws Fenced. */
  *suspect(suspects: readonly SuspectColumns[], asideFrom: number): Steps<readonly number[]> {
    const counts: number[] = [];
    for (const [key, fence, progress] of suspects) {
      const [tenantId, id] = key;
      const before = yield* counted(key);
      const deaths = before?.progress === progress ? before.deaths + 1 : 1;
      yield* run(PUT, tenantId, id, progress, deaths, checksumOf(tenantId, id, progress, deaths));
      if (deaths >= asideFrom && (yield* run(SET_ASIDE, ASIDE, tenantId, id, fence)) !== 1) throw new Fenced(id);
      counts.push(deaths);
    }
    return counts;
  },

  /** The row of the oldest one that was set aside and does not wait, under a new fence, and its deaths. */
  *takeAside(owner: string, { from, below }: WaitingDeaths): Steps<{ readonly row: Row; readonly deaths: number } | "waiting" | null> {
    const oldest = yield* one(OLDEST, from, below, ASIDE);
    if (!oldest) return null;
    if (number(oldest, "waits") === 1) return "waiting";
    const key: RunKey = [text(oldest, "tenant_id"), text(oldest, "id")];
    const row = yield* one(TAKE, owner, ...key);
    return row ? { row, deaths: (yield* counted(key))?.deaths ?? 1 } : null;
  },
};

function* counted([tenantId, id]: RunKey): Steps<Counted | null> {
  const row = yield* one(FIND, tenantId, id);
  return row ? readCounted(tenantId, id, row) : null;
}

interface Counted {
  readonly progress: number;
  readonly deaths: number;
}

/** null where the row is damaged: nobody is blamed for what it says. */
function readCounted(tenantId: string, id: string, row: Row): Counted | null {
  const [progress, deaths] = [number(row, "progress"), number(row, "deaths")];
  return checksumOf(tenantId, id, progress, deaths) === row["checksum"] ? { progress, deaths } : null;
}

function checksumOf(tenantId: string, id: string, progress: number, deaths: number): number {
  return rowChecksum([tenantId, id, progress, deaths]);
}
