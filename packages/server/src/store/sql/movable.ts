import type { Row, SqlValue } from "#store/sql/rows";

/** A table whose rows belong to the data, wherever it lies. Tables stand in the order of their references. */
export interface MovedTable {
  readonly name: string;
  /** What tells its rows apart, and the order in which they are read. */
  readonly key: readonly string[];
  /** Rows that are held in memory together. */
  readonly rowsAtOnce: number;
}

/** The values of a row's key. */
export type MovedKey = readonly SqlValue[];

/** What a passage is found by: it is indexed anew, because every database has an index of its own kind. */
export interface IndexedPassage {
  readonly tenantId: string;
  readonly baseId: string;
  /** Of the base. */
  readonly number: number;
  readonly id: number;
  readonly words: readonly string[];
}

/** A store that nothing else reads or writes while its data is moved. */
export interface Movable {
  /** Where it lies, as people may read it: never with a password. */
  readonly name: string;
  columns(table: MovedTable): Promise<readonly string[]>;
  count(table: MovedTable): Promise<number>;
  /** In the order of the key, from behind `after` on. */
  read(table: MovedTable, after: MovedKey | null, limit: number): Promise<readonly Row[]>;
  /** The last number that each table has given out which numbers its rows; rows that are gone count. */
  counters(): Promise<Counters>;
  close(): Promise<void>;
}

export type Counters = ReadonlyMap<string, number>;

/** How far a table has come that is being moved. */
export interface Arrival {
  readonly table: string;
  /** The name of the store that it comes from. */
  readonly origin: string;
  /** Of the last row that is here; null: none is yet. */
  readonly lastKey: MovedKey | null;
  readonly rows: number;
  readonly isDone: boolean;
}

/** Where data is moved to. As long as there are arrivals it is not whole, and no server starts on it. */
export interface MoveTarget extends Movable {
  arrivals(): Promise<readonly Arrival[]>;
  /** Rows and how far the table has come with them, in one transaction: a death leaves both or neither. */
  write(table: MovedTable, rows: readonly Row[], arrival: Arrival, indexed: readonly IndexedPassage[]): Promise<void>;
  /** Passages of bases that the index of words does not have. */
  unindexed(): Promise<number>;
  /** The data is whole: no arrivals any more, in one transaction. */
  finish(counters: Counters): Promise<void>;
}
