import type { Steps } from "#store/sql/steps";

/** Of the journal, in the order in which segments are written. */
export const SEGMENT_COLUMNS = "position, tenant_id, run_id, seq, count, previous, format, bytes, hash, text";

/** Of the journal, as a segment is read. */
export const READ_COLUMNS = "seq, count, previous, format, bytes, hash, text";

/** Of the columns of a run's last segment, where they are beside those of its row. */
export const LAST_PREFIX = "last_";

/** Where a segment was put, and its hash: what the next one follows. */
export type Placed = readonly [position: number, hash: string];

/**
 * Hands out the places of segments: one after the other over all runs, so that appending fills one page after the other. A place is used
 * once: one whose transaction is rolled back stays empty.
 */
export interface SegmentPlaces {
  /** One behind `after`: each segment of a run lies behind those before it. */
  next(after: number): Steps<number>;
}
