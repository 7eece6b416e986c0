import type { Steps } from "#store/sql/steps";

/**
 * Hands out the places of segments: one after the other over all runs, so that appending fills one page after the other. A place is used
 * once: one whose transaction is rolled back stays empty.
 */
export interface SegmentPlaces {
  /** One behind `after`: each segment of a run lies behind those before it. */
  next(after: number): Steps<number>;
}
