import type { Json } from "@millrace/contract";
import type { EvaluationContext } from "#expression/scope";
import type { Scope } from "#plan/scope";

/** A config value with its expressions compiled. A constant one is evaluated at plan time and shared by all runs. */
export interface CompiledValue {
  readonly constant: boolean;
  evaluate(context: EvaluationContext<Scope>): Json;
}
