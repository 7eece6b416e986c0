import type { SegmentDocument } from "#store/journal/segment";
import { number, type Row, textOrNull } from "#store/sql/rows";
import { all, type Steps } from "#store/sql/steps";

/** Rows of the log that are looked at in one go: 10 ms where every one of them is as large as it may be. */
const ROWS_A_SLICE = 256;

// A user's text cannot hold these characters unescaped, so few segments are parsed for nothing, and none is missed.
const SLICE = `
  SELECT position, CASE WHEN text LIKE '%,"blobs":[[%' THEN text END AS text FROM journal WHERE position > ?
  ORDER BY position LIMIT ${ROWS_A_SLICE}`;

/** A stretch of the log, and the hashes of the large values that it refers to, in the order of writing. */
export interface ReferenceSlice {
  readonly after: number;
  readonly last: number;
  readonly hashes: readonly string[];
}

/**
 * Which large values the journals refer to, behind a place; null: nothing is there. This is the one place that knows: a table that refers to
 * others is to be read here too.
 */
export function* blobReferences(after: number): Steps<ReferenceSlice | null> {
  const rows = yield* all(SLICE, after);
  const end = rows.at(-1);
  return end === undefined ? null : { after, last: number(end, "position"), hashes: rows.flatMap(hashesOfRow) };
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
