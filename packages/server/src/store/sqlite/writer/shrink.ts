import type { DatabaseSync } from "node:sqlite";
import { pragma } from "#store/sqlite/pragmas";

/** Time that a slice takes of the thread; its commit, which waits for the disk, is as long again. */
const SLICE_MS = 20;

/** A slice gives back no more than this: the commit writes all of it. */
const MAX_PAGES = 256;

/** Pages that are given back between two looks at the clock. */
const PAGES_A_LOOK = 32;

/** Free pages that stay: what comes next fills them anyway, and giving them back first would be work for nothing. */
const SPARE_SHARE = 0.1;
const SPARE_PAGES = 512;

/** Gives free pages back to the file system; true: there are more. */
export function shrink(database: DatabaseSync): boolean {
  const end = performance.now() + SLICE_MS;
  for (let pages = 0; pages < MAX_PAGES && performance.now() < end; pages += PAGES_A_LOOK) {
    if (!hasTooManyFree(database)) return false;
    database.exec(`PRAGMA incremental_vacuum(${PAGES_A_LOOK})`);
  }
  return hasTooManyFree(database);
}

function hasTooManyFree(database: DatabaseSync): boolean {
  const spare = Math.max(SPARE_PAGES, SPARE_SHARE * Number(pragma(database, "page_count")));
  return Number(pragma(database, "freelist_count")) > spare;
}
