import { deleteRun, deleteSegment, type LeftSegments } from "#store/sql/delete-run";
import { number, numberOrNull, type Row, text } from "#store/sql/rows";
import { all, one, run, type Steps } from "#store/sql/steps";

// Deleting is done in slices, each an operation like any other: what else waits is written between two of them, or together with one.

/** Time that a slice takes of the database; its commit, which waits for the disk, is as long again. */
const SLICE_MS = 20;

/** A slice changes no more than this: the commit writes all of it. */
const MAX_RUNS = 500;

/** Rows that are looked at between two looks at the clock. */
const ROWS_A_LOOK = 32;

/** How far the deleting has come. Runs are taken tenant by tenant, oldest first. */
export interface PrunePlace {
  readonly tenantId: string;
  /** All up to this one were looked at. */
  readonly runId: string;
  readonly left: LeftSegments | null;
}

export interface PruneSlice {
  readonly runs: number;
  /** Large values that the deleted runs referred to. */
  readonly values: readonly string[];
  /** null: nothing is left to delete. */
  readonly next: PrunePlace | null;
}

export const upkeepVerbs = {
  /** Runs that ended before, and whose id is below `idBefore`. */
  *prune(from: PrunePlace, endedBefore: number, idBefore: string): Steps<PruneSlice> {
    const slice: Slice = { endedBefore, idBefore, end: performance.now() + SLICE_MS, values: new Set(), runs: 0 };
    let place: PrunePlace | null = from;
    do place = yield* step(slice, place);
    while (place !== null && !isOver(slice));
    return { runs: slice.runs, values: [...slice.values], next: place };
  },

  /** Segments whose run is gone. */
  *dropSegments(positions: readonly number[]): Steps<void> {
    for (const position of positions) yield* run("DELETE FROM journal WHERE position = ?", position);
  },
};

/** One slice, under way. */
interface Slice {
  readonly endedBefore: number;
  readonly idBefore: string;
  /** By the monotonic clock. */
  readonly end: number;
  readonly values: Set<string>;
  runs: number;
}

function isOver({ runs, end }: Slice): boolean {
  return runs >= MAX_RUNS || performance.now() >= end;
}

const NEXT_TENANT = "SELECT min(tenant_id) AS tenant_id FROM runs WHERE tenant_id > ?";
const RUNS = `
  SELECT id, ended_at, last_segment FROM runs WHERE tenant_id = ? AND id > ? AND id < ? ORDER BY id LIMIT ${ROWS_A_LOOK}`;

function* step(slice: Slice, place: PrunePlace): Steps<PrunePlace | null> {
  if (place.left) return { ...place, left: yield* deleteSegments(slice, place.left) };
  const rows = yield* all(RUNS, place.tenantId, place.runId, slice.idBefore);
  return rows.length === 0 ? yield* nextPlace(place.tenantId) : yield* deleteEnded(slice, place.tenantId, rows);
}

function* deleteEnded(slice: Slice, tenantId: string, rows: readonly Row[]): Steps<PrunePlace> {
  let place: PrunePlace = { tenantId, runId: "", left: null };
  for (const row of rows) {
    const left = isEnded(row, slice.endedBefore) ? yield* deleteOne(slice, tenantId, row) : null;
    place = { tenantId, runId: text(row, "id"), left };
    if (left !== null || isOver(slice)) break;
  }
  return place;
}

/** The run at once, and of its journal what there is time for. */
function* deleteOne(slice: Slice, tenantId: string, row: Row): Steps<LeftSegments | null> {
  const runId = text(row, "id");
  yield* deleteRun(tenantId, runId);
  slice.runs += 1;
  return yield* deleteSegments(slice, { tenantId, runId, position: number(row, "last_segment") });
}

function* deleteSegments({ values, end }: Slice, from: LeftSegments): Steps<LeftSegments | null> {
  let left: LeftSegments | null = from;
  do left = yield* deleteSegment(left, values);
  while (left !== null && performance.now() < end);
  return left;
}

function* nextPlace(tenantId: string): Steps<PrunePlace | null> {
  const next = (yield* one(NEXT_TENANT, tenantId))?.["tenant_id"];
  return typeof next === "string" ? { tenantId: next, runId: "", left: null } : null;
}

function isEnded(row: Row, before: number): boolean {
  const endedAt = numberOrNull(row, "ended_at");
  return endedAt !== null && endedAt < before;
}
