import type { DatabaseSync } from "node:sqlite";
import { Fenced } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text } from "#store/sql/rows";
import type { RunKey } from "#store/sql/run-columns";
import { RUN_COLUMNS } from "#store/sql/run-row";

/** Stands for the owner of a run that is to be taken over with nothing suspicious beside it. */
export const ASIDE = "aside";

export type SuspectColumns = readonly [key: RunKey, fence: number, progress: number];

/** Deaths of processes, and the runs that may be to blame for them. */
export function suspectVerbs(database: DatabaseSync) {
  const sql = prepare(database);
  const deathsOf = ([tenantId, id]: RunKey): Counted | null => {
    const row = sql.find.get(tenantId, id);
    return row ? readCounted(tenantId, id, row) : null;
  };
  return {
    resign(owner: string): void {
      sql.resign.run(owner);
    },

    /** Throws Fenced. */
    suspect(suspects: readonly SuspectColumns[], asideFrom: number): readonly number[] {
      return suspects.map(([key, fence, progress]) => {
        const [tenantId, id] = key;
        const before = deathsOf(key);
        const deaths = before?.progress === progress ? before.deaths + 1 : 1;
        sql.put.run(tenantId, id, progress, deaths, checksumOf(tenantId, id, progress, deaths));
        if (deaths >= asideFrom && sql.setAside.run(ASIDE, tenantId, id, fence).changes !== 1) throw new Fenced(id);
        return deaths;
      });
    },

    /** The row of the oldest one that was set aside, under a new fence, and its deaths. */
    takeAside(owner: string): { readonly row: Row; readonly deaths: number } | null {
      const oldest = sql.oldest.get(ASIDE);
      if (!oldest) return null;
      const key: RunKey = [text(oldest, "tenant_id"), text(oldest, "id")];
      const row = sql.take.get(owner, ...key);
      return row ? { row, deaths: deathsOf(key)?.deaths ?? 1 } : null;
    },
  };
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

function prepare(database: DatabaseSync) {
  return {
    resign: database.prepare("UPDATE workers SET drains = 1 WHERE owner = ?"),
    find: database.prepare("SELECT progress, deaths, checksum FROM suspects WHERE tenant_id = ? AND run_id = ?"),
    put: database.prepare("INSERT OR REPLACE INTO suspects (tenant_id, run_id, progress, deaths, checksum) VALUES (?, ?, ?, ?, ?)"),
    setAside: database.prepare("UPDATE runs SET owner = ? WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL"),
    oldest: database.prepare(
      "SELECT tenant_id, id FROM runs INDEXED BY runs_unfinished WHERE owner = ? AND ended_at IS NULL ORDER BY id LIMIT 1",
    ),
    take: database.prepare(`
      UPDATE runs SET owner = ?, fence = fence + 1 WHERE tenant_id = ? AND id = ? AND ended_at IS NULL
      RETURNING ${RUN_COLUMNS}, fence`),
  };
}
