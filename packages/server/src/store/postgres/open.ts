import { type Clock, systemClock } from "#clock";
import type { Logger } from "#log";
import type { Duties } from "#store/duties";
import { MoveUnfinished } from "#store/errors";
import { Changes } from "#store/postgres/changes";
import { storeError } from "#store/postgres/failure";
import { Leadership } from "#store/postgres/leadership";
import { migrate } from "#store/postgres/migrate";
import { openNearest } from "#store/postgres/nearest";
import { openPool } from "#store/postgres/pool";
import { postgresStore } from "#store/postgres/postgres-store";
import { runSteps } from "#store/postgres/run-steps";
import { unfinishedMove } from "#store/sql/move-statements";
import type { Store } from "#store/store";

export interface OpenPostgresOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  /** Names this process: its runs are taken over by others when it is gone. */
  readonly owner: string;
  readonly clock?: Pick<Clock, "now" | "mono">;
  readonly logger?: Pick<Logger, "info" | "warn" | "error">;
  /** Connections of this process at most, beside the two that listen and lead. */
  readonly connections?: number;
  /** False: vectors are compared here, also where the database could. */
  readonly pgvector?: boolean;
}

/** Brings the schema up to date and joins the processes that share the database. Rejects with MoveUnfinished, StoreInUse, StoreTooNew, StoreUnreachable, or what the database says. */
export async function openPostgresStore({ url, owner, clock, logger, connections, pgvector = true }: OpenPostgresOptions): Promise<Store> {
  const log = logger ?? SILENT;
  const pool = openPool(url, log, connections);
  const changes = new Changes({ url, pool, log });
  const leadershipOf = (duties: Duties): Leadership => new Leadership({ url, log }, duties);
  try {
    await migrate(pool);
    const origin = await runSteps(pool, unfinishedMove());
    if (origin !== null) throw new MoveUnfinished(origin);
    await changes.begin();
    const nearest = pgvector ? await openNearest(pool, log) : null;
    return await postgresStore({ pool, changes, leadershipOf, clock: clock ?? systemClock, log, nearest }, owner);
  } catch (error) {
    await changes.close().catch(() => undefined);
    await pool.end();
    throw storeError(error);
  }
}

const SILENT: Pick<Logger, "info" | "warn" | "error"> = { info: () => undefined, warn: () => undefined, error: () => undefined };
