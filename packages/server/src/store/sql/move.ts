import { createHash, hash } from "node:crypto";
import { failpoint } from "#failpoint";
import { MoveDiffers, MoveFromElsewhere, TargetNotEmpty } from "#store/errors";
import type { Arrival, IndexedPassage, Movable, MovedKey, MovedTable, MoveTarget } from "#store/sql/movable";
import { MOVED_TABLES } from "#store/sql/moved-tables";
import { number, type Row, type SqlValue, text } from "#store/sql/rows";

// Invariants, each a test by its number:
// V1. Rows and the note of how far their table has come are one transaction: after a death the move goes on behind the last row that is there.
// V2. The target is whole only after every row of every table was read from both stores and was the same.
// V3. Nothing is written into a store that holds other data, and nothing at all into the one that the data comes from.

export interface MoveOptions {
  readonly from: Movable;
  readonly to: MoveTarget;
  /** The words that a passage is found by, of its row and its base's settings. */
  wordsOf(passage: Row, settings: string): readonly string[];
  /** Told after each batch, and once more when the rows of a table are compared. */
  progress?(step: MoveStep): void;
}

export interface MoveStep {
  readonly phase: "copy" | "compare";
  readonly table: string;
  readonly rows: number;
  readonly of: number;
}

export interface TableMoved {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over all rows, read back from the target. */
  readonly digest: string;
}

export interface MoveResult {
  /** An earlier move was interrupted, and this one went on from there. */
  readonly resumed: boolean;
  readonly tables: readonly TableMoved[];
}

/** Everything from one store to another. Throws TargetNotEmpty, MoveFromElsewhere, MoveDiffers, or what a store says. */
export async function moveStore(options: MoveOptions): Promise<MoveResult> {
  const { from, to } = options;
  const arrivals = await begun(from, to);
  const resumed = arrivals.size > 0;
  const bases = await basesOf(from);
  for (const table of MOVED_TABLES) {
    const arrival = arrivals.get(table.name) ?? { table: table.name, origin: from.name, lastKey: null, rows: 0, isDone: false };
    if (!arrival.isDone) await copy(options, table, arrival, bases);
  }
  const tables: TableMoved[] = [];
  for (const table of MOVED_TABLES) tables.push(await compare(options, table));
  const unindexed = await to.unindexed();
  if (unindexed > 0) throw new MoveDiffers(to.name, "the index of words", `${unindexed} passages`);
  await to.finish(await from.counters());
  return { resumed, tables };
}

/** How far an earlier move has come; nothing: the target is empty. */
async function begun(from: Movable, to: MoveTarget): Promise<ReadonlyMap<string, Arrival>> {
  const arrivals = await to.arrivals();
  const other = arrivals.find(({ origin }) => origin !== from.name);
  if (other) throw new MoveFromElsewhere(to.name, other.origin);
  if (arrivals.length === 0)
    for (const table of MOVED_TABLES) if ((await to.read(table, null, 1)).length > 0) throw new TargetNotEmpty(to.name);
  return new Map(arrivals.map((arrival) => [arrival.table, arrival]));
}

async function copy({ from, to, wordsOf, progress }: MoveOptions, table: MovedTable, first: Arrival, bases: Bases): Promise<void> {
  const of = await from.count(table);
  let arrival = first;
  while (!arrival.isDone) {
    const rows = await from.read(table, arrival.lastKey, table.rowsAtOnce);
    const last = rows.at(-1);
    arrival = {
      ...arrival,
      lastKey: last ? keyOf(table, last) : arrival.lastKey,
      rows: arrival.rows + rows.length,
      isDone: rows.length < table.rowsAtOnce,
    };
    await to.write(table, rows, arrival, table.name === "knowledge_passages" ? indexed(rows, bases, wordsOf) : []);
    failpoint("move.afterBatch", table.name);
    progress?.({ phase: "copy", table: table.name, rows: arrival.rows, of });
  }
}

/** Every row of both stores, side by side. */
async function compare({ from, to, progress }: MoveOptions, table: MovedTable): Promise<TableMoved> {
  const columns = (await from.columns(table)).toSorted();
  const digest = createHash("sha256");
  let rows = 0;
  for (let after: MovedKey | null = null; ; ) {
    const [left, right] = await Promise.all([from.read(table, after, table.rowsAtOnce), to.read(table, after, table.rowsAtOnce)]);
    for (const [at, row] of left.entries()) {
      const line = lineOf(row, columns);
      if (right[at] === undefined || lineOf(right[at], columns) !== line)
        throw new MoveDiffers(to.name, table.name, keyOf(table, row).join(" "));
      digest.update(`${line}\n`);
    }
    const more = right[left.length];
    if (more) throw new MoveDiffers(to.name, table.name, keyOf(table, more).join(" "));
    rows += left.length;
    const last = left.at(-1);
    if (last === undefined || left.length < table.rowsAtOnce) break;
    after = keyOf(table, last);
  }
  progress?.({ phase: "compare", table: table.name, rows, of: rows });
  return { table: table.name, rows, digest: digest.digest("hex") };
}

function lineOf(row: Row, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => comparable(row[column] ?? null)));
}

function comparable(value: SqlValue): unknown {
  return value instanceof Uint8Array ? { sha256: hash("sha256", value, "hex") } : value;
}

function keyOf(table: MovedTable, row: Row): MovedKey {
  return table.key.map((column) => row[column] ?? null);
}

/* ---- the index of words ---- */

interface Base {
  readonly number: number;
  readonly settings: string;
}

/** By tenant and id. */
type Bases = ReadonlyMap<string, Base>;

const BASES: MovedTable = { name: "knowledge_bases", key: ["tenant_id", "id"], rowsAtOnce: Number.MAX_SAFE_INTEGER };

async function basesOf(from: Movable): Promise<Bases> {
  const rows = await from.read(BASES, null, BASES.rowsAtOnce);
  return new Map(
    rows.map((row) => [`${text(row, "tenant_id")} ${text(row, "id")}`, { number: number(row, "number"), settings: text(row, "settings") }]),
  );
}

/** What is left of a base that is gone is found by nobody. */
function indexed(rows: readonly Row[], bases: Bases, wordsOf: MoveOptions["wordsOf"]): readonly IndexedPassage[] {
  return rows.flatMap((row) => {
    const [tenantId, baseId] = [text(row, "tenant_id"), text(row, "base_id")];
    const base = bases.get(`${tenantId} ${baseId}`);
    return base ? [{ tenantId, baseId, number: base.number, id: number(row, "id"), words: wordsOf(row, base.settings) }] : [];
  });
}
