import { type Json, type JsonObject, toPointer } from "@millrace/contract";
import { compileTemplate } from "#expression/compile";
import { ExpressionError } from "#expression/errors";
import type { EvaluationContext } from "#expression/scope";
import { hasExpression } from "#expression/template";
import type { CompiledValue } from "#plan/compiled-value";
import type { Problems } from "#plan/problem";
import type { Scope } from "#plan/scope";
import type { ScopeNames } from "#plan/scope-names";

export interface ValueCompiler {
  readonly names: ScopeNames;
  readonly problems: Problems;
  /** Absent: the value is the document's own. */
  readonly nodeId?: string;
  /** What cannot be evaluated reads as null. */
  readonly lenient: boolean;
  /** Told of every secret that an expression reads, and where. */
  readonly readsSecret?: (name: string, at: string, span: { readonly start: number; readonly end: number }) => void;
}

/** Compiles every string of a value once; a value without expressions is a constant that all runs share. */
export function compileValue(value: Json, at: string, compiler: ValueCompiler): CompiledValue {
  if (typeof value === "string") return hasExpression(value) ? compileText(value, at, compiler) : constant(value);
  if (value === null || typeof value !== "object") return constant(value);
  if (Array.isArray(value)) return compileArray(value as readonly Json[], at, compiler);
  return compileObject(Object.entries(value), at, compiler);
}

export function constant(value: Json): CompiledValue {
  return { constant: true, evaluate: () => value };
}

function compileArray(items: readonly Json[], at: string, compiler: ValueCompiler): CompiledValue {
  const compiled = items.map((item, index) => compileValue(item, `${at}/${index}`, compiler));
  if (compiled.every((item) => item.constant)) return constant(items);
  return { constant: false, evaluate: (context) => compiled.map((item) => item.evaluate(context)) };
}

export function compileObject(entries: readonly (readonly [string, Json])[], at: string, compiler: ValueCompiler): CompiledValue {
  const compiled = entries.map(([key, value]) => [key, compileValue(value, at + toPointer([key]), compiler)] as const);
  return objectOf(compiled);
}

/** Object.fromEntries defines own members, `__proto__` included; nothing is ever set on a prototype. */
export function objectOf(compiled: readonly (readonly [string, CompiledValue])[]): CompiledValue {
  const evaluate = (context: EvaluationContext<Scope>): JsonObject =>
    Object.fromEntries(compiled.map(([key, value]) => [key, value.evaluate(context)]));
  return compiled.every(([, value]) => value.constant) ? constant(evaluate(NO_CONTEXT)) : { constant: false, evaluate };
}

/** A constant looks at nothing. */
const NO_CONTEXT = {} as EvaluationContext<Scope>;

function compileText(text: string, at: string, compiler: ValueCompiler): CompiledValue {
  const compiled = compileTemplate(text, compiler.names, compiler.problems.words);
  if (!compiled.ok) {
    const owner = compiler.nodeId ? { nodeId: compiler.nodeId } : {};
    for (const { code, message, start, end, hint } of compiled.problems)
      compiler.problems.list.push({ code, level: "error", path: at, message, ...owner, start, end, ...(hint && { hint }) });
    return constant(null);
  }
  const { template } = compiled;
  for (const { name, path, start, end } of template.references) {
    if (name === "secrets") compiler.readsSecret?.(path[0] ?? "", at, { start, end });
  }
  // Each place of a document draws its own ids.
  const drawsIds = text.includes("uuid(");
  const read = (context: EvaluationContext<Scope>): Json => {
    try {
      return template.evaluate(drawsIds ? { ...context, seed: context.seed + at } : context);
    } catch (thrown) {
      // Whoever reads of it is told where it stands.
      if (thrown instanceof ExpressionError) thrown.at ??= at;
      throw thrown;
    }
  };
  return { constant: false, evaluate: compiler.lenient ? (context) => orNull(() => read(context)) : read };
}

function orNull(read: () => Json): Json {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof ExpressionError) return null;
    throw thrown;
  }
}
