import { hash } from "node:crypto";
import { access, mkdir, open, readdir, readFile, rename, stat, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "#clock";
import { failpoint } from "#failpoint";
import { hasCode, syncDirectory } from "#files";
import { OutOfFiles, StoreFailed, StoreFull } from "#store/errors";
import { type Blob, utf8Chunks } from "#store/journal/content";
import type { BlobRef } from "#store/journal/segment";
import { BlobDamaged, type Blobs } from "#store/sql/blobs";
import { Turns } from "#store/sqlite/turns";
import type { Pause } from "#store/upkeep";

/** Blobs known to be on the disk; the oldest are looked up again. About 100 bytes each. */
const REMEMBERED_BLOBS = 10_000;

/** So long a file may say that it was needed earlier than it was: well below the time that one stays which nobody needs. */
const TOUCHED_MS = 60 * 60 * 1_000;

/** Of a file's name; a temporary one has more. */
const HASH_CHARACTERS = 64;

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** Large values as files: blobs/ab/ab12…, named by the SHA-256 of the content and never changed. */
export class BlobFiles implements Blobs {
  readonly #directory: string;
  readonly #clock: Pick<Clock, "now">;
  /** On the disk, their directories included, with the time at which their files say so. */
  readonly #durable = new Map<string, number>();
  /** Folders whose entry in the directory is durable. */
  readonly #folders = new Set<string>();
  readonly #keeping = new Map<string, Promise<void>>();
  /** What is about to be referred to is not removed meanwhile. */
  readonly #turns = new Turns();

  constructor(directory: string, clock: Pick<Clock, "now">) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Resolves when the content is durable under its name: only then may a row refer to it. */
  keep(blob: Blob): Promise<void> {
    const touchedAt = this.#durable.get(blob.sha256);
    if (touchedAt !== undefined && this.#clock.now() - touchedAt < TOUCHED_MS) return Promise.resolve();
    const before = this.#keeping.get(blob.sha256);
    if (before !== undefined) return before;
    const keeping = this.#turns.take(blob.sha256, () => this.#write(blob)).finally(() => this.#keeping.delete(blob.sha256));
    this.#keeping.set(blob.sha256, keeping);
    return keeping;
  }

  /** Notes that these were needed until now. */
  async touch(hashes: readonly string[]): Promise<void> {
    for (const sha256 of hashes) await this.#turns.take(sha256, () => this.#touch({ sha256 })).catch(unlessMissing);
  }

  /** Removes the files that nobody needed since, and that nothing refers to; resolves with their number. */
  async removeUnused(referenced: ReadonlySet<string>, unusedBefore: number, pause: Pause): Promise<number> {
    let removed = 0;
    for (const folder of await readdir(this.#directory)) {
      const names = await readdir(join(this.#directory, folder));
      for (const name of names.filter((one) => !referenced.has(one))) {
        const sha256 = name.slice(0, HASH_CHARACTERS);
        const path = join(this.#directory, folder, name);
        if (await this.#turns.take(sha256, () => this.#removeUnused(path, sha256, unusedBefore))) removed += 1;
      }
      if (!(await pause())) break;
    }
    return removed;
  }

  async #removeUnused(path: string, sha256: string, unusedBefore: number): Promise<boolean> {
    if ((await stat(path)).mtimeMs >= unusedBefore) return false;
    this.#durable.delete(sha256);
    await unlink(path);
    return true;
  }

  /** The content, verified; rejects with BlobDamaged. */
  async read(ref: BlobRef): Promise<string> {
    const content = await readFile(this.#path(ref)).catch((error: unknown) => {
      throw hasCode(error, "ENOENT") ? new BlobDamaged(ref.sha256, "is missing") : error;
    });
    if (hash("sha256", content, "hex") !== ref.sha256) throw new BlobDamaged(ref.sha256, "has not the content that was written");
    return content.toString("utf8");
  }

  async #write(blob: Blob): Promise<void> {
    try {
      if (!(await this.#isIntact(blob))) await this.#create(blob);
      await this.#touch(blob);
      // Also for a file that was there: its writer may have died before this.
      await syncDirectory(this.#folder(blob));
    } catch (error) {
      if (hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT")) throw new StoreFull();
      if (hasCode(error, "EMFILE") || hasCode(error, "ENFILE")) throw new OutOfFiles();
      throw hasCode(error, "EIO") ? new StoreFailed(error) : error;
    }
    this.#remember(blob.sha256);
  }

  async #touch(ref: Pick<BlobRef, "sha256">): Promise<void> {
    const now = this.#clock.now();
    await utimes(this.#path(ref), now / 1_000, now / 1_000);
  }

  /** A damaged file is written anew rather than referred to again. */
  async #isIntact(blob: Blob): Promise<boolean> {
    const isThere = await access(this.#path(blob)).then(
      () => true,
      () => false,
    );
    if (!isThere) return false;
    return this.read(blob).then(
      () => true,
      (error: unknown) => {
        if (error instanceof BlobDamaged) return false;
        throw error;
      },
    );
  }

  async #create(blob: Blob): Promise<void> {
    await this.#makeFolder(this.#folder(blob));
    // A leftover of a crash has the same name, and is written over. Within this process a hash has one writer at a time.
    const temporary = `${this.#path(blob)}.tmp`;
    await writeDurably(temporary, blob.content);
    failpoint("blob.afterWrite.beforeRename");
    await rename(temporary, this.#path(blob));
  }

  /** Synced also where it was there: its maker may have died before that. */
  async #makeFolder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: PRIVATE_DIRECTORY });
    await syncDirectory(this.#directory);
    this.#folders.add(folder);
  }

  #remember(sha256: string): void {
    this.#durable.delete(sha256);
    this.#durable.set(sha256, this.#clock.now());
    const [oldest] = this.#durable.keys();
    if (this.#durable.size > REMEMBERED_BLOBS && oldest !== undefined) this.#durable.delete(oldest);
  }

  #folder({ sha256 }: Pick<BlobRef, "sha256">): string {
    return join(this.#directory, sha256.slice(0, 2));
  }

  #path(ref: Pick<BlobRef, "sha256">): string {
    return join(this.#folder(ref), ref.sha256);
  }
}

/** What is gone already needs no time. */
function unlessMissing(error: unknown): void {
  if (!hasCode(error, "ENOENT")) throw error;
}

async function writeDurably(path: string, content: string): Promise<void> {
  await using file = await open(path, "w", PRIVATE_FILE);
  for (const chunk of utf8Chunks(content)) await file.writeFile(chunk);
  await file.sync();
}
