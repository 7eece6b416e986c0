import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { failpoint } from "#failpoint";
import { hasCode, syncDirectory } from "#files";
import { BackupDamaged, NotFound } from "#store/errors";
import { blobReferences } from "#store/sql/blob-references";
import { verifyArchive, writeArchive } from "#store/sqlite/backup/archive";
import { type ArchivedFile, blobName, DATABASE_NAME, type Manifest } from "#store/sqlite/backup/manifest";
import { snapshot } from "#store/sqlite/backup/snapshot";
import { openReader } from "#store/sqlite/connections";
import { DataDir } from "#store/sqlite/data-dir";
import { finisher } from "#store/sqlite/finish";

export interface BackUpOptions {
  readonly dataDir: string;
  /** The archive; one that is there is replaced as a whole, and only by one that was verified. */
  readonly file: string;
  /** Of this program. */
  readonly version: string;
  readonly now: number;
  /** Told how much of it is done, 0 to 1. */
  readonly progress?: (share: number) => void;
}

const PRIVATE_DIRECTORY = 0o700;

/** What is done once the database is copied, its values are read, and the archive is written: as a small store takes time. */
const COPIED = 0.4;
const READ = 0.6;
const WRITTEN = 0.8;

/**
 * Writes one archive of everything in the data directory but the secret key: the database as it is at one moment, and every large value
 * that it refers to. Works beside a server that runs and writes. Rejects with NotFound, StoreCorrupt, BackupDamaged.
 */
export async function backUp({ dataDir, file, version, now, progress = () => undefined }: BackUpOptions): Promise<Manifest> {
  const data = new DataDir(dataDir);
  if (!existsSync(data.database)) throw new NotFound(`the database ${data.database}`);
  const target = resolve(file);
  // Beside the target, so that the last step is a rename. What a killed backup left there is in nobody's way.
  const workshop = join(dirname(target), `.${basename(target)}.partial`);
  await rm(workshop, { recursive: true, force: true });
  await mkdir(workshop, { mode: PRIVATE_DIRECTORY });
  try {
    const copy = join(workshop, DATABASE_NAME);
    const { schema, rows } = await snapshot(data.database, copy, (share) => progress(COPIED * share));
    const files = [await described(copy, DATABASE_NAME), ...(await referencedBlobs(copy, data.path))];
    progress(READ);
    const manifest: Manifest = { format: "millrace-backup/1", version, createdAt: now, schema, rows, files };
    const archive = join(workshop, "archive");
    await writeArchive(archive, manifest, ({ name }) => createReadStream(name === DATABASE_NAME ? copy : join(data.path, name)));
    progress(WRITTEN);
    await makeDurable(archive);
    await verifyArchive(archive);
    failpoint("backup.beforeRename");
    await rename(archive, target);
    await syncDirectory(dirname(target));
    return manifest;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/** The large values that the copied database refers to, first referenced first, each checked against its name. */
async function referencedBlobs(copy: string, dataDir: string): Promise<ArchivedFile[]> {
  using database = openReader(copy);
  const hashes = new Set<string>();
  const finish = finisher(database);
  for (let slice = finish(blobReferences(0)); slice; slice = finish(blobReferences(slice.last)))
    for (const hash of slice.hashes) hashes.add(hash);
  const files: ArchivedFile[] = [];
  for (const hash of hashes) {
    const file = await described(join(dataDir, blobName(hash)), blobName(hash));
    if (file.sha256 !== hash) throw new BackupDamaged(dataDir, `the value ${hash} has not the content that was written`);
    files.push(file);
  }
  return files;
}

async function described(path: string, name: string): Promise<ArchivedFile> {
  try {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return { name, bytes: (await stat(path)).size, sha256: hash.digest("hex") };
  } catch (error) {
    throw hasCode(error, "ENOENT") ? new BackupDamaged(path, "the database refers to it, and it is missing") : error;
  }
}

async function makeDurable(path: string): Promise<void> {
  await using file = await open(path, "r");
  await file.sync();
}
