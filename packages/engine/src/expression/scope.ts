import { type Json, type Said } from "@millrace/contract";
import type { ValueType } from "#value/types";

/** What the names in expressions mean. Asked while compiling only; `Env` is what a reader is given at each evaluation. */
export interface ReferenceResolver<Env> {
  /**
   * A root name that is no arrow parameter, and the static member names that follow it (`a.b["c"][0]` → "a", ["b", "c"]).
   * Null: unknown or not allowed here, which is a problem of the expression.
   */
  resolve(name: string, path: readonly string[]): Reference<Env> | null;
  /** All root names, for suggestions and completion. */
  names?(): readonly string[];
  /** Says in other words why `resolve` gave null (`reference_not_upstream`, …); absent or null: `unknown_variable`. */
  explain?(name: string, path: readonly string[]): { readonly code: string; readonly message: Said; readonly hint?: Said } | null;
  /** The members that can follow, for completion; absent or null: the fields of the reference's type. */
  members?(name: string, path: readonly string[]): readonly ScopeMember[] | null;
}

export interface ScopeMember {
  readonly name: string;
  readonly type: ValueType;
  readonly doc?: string;
}

export interface Reference<Env> {
  /** How many names of the path `read` itself follows; the rest is read from its value. */
  readonly consumed: number;
  /** The type of what `read` gives. */
  readonly type: ValueType;
  read(env: Env): Json;
}

export interface EvaluationContext<Env> {
  readonly env: Env;
  /** Epoch ms that `now()` gives. */
  readonly now: number;
  /** What `uuid()` derives from: unique for each evaluation that must give other ids. */
  readonly seed: string;
  /** Steps allowed; absent: DEFAULT_FUEL. */
  readonly fuel?: number;
  /** Bytes that may be produced; absent: DEFAULT_MAX_OUTPUT_BYTES. */
  readonly maxOutputBytes?: number;
}

/** What is wrong with an expression. Offsets in the given string, `end` exclusive. */
export interface ExpressionProblem {
  /** Stable word; the list is in this room's README. */
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
}
