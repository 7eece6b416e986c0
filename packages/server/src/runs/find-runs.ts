import { setImmediate } from "node:timers/promises";
import { contains, type RunCondition } from "#runs/run-condition";
import type { RunFilter } from "#store/run-filter";
import type { RunRow, RunStore } from "#store/store";

/** What is looked for beyond what the store has indexes of. */
export interface RunSearch {
  readonly version?: string | undefined;
  readonly keyId?: string | undefined;
  readonly errorType?: string | undefined;
  /** So many credits or more. */
  readonly creditsFrom?: number | undefined;
  /** More credits than this. */
  readonly creditsAbove?: number | undefined;
  /** Longer than this, in ms of execution. */
  readonly msAbove?: number | undefined;
  /** In its id, its input, its output or its error. */
  readonly text?: string | undefined;
  readonly where?: RunCondition | undefined;
}

export interface FoundRuns {
  readonly rows: readonly RunRow[];
  /** Id to go on before; null: there are no more. */
  readonly next: string | null;
}

/** Rows that one page looks at, and of these runs whose values are read; the next page goes on from there. */
const MAX_SCANNED = 20_000;
const MAX_READ = 1_000;

/** Rows between two turns of the event loop. */
const SLICE_ROWS = 500;

/** One page, newest first. It may have fewer rows than were asked for, even none, while there are more. */
export async function findRuns(runs: RunStore, tenantId: string, filter: RunFilter, search: RunSearch): Promise<FoundRuns> {
  const readsValues = search.text !== undefined || (search.where?.ofValues ?? null) !== null;
  const budget = readsValues ? MAX_READ : MAX_SCANNED;
  const rows: RunRow[] = [];
  let before = filter.before;
  for (let looked = 0; looked < budget; ) {
    const slice = await runs.list(tenantId, {
      ...filter,
      limit: Math.min(SLICE_ROWS, budget - looked),
      ...(before !== undefined && { before }),
    });
    for (const row of slice) {
      before = row.id;
      looked += 1;
      if (isFound(row, search) && (!readsValues || (await hasValues(runs, tenantId, row, search)))) rows.push(row);
      if (rows.length === filter.limit) return { rows, next: row.id };
    }
    if (slice.length === 0) return { rows, next: null };
    await setImmediate();
  }
  return { rows, next: before ?? null };
}

function isFound(row: RunRow, { version, keyId, errorType, creditsFrom, creditsAbove, msAbove, where }: RunSearch): boolean {
  return (
    (version === undefined || row.version === version) &&
    (keyId === undefined || row.keyId === keyId) &&
    (errorType === undefined || row.errorType === errorType) &&
    (creditsFrom === undefined || row.totalCost >= creditsFrom) &&
    (creditsAbove === undefined || row.totalCost > creditsAbove) &&
    (msAbove === undefined || row.executionMs > msAbove) &&
    (where === undefined || where.ofRow(row))
  );
}

/** A run that cannot be read is not found by what it says. */
async function hasValues(runs: RunStore, tenantId: string, row: RunRow, { text, where }: RunSearch): Promise<boolean> {
  const holds = where?.ofValues ?? null;
  if (holds === null && text !== undefined && row.id.includes(text)) return true;
  const run = await runs.view(tenantId, null, row.id).catch(() => null);
  if (!run) return false;
  const { input, output, error } = run;
  const hasText =
    text === undefined || row.id.includes(text) || [input, output, error].some((value) => value !== null && contains(value, text));
  return hasText && (holds === null || holds({ input, output, error }));
}
