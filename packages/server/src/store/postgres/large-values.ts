import { hash } from "node:crypto";
import type { Pool } from "pg";
import type { Clock } from "#clock";
import type { Blob } from "#store/journal/content";
import type { BlobRef } from "#store/journal/segment";
import { storeError } from "#store/postgres/failure";
import { runSteps } from "#store/postgres/run-steps";
import { BlobDamaged, type Blobs } from "#store/sql/blobs";
import { text } from "#store/sql/rows";
import { all, one, run, type Steps } from "#store/sql/steps";
import type { Pause } from "#store/upkeep";

/** Values known to be there; the oldest are looked up again. About 100 bytes each. */
const REMEMBERED_VALUES = 10_000;

/** So long a row may say that its value was needed earlier than it was: well below the time that one stays which nobody needs. */
const TOUCHED_MS = 60 * 60 * 1_000;

/** Names that one look for unused values takes. */
const NAMES_A_LOOK = 500;

const KEEP = `
  INSERT INTO large_values (sha256, content, needed_at) VALUES (?, ?, ?)
  ON CONFLICT (sha256) DO UPDATE SET needed_at = greatest(large_values.needed_at, excluded.needed_at)`;
const READ = "SELECT content FROM large_values WHERE sha256 = ?";
const TOUCH = "UPDATE large_values SET needed_at = ? WHERE sha256 = ? AND needed_at < ?";
const NOT_NAMED = "NOT EXISTS (SELECT FROM run_values WHERE run_values.sha256 = large_values.sha256)";
const UNUSED = `SELECT sha256 FROM large_values WHERE needed_at < ? AND sha256 > ? AND ${NOT_NAMED} ORDER BY sha256 LIMIT ?`;
const REMOVE = `DELETE FROM large_values WHERE sha256 = ? AND needed_at < ? AND ${NOT_NAMED}`;
// Those of runs that have ended: from now on their time without a reference is counted.
const RELEASE = `
  WITH ended AS (
    DELETE FROM run_values
    WHERE NOT EXISTS (SELECT FROM runs WHERE runs.tenant_id = run_values.tenant_id AND runs.id = run_values.run_id AND ended_at IS NULL)
    RETURNING sha256
  )
  UPDATE large_values SET needed_at = greatest(needed_at, ?) WHERE sha256 IN (SELECT sha256 FROM ended)`;

/** Large values as rows: every process reaches them. */
export class LargeValueTable implements Blobs {
  readonly #pool: Pool;
  readonly #clock: Pick<Clock, "now">;
  /** In the database, with the time at which their rows say so. */
  readonly #durable = new Map<string, number>();
  readonly #keeping = new Map<string, Promise<void>>();

  constructor(pool: Pool, clock: Pick<Clock, "now">) {
    this.#pool = pool;
    this.#clock = clock;
  }

  keep(blob: Blob): Promise<void> {
    const touchedAt = this.#durable.get(blob.sha256);
    if (touchedAt !== undefined && this.#clock.now() - touchedAt < TOUCHED_MS) return Promise.resolve();
    const keeping = this.#keeping.get(blob.sha256) ?? this.#keep(blob).finally(() => this.#keeping.delete(blob.sha256));
    this.#keeping.set(blob.sha256, keeping);
    return keeping;
  }

  async #keep({ sha256, content }: Blob): Promise<void> {
    const now = this.#clock.now();
    await this.#run(run(KEEP, sha256, Buffer.from(content), now));
    this.#durable.delete(sha256);
    this.#durable.set(sha256, now);
    const [oldest] = this.#durable.keys();
    if (this.#durable.size > REMEMBERED_VALUES && oldest !== undefined) this.#durable.delete(oldest);
  }

  async read(ref: BlobRef): Promise<string> {
    const content = (await this.#run(one(READ, ref.sha256)))?.["content"];
    if (!(content instanceof Uint8Array)) throw new BlobDamaged(ref.sha256, "is missing");
    if (hash("sha256", content, "hex") !== ref.sha256) throw new BlobDamaged(ref.sha256, "has not the content that was written");
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("utf8");
  }

  async touch(hashes: readonly string[]): Promise<void> {
    const now = this.#clock.now();
    for (const sha256 of hashes) await this.#run(run(TOUCH, now, sha256, now));
  }

  async removeUnused(referenced: ReadonlySet<string>, unusedBefore: number, pause: Pause): Promise<number> {
    let removed = 0;
    await this.#run(run(RELEASE, this.#clock.now()));
    for (let after = ""; ; ) {
      const names = (await this.#run(all(UNUSED, unusedBefore, after, NAMES_A_LOOK))).map((row) => text(row, "sha256"));
      for (const sha256 of names.filter((one) => !referenced.has(one))) {
        this.#durable.delete(sha256);
        // One that somebody needs meanwhile says so, and stays.
        removed += await this.#run(run(REMOVE, sha256, unusedBefore));
      }
      const last = names.at(-1);
      if (last === undefined || names.length < NAMES_A_LOOK || !(await pause())) return removed;
      after = last;
    }
  }

  /** Each statement is a transaction of its own. */
  async #run<T>(steps: Steps<T>): Promise<T> {
    try {
      return await runSteps(this.#pool, steps);
    } catch (error) {
      throw storeError(error);
    }
  }
}
