import { hash } from "node:crypto";
import { access, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { failpoint } from "#failpoint";
import { StoreFailed, StoreFull } from "#store/errors";
import { type Blob, utf8Chunks } from "#store/journal/content";
import type { BlobRef } from "#store/journal/segment";
import { hasCode, syncDirectory } from "#store/sqlite/files";

/** Blobs known to be on the disk; the oldest are looked up again. About 100 bytes each. */
const REMEMBERED_BLOBS = 10_000;

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** A blob is not there, or is not what was written. */
export class BlobDamaged extends Error {
  constructor(sha256: string, reason: string) {
    super(`the value ${sha256} ${reason}`);
    this.name = "BlobDamaged";
  }
}

/** Large values as files: blobs/ab/ab12…, named by the SHA-256 of the content and never changed. */
export class BlobFiles {
  readonly #directory: string;
  /** On the disk, their directories included. */
  readonly #durable = new Set<string>();
  /** Folders whose entry in the directory is durable. */
  readonly #folders = new Set<string>();
  readonly #writing = new Map<string, Promise<void>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Resolves when the content is durable under its name: only then may a row refer to it. */
  keep(blob: Blob): Promise<void> {
    if (this.#durable.has(blob.sha256)) return Promise.resolve();
    const before = this.#writing.get(blob.sha256);
    if (before !== undefined) return before;
    const writing = this.#write(blob).finally(() => this.#writing.delete(blob.sha256));
    this.#writing.set(blob.sha256, writing);
    return writing;
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
      // Also for a file that was there: its writer may have died before this.
      await syncDirectory(this.#folder(blob));
    } catch (error) {
      if (hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT")) throw new StoreFull();
      throw hasCode(error, "EIO") ? new StoreFailed(error) : error;
    }
    this.#remember(blob.sha256);
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
    this.#durable.add(sha256);
    const [oldest] = this.#durable;
    if (this.#durable.size > REMEMBERED_BLOBS && oldest !== undefined) this.#durable.delete(oldest);
  }

  #folder({ sha256 }: BlobRef): string {
    return join(this.#directory, sha256.slice(0, 2));
  }

  #path(ref: BlobRef): string {
    return join(this.#folder(ref), ref.sha256);
  }
}

async function writeDurably(path: string, content: string): Promise<void> {
  await using file = await open(path, "w", PRIVATE_FILE);
  for (const chunk of utf8Chunks(content)) await file.writeFile(chunk);
  await file.sync();
}
