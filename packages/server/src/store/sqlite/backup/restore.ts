import { createWriteStream, existsSync } from "node:fs";
import { link, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { failpoint } from "#failpoint";
import { syncDirectory } from "#files";
import { BackupDamaged, StoreTooNew, TargetNotEmpty } from "#store/errors";
import { type FileSink, readArchive, verifyArchive } from "#store/sqlite/backup/archive";
import { blobName, DATABASE_NAME, type Manifest } from "#store/sqlite/backup/manifest";
import { checkCopy } from "#store/sqlite/backup/snapshot";
import { DataDir } from "#store/sqlite/data-dir";
import { lockDataDir } from "#store/sqlite/lock";
import { MIGRATIONS } from "#store/sqlite/migrations";

export interface RestoreOptions {
  readonly file: string;
  /** The data directory to be; made where it is missing. */
  readonly target: string;
  /** May a target that holds something be restored into? What it held of a database is kept aside. */
  readonly overwrite: boolean;
  readonly now: number;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Where the database that was there before lies now, or null. */
  readonly aside: string | null;
}

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/**
 * Puts a backup into a data directory that no server uses. Nothing is written before every checksum of the archive is verified, and the
 * database takes its place last. Rejects with BackupDamaged, StoreTooNew, TargetNotEmpty, DataDirInUse, StoreCorrupt.
 */
export async function restore({ file, target, overwrite, now }: RestoreOptions): Promise<Restored> {
  const { schema } = await verifyArchive(file);
  const known = MIGRATIONS.at(-1)?.version ?? 0;
  if (schema > known) throw new StoreTooNew(schema, known);
  if (!overwrite && existsSync(target) && (await readdir(target)).length > 0) throw new TargetNotEmpty(target);
  const dataDir = new DataDir(target);
  dataDir.prepare();
  const lock = lockDataDir(dataDir);
  const staging = join(dataDir.path, ".restore");
  try {
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { mode: PRIVATE_DIRECTORY });
    // Read a second time, and verified again: the file may have changed since.
    const manifest = await readArchive(file, intoFolder(staging));
    if (checkCopy(join(staging, DATABASE_NAME), manifest.rows) !== manifest.schema)
      throw new BackupDamaged(file, "its database has not the schema that its manifest says");
    return { manifest, aside: await takePlace(dataDir, staging, manifest, now) };
  } finally {
    await rm(staging, { recursive: true, force: true });
    lock.release();
  }
}

/** Every name is one of ours: the manifest was checked to have no other. */
function intoFolder(folder: string): FileSink {
  return async ({ name }, content) => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
    await pipeline(Readable.from(content), createWriteStream(path, { mode: PRIVATE_FILE, flush: true }));
  };
}

/** Large values are named by their content, so they harm nobody where they lie early; the database goes last. */
async function takePlace(dataDir: DataDir, staging: string, { files }: Manifest, now: number): Promise<string | null> {
  const folders = new Set<string>();
  for (const { sha256, name } of files) {
    if (name === DATABASE_NAME) continue;
    const path = join(dataDir.path, blobName(sha256));
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
    await rename(join(staging, name), path);
    folders.add(dirname(path));
  }
  for (const folder of [...folders, dataDir.blobs]) await syncDirectory(folder);
  const aside = existsSync(dataDir.database) ? await setAside(dataDir, now) : null;
  failpoint("restore.beforeRename");
  await rename(join(staging, DATABASE_NAME), dataDir.database);
  dataDir.markStopped();
  return aside;
}

/**
 * Keeps the database that is replaced, under a second name, until the new one takes the first. Its log has to go before: it would be
 * read into the new one.
 */
async function setAside(dataDir: DataDir, now: number): Promise<string> {
  const aside = join(dataDir.path, `replaced-${now}`);
  await mkdir(aside, { mode: PRIVATE_DIRECTORY });
  await link(dataDir.database, join(aside, DATABASE_NAME));
  for (const suffix of ["-wal", "-shm"]) {
    if (existsSync(dataDir.database + suffix)) await rename(dataDir.database + suffix, join(aside, DATABASE_NAME + suffix));
  }
  await syncDirectory(aside);
  await syncDirectory(dataDir.path);
  return aside;
}
