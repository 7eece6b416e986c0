import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SegmentDocument } from "#store/journal/segment";
import { number, type Row, textOrNull } from "#store/sql/rows";
import { reading } from "#store/sqlite/failure";

/** Rows of the log that are looked at in one go: 10 ms where every one of them is as large as it may be. */
const ROWS_A_SLICE = 256;

/** A stretch of the log, and the hashes of the large values that it refers to, in the order of writing. */
export interface ReferenceSlice {
  readonly after: number;
  readonly last: number;
  readonly hashes: readonly string[];
}

/** Which large values the journals refer to. This is the one place that knows: a table that refers to others is to be read here too. */
export class BlobReferences {
  readonly #slice: StatementSync;

  constructor(database: DatabaseSync) {
    // A user's text cannot hold these characters unescaped, so few segments are parsed for nothing, and none is missed.
    this.#slice = database.prepare(
      `SELECT position, CASE WHEN instr(text, ',"blobs":[[') > 0 THEN text END AS text FROM journal WHERE position > ? ORDER BY position LIMIT ${ROWS_A_SLICE}`,
    );
  }

  *slices(): Generator<ReferenceSlice> {
    for (let after = 0; ; ) {
      const rows = reading(() => this.#slice.all(after));
      const end = rows.at(-1);
      if (end === undefined) return;
      const last = number(end, "position");
      yield { after, last, hashes: rows.flatMap(hashesOfRow) };
      after = last;
    }
  }
}

function hashesOfRow(row: Row): readonly string[] {
  const text = textOrNull(row, "text");
  return text === null ? [] : blobHashes(text);
}

/** The large values that a segment refers to. */
export function blobHashes(text: string): readonly string[] {
  const { blobs = [] } = JSON.parse(text) as SegmentDocument;
  return blobs.map(([, sha256]) => sha256);
}
