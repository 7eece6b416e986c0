import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Logger } from "#log";
import { NoRoomToMigrate, NotFound } from "#store/errors";
import { backUp } from "#store/sqlite/backup/back-up";
import { openReader } from "#store/sqlite/connections";
import { DataDir } from "#store/sqlite/data-dir";
import { migrate, refuseUnknown, schemaVersion } from "#store/sqlite/migrate";
import { MIGRATIONS, type Migration } from "#store/sqlite/migrations";

/** A backup is at most as large as the database and its copy, and a step may write every row anew. */
const ROOM_FACTOR = 2.2;

/** Backups of earlier upgrades that stay. */
const KEPT_BACKUPS = 3;

/** Copying, packing and reading back, as measured on two cores and a fast disk: for an estimate. */
const BYTES_A_MS = 30_000;
const STEP_MS = 100;

const PRIVATE_DIRECTORY = 0o700;

export interface UpgradeOptions {
  readonly dataDir: DataDir;
  /** The connection that writes; nobody else has the data directory. */
  readonly database: DatabaseSync;
  /** Of this program. */
  readonly version: string;
  readonly now: number;
  readonly log: Pick<Logger, "info">;
  readonly migrations?: readonly Migration[];
  /** Free bytes where the data lies. */
  readonly freeBytes?: (path: string) => number;
}

/** Brings the schema up to date. What an older release wrote is backed up first, and only a verified backup counts. Rejects with NoRoomToMigrate. */
export async function upgrade(options: UpgradeOptions): Promise<void> {
  const { dataDir, database, version, now, log, migrations = MIGRATIONS, freeBytes = freeBytesAt } = options;
  const plan = planOf(dataDir, database, migrations);
  if (plan.from > 0 && plan.steps.length > 0) {
    const free = freeBytes(dataDir.path);
    if (free < plan.neededBytes) throw new NoRoomToMigrate(free, plan.neededBytes);
    mkdirSync(backupFolder(dataDir), { recursive: true, mode: PRIVATE_DIRECTORY });
    const file = join(backupFolder(dataDir), `${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "")}-schema-${plan.from}.tgz`);
    await backUp({ dataDir: dataDir.path, file, version, now });
    log.info({ file, from: plan.from, to: plan.to }, "the data was backed up; its schema is brought up to date");
    for (const old of backupsOf(dataDir).slice(0, -KEPT_BACKUPS)) rmSync(old);
  }
  migrate(database, migrations);
}

/** What an upgrade of a data directory would do. */
export interface UpgradePlan {
  readonly from: number;
  readonly to: number;
  readonly steps: readonly Migration[];
  /** Of the database, with its log. */
  readonly databaseBytes: number;
  readonly neededBytes: number;
  readonly estimatedMs: number;
}

/** Only reads. Throws NotFound, StoreTooNew. */
export function planUpgrade(path: string): UpgradePlan {
  const dataDir = new DataDir(path);
  if (!existsSync(dataDir.database)) throw new NotFound(`the database ${dataDir.database}`);
  using database = openReader(dataDir.database);
  refuseUnknown(database);
  return planOf(dataDir, database, MIGRATIONS);
}

function planOf(dataDir: DataDir, database: DatabaseSync, migrations: readonly Migration[]): UpgradePlan {
  const from = schemaVersion(database);
  const steps = migrations.filter(({ version }) => version > from);
  const databaseBytes = sizeOf(dataDir.database) + sizeOf(dataDir.wal);
  const neededBytes = steps.length === 0 ? 0 : Math.ceil(ROOM_FACTOR * databaseBytes);
  const estimatedMs = steps.length === 0 ? 0 : Math.ceil(databaseBytes / BYTES_A_MS) + STEP_MS * steps.length;
  return { from, to: steps.at(-1)?.version ?? from, steps, databaseBytes, neededBytes, estimatedMs };
}

/** Backups that upgrades made, oldest first: their names begin with the time. */
function backupsOf(dataDir: DataDir): readonly string[] {
  const folder = backupFolder(dataDir);
  return readdirSync(folder)
    .filter((name) => /-schema-\d+\.tgz$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function backupFolder(dataDir: DataDir): string {
  return join(dataDir.path, "backups");
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function freeBytesAt(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
