import type { DatabaseSync } from "node:sqlite";
import { number, type Row } from "#store/sql/rows";
import type { SegmentPlaces } from "#store/sql/segment-places";

/** Counts from the last place of the log on: nobody else writes. */
export function segmentLog(database: DatabaseSync): SegmentPlaces {
  const row: Row | undefined = database.prepare("SELECT coalesce(max(position), 0) AS last FROM journal").get();
  let last = row ? number(row, "last") : 0;
  return {
    // biome-ignore lint/correctness/useYield: other databases have to be asked.
    *next() {
      last += 1;
      return last;
    },
  };
}
