import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SegmentDocument } from "#store/journal/segment";
import { number, type Row, textOrNull } from "#store/sqlite/rows";

/** Rows of the log that are looked at in one go: 10 ms where every one of them is as large as it may be. */
const ROWS_A_SLICE = 256;

/** Which large values the journals refer to. This is the one place that knows: a table that refers to others is to be read here too. */
export class BlobReferences {
  readonly #slice: StatementSync;

  constructor(database: DatabaseSync) {
    // A user's text cannot hold these characters unescaped, so few segments are parsed for nothing, and none is missed.
    this.#slice = database.prepare(
      `SELECT position, CASE WHEN instr(text, ',"blobs":[[') > 0 THEN text END AS text FROM journal WHERE position > ? ORDER BY position LIMIT ${ROWS_A_SLICE}`,
    );
  }

  /** Each slice of the log as the hashes of the values that it refers to, in the order of writing. */
  *slices(): Generator<readonly string[]> {
    for (let after = 0; ; ) {
      const rows = this.#slice.all(after);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = number(last, "position");
      yield rows.flatMap(hashesOf);
    }
  }
}

function hashesOf(row: Row): string[] {
  const text = textOrNull(row, "text");
  if (text === null) return [];
  const { blobs = [] } = JSON.parse(text) as SegmentDocument;
  return blobs.map(([, sha256]) => sha256);
}
