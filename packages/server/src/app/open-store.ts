import { mkdirSync } from "node:fs";
import type { Clock } from "#clock";
import type { Settings } from "#config/settings";
import type { Logger } from "#log";
import { openSqliteStore } from "#store/sqlite/open";
import type { Store } from "#store/store";

export interface StoreSurroundings {
  /** Names this process. */
  readonly owner: string;
  readonly logger: Logger;
  readonly clock?: Clock;
}

const PRIVATE_DIRECTORY = 0o700;

/** The store that the settings name, its schema up to date. The data directory is there afterwards: keys lie in it, wherever the data lies. */
export async function openStore({ databaseUrl: url, dataDir, version }: Settings, surroundings: StoreSurroundings): Promise<Store> {
  if (url === null) return openSqliteStore({ dataDir, version, ...surroundings });
  mkdirSync(dataDir, { recursive: true, mode: PRIVATE_DIRECTORY });
  const { openPostgresStore } = await import("#store/postgres/open");
  return openPostgresStore({ url, ...surroundings });
}
