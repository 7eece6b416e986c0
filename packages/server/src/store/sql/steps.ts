import type { Row, SqlValue } from "#store/sql/rows";

/**
 * One statement. `?` stands for a value, `INDEXED BY name` for advice that only a planner without statistics needs, and
 * `FOR UPDATE SKIP LOCKED` for what others may take at the same moment, where there are others; everything else is said
 * in words that every database of ours knows.
 */
export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** What is asked of it: its rows, or how many rows it changed. */
  readonly wants: "rows" | "changes";
  /** Whatever it answers, its steps say nothing after it: those of others need not wait for the answer. */
  readonly isLast?: boolean;
  /** Nor is anything else changed by them: it needs no transaction around it. */
  readonly isAlone?: boolean;
}

export interface Answer {
  readonly rows: readonly Row[];
  readonly changes: number;
}

/**
 * What is said to a database, statement after statement, and what comes of it. It is written once: a database that answers at once runs it in
 * one go, one behind a network as its answers come. Nothing but the database is changed by it, for it may run more than once.
 */
export type Steps<T> = Generator<Statement, T, Answer>;

/** What a function of steps comes to. */
export type Outcome<F> = F extends (...args: never[]) => Steps<infer T> ? T : never;

export function* all(sql: string, ...values: readonly SqlValue[]): Steps<readonly Row[]> {
  return (yield { sql, values, wants: "rows" }).rows;
}

/** The same as one statement, for the hottest verbs: what comes of it is `yield`ed by them, and no steps are made of it. */
export function change(sql: string, ...values: readonly SqlValue[]): Statement {
  return { sql, values, wants: "changes" };
}

/**
 * The last of its steps. `isAlone`: it is also their only change, and so without a transaction around it, where whoever asks need not know what
 * was written after a lost connection.
 */
export function last(statement: Statement, isAlone: boolean): Statement {
  return { ...statement, isLast: true, isAlone };
}

export function* one(sql: string, ...values: readonly SqlValue[]): Steps<Row | undefined> {
  return (yield* all(sql, ...values))[0];
}

/** How many rows it changed. */
export function* run(sql: string, ...values: readonly SqlValue[]): Steps<number> {
  return (yield change(sql, ...values)).changes;
}

/** The words that put a row in the place of the one with the same key. */
export function upsert(table: string, columns: string, key: string): string {
  const names = columns.split(", ");
  const keys = new Set(key.split(", "));
  const others = names.filter((name) => !keys.has(name)).map((name) => `${name} = excluded.${name}`);
  return `${insert(table, columns)} ON CONFLICT (${key}) DO UPDATE SET ${others.join(", ")}`;
}

export function insert(table: string, columns: string): string {
  return `INSERT INTO ${table} (${columns}) VALUES (${columns.split(", ").fill("?").join(", ")})`;
}
