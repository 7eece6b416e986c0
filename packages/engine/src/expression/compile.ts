import { type Json, type Words } from "@millrace/contract";
import type { Expression } from "#expression/ast";
import { type Code, Compilation, type Compiled, type Probe, type UsedReference } from "#expression/compilation";
import { compileList, compileObject, compileTemplateLiteral, joining } from "#expression/compile-build";
import { compileCall } from "#expression/compile-call";
import { compileIndex, compileMember, compileName } from "#expression/compile-name";
import { compileChain, compileConditional, compileUnary } from "#expression/compile-operator";
import { ExpressionError, limitExceeded } from "#expression/errors";
import { Run } from "#expression/fuel";
import { parse } from "#expression/parse";
import { Problems } from "#expression/problems";
import { checkResult } from "#expression/result";
import type { EvaluationContext, ExpressionProblem, ReferenceResolver } from "#expression/scope";
import { splitTemplate } from "#expression/template";
import { ANY, BOOLEAN, INTEGER, NUMBER, STRING, type ValueType } from "#value/types";

/** A config string, ready to be evaluated any number of times. */
export interface CompiledTemplate<Env> {
  /** The string is one expression and nothing else, so that its value keeps its type. */
  readonly isExpression: boolean;
  readonly type: ValueType;
  readonly references: readonly UsedReference[];
  /** Throws ExpressionError, and what a reference's reader throws. */
  evaluate(context: EvaluationContext<Env>): Json;
}

export type CompileResult<Env> =
  | { readonly ok: true; readonly template: CompiledTemplate<Env> }
  | { readonly ok: false; readonly problems: readonly ExpressionProblem[] };

/** Compiles a config string with `{{ expressions }}`. All problems are found at once, and told in the words of a language; absent: in English. */
export function compileTemplate<Env>(text: string, resolver: ReferenceResolver<Env>, words?: Words): CompileResult<Env> {
  const problems = new Problems(words);
  const compilation = new Compilation<Env>(compileNode, resolver, problems);
  const parts: (string | Code<Env>)[] = [];
  let type: ValueType = STRING;
  const pieces = splitTemplate(text, problems);
  for (const piece of pieces) {
    if (piece.kind === "text") parts.push(piece.text);
    else {
      const compiled = compileSource(piece.source, piece.start, compilation);
      parts.push(placed(compiled.code, piece.start, piece.end));
      if (pieces.length === 1) type = compiled.type;
    }
  }
  if (!problems.none) return { ok: false, problems: problems.found };
  return { ok: true, template: assemble(parts, type, compilation) };
}

/** Compiles one expression that stands without braces. */
export function compileExpression<Env>(source: string, resolver: ReferenceResolver<Env>): CompileResult<Env> {
  const problems = new Problems();
  const compilation = new Compilation<Env>(compileNode, resolver, problems);
  const { code, type } = compileSource(source, 0, compilation);
  if (!problems.none) return { ok: false, problems: problems.found };
  return { ok: true, template: assemble([placed(code, 0, source.length)], type, compilation) };
}

/** Compiles for the sake of what the probe is told; problems do not matter. */
export function probeExpression<Env>(source: string, resolver: ReferenceResolver<Env>, probe: Probe): void {
  compileSource(source, 0, new Compilation<Env>(compileNode, resolver, new Problems(), probe));
}

function compileSource<Env>(source: string, offset: number, compilation: Compilation<Env>): Compiled<Env> {
  const own = new Problems(compilation.problems.words);
  const expression = parse(source, offset, own);
  compilation.problems.found.push(...own.found);
  return expression === null ? compilation.failed() : compilation.compile(expression);
}

function compileNode<Env>(node: Expression, c: Compilation<Env>): Compiled<Env> {
  switch (node.kind) {
    case "literal":
      return literal(node.value);
    case "name":
      return compileName(node, c);
    case "member":
      return compileMember(node, c);
    case "index":
      return compileIndex(node, c);
    case "call":
      return compileCall(node, c);
    case "unary":
      return compileUnary(node, c);
    case "chain":
      return compileChain(node, c);
    case "conditional":
      return compileConditional(node, c);
    case "list":
      return compileList(node, c);
    case "object":
      return compileObject(node, c);
    case "template":
      return compileTemplateLiteral(node, c);
  }
}

function literal<Env>(value: string | number | boolean | null): Compiled<Env> {
  return { code: () => value, type: literalType(value) };
}

function literalType(value: string | number | boolean | null): ValueType {
  if (typeof value === "string") return STRING;
  if (typeof value === "boolean") return BOOLEAN;
  if (value === null) return ANY;
  return Number.isInteger(value) ? INTEGER : NUMBER;
}

/** Errors get the place of the expression, so that a text with several shows which one failed. */
function placed<Env>(code: Code<Env>, start: number, end: number): Code<Env> {
  return (run) => {
    try {
      return code(run);
    } catch (error) {
      throw located(error, start, end);
    }
  };
}

function located(error: unknown, start: number, end: number): unknown {
  // The host's stack is smaller than the nesting limit assumed: the last line of defence, and still an ordinary limit.
  const known =
    error instanceof RangeError ? limitExceeded("depth", 'The expression is nested too deep to be evaluated (limit "depth").') : error;
  if (known instanceof ExpressionError) {
    known.start ??= start;
    known.end ??= end;
  }
  return known;
}

function assemble<Env>(parts: readonly (string | Code<Env>)[], type: ValueType, compilation: Compilation<Env>): CompiledTemplate<Env> {
  const [only] = parts;
  const isExpression = parts.length === 1 && typeof only === "function";
  const { references } = compilation;
  if (parts.every((part) => typeof part === "string")) {
    const text = parts.join("");
    return { isExpression, type, references, evaluate: () => text };
  }
  const code = isExpression ? only : joining(parts);
  return { isExpression, type, references, evaluate: evaluator(code, compilation.nodes, isExpression && compilation.builds) };
}

function evaluator<Env>(code: Code<Env>, steps: number, checks: boolean): CompiledTemplate<Env>["evaluate"] {
  return (context) => {
    const run = new Run(context);
    run.step(steps);
    const value = code(run);
    if (checks) checkResult(value, run);
    return value;
  };
}
