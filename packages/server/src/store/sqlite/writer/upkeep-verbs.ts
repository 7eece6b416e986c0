import type { DatabaseSync, StatementSync } from "node:sqlite";
import { number, numberOrNull, type Row, text } from "#store/sql/rows";
import { pragma } from "#store/sqlite/pragmas";
import { type LeftSegments, runDeletion } from "#store/sqlite/writer/delete-run";

// Deleting is done in slices, each an operation like any other: what else waits is written between two of them, or together with one.

/** Time that a slice takes of the thread; its commit, which waits for the disk, is as long again. */
const SLICE_MS = 20;

/** A slice changes no more than this: the commit writes all of it. */
const MAX_RUNS = 500;
const MAX_PAGES = 256;

/** Rows that are looked at between two looks at the clock. */
const ROWS_A_LOOK = 32;
const PAGES_A_LOOK = 32;

/** Free pages that stay: what comes next fills them anyway, and giving them back first would be work for nothing. */
const SPARE_SHARE = 0.1;
const SPARE_PAGES = 512;

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

export function upkeepVerbs(database: DatabaseSync) {
  const pruner = new Pruner(database);
  const dropSegment = database.prepare("DELETE FROM journal WHERE position = ?");
  return {
    /** Runs that ended before, and whose id is below `idBefore`. */
    prune: (place: PrunePlace, endedBefore: number, idBefore: string): PruneSlice => pruner.slice(place, endedBefore, idBefore),

    /** Segments whose run is gone. */
    dropSegments(positions: readonly number[]): void {
      for (const position of positions) dropSegment.run(position);
    },

    /** Gives free pages back to the file system; true: there are more. */
    shrink(): boolean {
      const end = performance.now() + SLICE_MS;
      for (let pages = 0; pages < MAX_PAGES && performance.now() < end; pages += PAGES_A_LOOK) {
        if (!hasTooManyFree(database)) return false;
        database.exec(`PRAGMA incremental_vacuum(${PAGES_A_LOOK})`);
      }
      return hasTooManyFree(database);
    },
  };
}

function hasTooManyFree(database: DatabaseSync): boolean {
  const spare = Math.max(SPARE_PAGES, SPARE_SHARE * Number(pragma(database, "page_count")));
  return Number(pragma(database, "freelist_count")) > spare;
}

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

class Pruner {
  readonly #deletion: ReturnType<typeof runDeletion>;
  readonly #nextTenant: StatementSync;
  readonly #runs: StatementSync;

  constructor(database: DatabaseSync) {
    this.#deletion = runDeletion(database);
    this.#nextTenant = database.prepare("SELECT min(tenant_id) AS tenant_id FROM runs WHERE tenant_id > ?");
    this.#runs = database.prepare(
      `SELECT id, ended_at, last_segment FROM runs WHERE tenant_id = ? AND id > ? AND id < ? ORDER BY id LIMIT ${ROWS_A_LOOK}`,
    );
  }

  slice(from: PrunePlace, endedBefore: number, idBefore: string): PruneSlice {
    const slice: Slice = { endedBefore, idBefore, end: performance.now() + SLICE_MS, values: new Set(), runs: 0 };
    let place: PrunePlace | null = from;
    do place = this.#step(slice, place);
    while (place !== null && !isOver(slice));
    return { runs: slice.runs, values: [...slice.values], next: place };
  }

  #step(slice: Slice, place: PrunePlace): PrunePlace | null {
    if (place.left) return { ...place, left: this.#segments(slice, place.left) };
    const rows = this.#runs.all(place.tenantId, place.runId, slice.idBefore);
    return rows.length === 0 ? this.#nextPlace(place.tenantId) : this.#rows(slice, place.tenantId, rows);
  }

  #rows(slice: Slice, tenantId: string, rows: readonly Row[]): PrunePlace {
    let place: PrunePlace = { tenantId, runId: "", left: null };
    for (const row of rows) {
      const left = isEnded(row, slice.endedBefore) ? this.#delete(slice, tenantId, row) : null;
      place = { tenantId, runId: text(row, "id"), left };
      if (left !== null || isOver(slice)) break;
    }
    return place;
  }

  /** The run at once, and of its journal what there is time for. */
  #delete(slice: Slice, tenantId: string, row: Row): LeftSegments | null {
    const runId = text(row, "id");
    this.#deletion.deleteRow(tenantId, runId);
    slice.runs += 1;
    return this.#segments(slice, { tenantId, runId, position: number(row, "last_segment") });
  }

  #segments({ values, end }: Slice, from: LeftSegments): LeftSegments | null {
    let left: LeftSegments | null = from;
    do left = this.#deletion.deleteSegment(left, values);
    while (left !== null && performance.now() < end);
    return left;
  }

  #nextPlace(tenantId: string): PrunePlace | null {
    const next = this.#nextTenant.get(tenantId)?.["tenant_id"];
    return typeof next === "string" ? { tenantId: next, runId: "", left: null } : null;
  }
}

function isEnded(row: Row, before: number): boolean {
  const endedAt = numberOrNull(row, "ended_at");
  return endedAt !== null && endedAt < before;
}
