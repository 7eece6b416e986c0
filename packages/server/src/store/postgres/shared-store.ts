import type { Pool } from "pg";
import type { Changes } from "#store/postgres/changes";
import type { Committer } from "#store/postgres/committer";
import { PostgresControls } from "#store/postgres/controls";
import { storeError } from "#store/postgres/failure";
import type { RunProgress, SharedStore } from "#store/shared-store";

const PROGRESS = `SELECT id AS "runId", entries, ended_at AS "endedAt" FROM runs WHERE tenant_id = $1 AND id = ANY ($2) ORDER BY id`;

export interface SharedParts {
  readonly pool: Pool;
  /** Writes what is not of a run's journal. */
  readonly committer: Committer;
  readonly changes: Changes;
}

export function sharedStore({ pool, committer, changes }: SharedParts): SharedStore {
  return {
    controls: new PostgresControls(pool, committer),
    say: (word) => changes.say(word),
    hear: (listener) => changes.hear(listener),

    async progress(tenantId, runIds) {
      try {
        return (await pool.query<RunProgress>(PROGRESS, [tenantId, runIds])).rows;
      } catch (error) {
        throw storeError(error);
      }
    },
  };
}
