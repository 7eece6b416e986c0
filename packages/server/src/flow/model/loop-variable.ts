import type { ValueType } from "@millrace/engine";
import type { Variable } from "#flow/model/variable";

/** A variable of a container: an array that is walked (`type` is its elements'), or an intermediate variable. */
export interface LoopVariable {
  readonly id: string;
  readonly name: string;
  /** Its name in the native document: an identifier. */
  readonly native: string;
  readonly type: ValueType;
  readonly declared: Variable;
}

export interface LoopVariables {
  readonly items: readonly LoopVariable[];
  readonly variables: readonly LoopVariable[];
  readonly variablesById: ReadonlyMap<string, LoopVariable>;
  readonly variablesByName: ReadonlyMap<string, LoopVariable>;
}

export const NO_LOOP_VARIABLES: LoopVariables = { items: [], variables: [], variablesById: new Map(), variablesByName: new Map() };
