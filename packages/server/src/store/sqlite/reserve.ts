import { randomBytes } from "node:crypto";
import { existsSync, rmSync, statfsSync, statSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode, syncDirectory } from "#files";

const MIB = 1024 * 1024;

/** Room for deleting old runs, which has to be written down too. */
export const RESERVE_BYTES = 16 * MIB;

/** Of a disk with little room, no more than this share of what is free. */
const SHARE = 0.25;

const PRIVATE_FILE = 0o600;

/** A file that is there to be removed: the room that it frees is for finishing and deleting runs on a disk that is full. */
export class Reserve {
  readonly #path: string;
  /** What it has, had or is to have. */
  readonly #bytes: number;

  /** A disk with little room gets a smaller one, or none. */
  constructor(path: string) {
    this.#path = path;
    const share = Math.floor((freeBytes(dirname(path)) * SHARE) / MIB) * MIB;
    this.#bytes = existsSync(path) ? statSync(path).size : Math.min(RESERVE_BYTES, share);
  }

  /**
   * The write-ahead log should not grow beyond this: with what is given up, all of it has to find room in the database, so that its own
   * room is free again.
   */
  get logBytes(): number {
    return this.#bytes < RESERVE_BYTES ? Math.max(MIB, this.#bytes / 2) : RESERVE_BYTES;
  }

  /** Room that has to be free before it can be made again: as much as it takes is left to others. */
  get hasRoom(): boolean {
    return freeBytes(dirname(this.#path)) >= Math.max(MIB, 2 * this.#bytes);
  }

  /** Makes it where it is missing. False: there is no room for it. */
  async make(): Promise<boolean> {
    if (this.#bytes === 0 || existsSync(this.#path)) return true;
    try {
      await this.#write();
      return true;
    } catch (error) {
      if (hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT")) return false;
      throw error;
    }
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }

  /** Of random bytes, which no file system makes smaller. */
  async #write(): Promise<void> {
    const temporary = `${this.#path}.new`;
    const block = randomBytes(MIB);
    try {
      await using file = await open(temporary, "w", PRIVATE_FILE);
      for (let written = 0; written < this.#bytes; written += MIB) await file.write(block);
      await file.sync();
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    await rename(temporary, this.#path);
    await syncDirectory(dirname(this.#path));
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
