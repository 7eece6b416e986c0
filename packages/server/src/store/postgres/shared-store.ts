import type { Pool } from "pg";
import { HANDED } from "#store/handed-runs";
import type { Changes } from "#store/postgres/changes";
import type { Committer } from "#store/postgres/committer";
import { PostgresControls } from "#store/postgres/controls";
import { storeError } from "#store/postgres/failure";
import { PostgresHolds } from "#store/postgres/holds";
import { PostgresHostedLives } from "#store/postgres/hosted-lives";
import { PostgresNodeTurns } from "#store/postgres/node-turns";
import { PostgresQuotas } from "#store/postgres/quotas";
import { PostgresRunValues } from "#store/postgres/run-values";
import { PostgresTurns } from "#store/postgres/turns";
import type { RunProgress, SharedStore } from "#store/shared-store";
import type { Blobs } from "#store/sql/blobs";

const PROGRESS = `SELECT id AS "runId", entries, ended_at AS "endedAt" FROM runs WHERE tenant_id = $1 AND id = ANY ($2) ORDER BY id`;

// The index that it reads has the runs that have not ended, by their owners.
const HANDED_OVER = `SELECT count(*) AS count FROM (SELECT FROM runs WHERE ended_at IS NULL AND owner = '${HANDED}' LIMIT $1) AS waiting`;

export interface SharedParts {
  readonly pool: Pool;
  /** Writes what is not of a run's journal. */
  readonly committer: Committer;
  /** Writes what is decided under a lock. */
  readonly locking: Committer;
  readonly changes: Changes;
  readonly blobs: Blobs;
}

export function sharedStore({ pool, committer, locking, changes, blobs }: SharedParts): SharedStore {
  return {
    controls: new PostgresControls(pool, committer),
    turns: new PostgresTurns(pool, locking),
    nodeTurns: new PostgresNodeTurns(locking),
    quotas: new PostgresQuotas(pool),
    holds: new PostgresHolds(locking),
    hostedLives: new PostgresHostedLives(committer),
    values: new PostgresRunValues(pool, blobs),
    say: (word) => changes.say(word),
    hear: (listener) => changes.hear(listener),
    show: (shown) => changes.show(shown),
    look: (listener) => changes.look(listener),
    told: () => changes.told(),
    caughtUp: () => changes.caughtUp(),

    async bytes() {
      try {
        const { rows } = await pool.query<{ bytes: number }>("SELECT pg_database_size(current_database()) AS bytes");
        return rows[0]?.bytes ?? 0;
      } catch (error) {
        throw storeError(error);
      }
    },

    async handed(most) {
      try {
        return (await pool.query<{ count: number }>(HANDED_OVER, [most])).rows[0]?.count ?? 0;
      } catch (error) {
        throw storeError(error);
      }
    },

    async progress(tenantId, runIds) {
      try {
        return (await pool.query<RunProgress>(PROGRESS, [tenantId, runIds])).rows;
      } catch (error) {
        throw storeError(error);
      }
    },
  };
}
