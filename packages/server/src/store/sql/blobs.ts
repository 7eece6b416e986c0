import type { Blob } from "#store/journal/content";
import type { BlobRef } from "#store/journal/segment";
import type { Pause } from "#store/upkeep";

/** A blob is not there, or is not what was written. */
export class BlobDamaged extends Error {
  constructor(sha256: string, reason: string) {
    super(`the value ${sha256} ${reason}`);
    this.name = "BlobDamaged";
  }
}

/** Large values, each stored once under the SHA-256 of its content and never changed. */
export interface Blobs {
  /** Resolves when the content is durable under its name: only then may a row refer to it. */
  keep(blob: Blob): Promise<void>;
  /** The content, verified; rejects with BlobDamaged. */
  read(ref: BlobRef): Promise<string>;
  /** Notes that these were needed until now. */
  touch(hashes: readonly string[]): Promise<void>;
  /** Removes those that nobody needed since, and that nothing refers to; resolves with their number. */
  removeUnused(referenced: ReadonlySet<string>, unusedBefore: number, pause: Pause): Promise<number>;
}
