import { hash } from "node:crypto";
import { JournalCorrupt } from "#store/errors";
import { SEGMENT_FORMAT } from "#store/journal/segment";

/** A stored segment. Each is chained to the one before it, so that none can be changed, swapped, moved or left out unnoticed. */
export interface SegmentRow {
  /** Number of its first entry. */
  readonly seq: number;
  /** Entries in it. */
  readonly count: number;
  readonly format: number;
  /** Length of the text as UTF-8. */
  readonly bytes: number;
  readonly hash: string;
  readonly text: string;
}

/** What the first segment of a run is chained to. */
export const CHAIN_START = "";

/** 16 of the 32 bytes of SHA-256, as hex: enough against every accident, and half the room. */
const HASH_CHARACTERS = 32;

/** SHA-256 over the previous hash, the run, the position and the text. Stored text has no lone surrogates, so its UTF-8 is all of it. */
export function segmentHash(previous: string, runId: string, segment: Omit<SegmentRow, "hash" | "bytes">): string {
  const { seq, count, format, text } = segment;
  return hash("sha256", `${previous}\n${runId}\n${seq}\n${count}\n${format}\n${text}`, "hex").slice(0, HASH_CHARACTERS);
}

/** The row of a segment that follows the one with the hash `previous`. */
export function sealSegment(previous: string, runId: string, seq: number, count: number, text: string): SegmentRow {
  const segment = { seq, count, format: SEGMENT_FORMAT, text };
  return { ...segment, bytes: Buffer.byteLength(text), hash: segmentHash(previous, runId, segment) };
}

/** Throws JournalCorrupt unless the row is what was written after `previous`. */
export function verifySegment(previous: string, runId: string, row: SegmentRow): void {
  const at = `the segment at entry ${row.seq}`;
  if (Buffer.byteLength(row.text) !== row.bytes) throw new JournalCorrupt(runId, `${at} has not the length that was written`);
  if (segmentHash(previous, runId, row) !== row.hash) throw new JournalCorrupt(runId, `${at} has not the content that was written`);
  if (row.format !== SEGMENT_FORMAT) throw new JournalCorrupt(runId, `${at} has format ${row.format}, which this build does not know`);
}
