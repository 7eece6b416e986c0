import { type Clock, systemClock } from "#clock";
import type { Logger } from "#log";
import { Changes } from "#store/postgres/changes";
import { storeError } from "#store/postgres/failure";
import { migrate } from "#store/postgres/migrate";
import { openPool } from "#store/postgres/pool";
import { postgresStore } from "#store/postgres/postgres-store";
import type { Store } from "#store/store";

export interface OpenPostgresOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  /** Names this process: its runs are taken over by others when it is gone. */
  readonly owner: string;
  readonly clock?: Pick<Clock, "now" | "mono">;
  readonly logger?: Pick<Logger, "warn" | "error">;
  /** Connections of this process at most, beside the one that listens. */
  readonly connections?: number;
}

/** Brings the schema up to date and joins the processes that share the database. Rejects with StoreTooNew, StoreUnreachable, or what the database says. */
export async function openPostgresStore({ url, owner, clock, logger, connections }: OpenPostgresOptions): Promise<Store> {
  const log = logger ?? SILENT;
  const pool = openPool(url, log, connections);
  const changes = new Changes({ url, pool, log });
  try {
    await migrate(pool);
    await changes.begin();
    return await postgresStore({ pool, changes, clock: clock ?? systemClock, log }, owner);
  } catch (error) {
    await changes.close().catch(() => undefined);
    await pool.end();
    throw storeError(error);
  }
}

const SILENT: Pick<Logger, "warn" | "error"> = { warn: () => undefined, error: () => undefined };
