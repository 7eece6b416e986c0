import type { Json } from "@millrace/contract";
import type { EvaluationContext } from "#expression/scope";
import type { Scope } from "#plan/scope";

/** A config value with its expressions compiled. A constant one holds none, and is shared by all runs: publishing evaluates nothing. */
export interface CompiledValue {
  readonly constant: boolean;
  evaluate(context: EvaluationContext<Scope>): Json;
}
