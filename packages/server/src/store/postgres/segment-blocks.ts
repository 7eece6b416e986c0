import { number } from "#store/sql/rows";
import type { SegmentPlaces } from "#store/sql/segment-places";
import { one } from "#store/sql/steps";

/** Of the sequence: a process asks for places once in so many segments. */
const BLOCK_PLACES = 1_000;

/** Places of one process. A block that was begun before the last segment of a run that another process wrote is left. */
export function segmentBlocks(): SegmentPlaces {
  let place = 0;
  let end = 0;
  return {
    *next(after) {
      if (place >= end || place <= after) {
        place = number((yield* one("SELECT nextval('journal_places') AS place")) ?? {}, "place");
        end = place + BLOCK_PLACES;
      }
      const next = place;
      place += 1;
      return next;
    },
  };
}
