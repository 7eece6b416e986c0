import type { Json, JsonObject } from "@millrace/contract";
import { type CompiledTemplate, compileExpression, compileTemplate } from "#expression/compile";
import { ExpressionError } from "#expression/errors";
import type { EvaluationContext, ExpressionProblem, ReferenceResolver } from "#expression/scope";
import { typeOfSample } from "#value/sample-type";
import { ANY } from "#value/types";

type Options = Partial<EvaluationContext<JsonObject>>;

/** Every own member of the data is a root name; nothing is known of the types, unless `typed`. */
export function scopeOf(data: JsonObject, typed = false): ReferenceResolver<JsonObject> {
  return {
    resolve: (name) =>
      Object.hasOwn(data, name)
        ? { consumed: 0, type: typed ? typeOfSample(data[name] ?? null) : ANY, read: (env) => env[name] ?? null }
        : null,
    names: () => Object.keys(data),
  };
}

export function contextOf(env: JsonObject, options: Options = {}): EvaluationContext<JsonObject> {
  return { env, now: 1_700_000_000_000, seed: "seed", ...options };
}

/** The value of an expression without braces. Throws where it does not compile. */
export function evaluate(source: string, data: JsonObject = {}, options: Options = {}): Json {
  const result = compileExpression(source, scopeOf(data));
  if (!result.ok) throw new Error(`${source}: ${JSON.stringify(result.problems)}`);
  return result.template.evaluate(contextOf(data, options));
}

/** The value of a config string. Throws where it does not compile. */
export function evaluateTemplate(text: string, data: JsonObject = {}, options: Options = {}): Json {
  return templateOf(text, data).evaluate(contextOf(data, options));
}

export function templateOf(text: string, data: JsonObject = {}): CompiledTemplate<JsonObject> {
  const result = compileTemplate(text, scopeOf(data));
  if (!result.ok) throw new Error(`${text}: ${JSON.stringify(result.problems)}`);
  return result.template;
}

export function problemsOf(source: string, data: JsonObject = {}, typed = false): readonly ExpressionProblem[] {
  const result = compileExpression(source, scopeOf(data, typed));
  return result.ok ? [] : result.problems;
}

/** The error that evaluating throws; fails where it throws none or another kind. */
export function errorOf(source: string, data: JsonObject = {}, options: Options = {}): ExpressionError {
  try {
    const value = evaluate(source, data, options);
    throw new Error(`${source} gave ${String(JSON.stringify(value)).slice(0, 100)}`);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}
