import { inWords, type Json, type Said, say } from "@millrace/contract";
import type { ArgumentNode, CallNode, MemberNode, Span } from "#expression/ast";
import type { Compilation, Compiled } from "#expression/compilation";
import { compileArguments } from "#expression/compile-arguments";
import { rootOf } from "#expression/compile-name";
import { fault } from "#expression/errors";
import type { Run } from "#expression/fuel";
import { findFunction, findMethods, functionNames, type MethodRows, methodNames, NAMESPACES } from "#expression/functions";
import type { Parameter } from "#expression/functions/parameter";
import type { FunctionRow } from "#expression/functions/row";
import { receiverOf } from "#expression/static-types";
import { nearHint } from "#suggest";
import { isList } from "#value/json";
import { ANY, type ValueType } from "#value/types";

export function compileCall<Env>(node: CallNode, c: Compilation<Env>): Compiled<Env> {
  const { callee } = node;
  const root = rootOf(callee, c);
  if (callee.kind === "name" && root !== null) return compileNamed(node, callee.name, callee, c);
  if (root?.namespace === true && root.members.length === 1) {
    return compileNamed(node, `${root.name}.${root.members[0]?.name ?? ""}`, callee, c);
  }
  if (callee.kind === "member" && !callee.quoted) return compileMethod(node, callee, c);
  return notCallable(node, say`What stands before the parentheses is a value, not a function.`, c);
}

function notCallable<Env>(node: CallNode, message: Said, c: Compilation<Env>): Compiled<Env> {
  c.problems.add("not_callable", node.callee, message, say`Only the functions and methods of the language can be called.`);
  lookAt([node.callee, ...node.args], c);
  return c.failed();
}

/** The parts of a call that cannot be made may have problems of their own. */
function lookAt<Env>(args: readonly ArgumentNode[], c: Compilation<Env>): void {
  for (const arg of args) {
    if (arg.kind === "arrow") c.withParams(arg.params, [], () => c.compile(arg.body));
    else c.compile(arg.kind === "spread" ? arg.value : arg);
  }
}

function compileNamed<Env>(node: CallNode, name: string, span: Span, c: Compilation<Env>): Compiled<Env> {
  const row = findFunction(name);
  if (row === undefined) {
    addUnknownFunction(name, span, c);
    lookAt(node.args, c);
    return c.failed();
  }
  const args = compileArguments(row, node, null, c);
  note(row, c);
  const { codes } = args;
  return { code: (run) => row.invoke(codes(run, []), run), type: row.infer?.(args.types) ?? row.returns };
}

function addUnknownFunction<Env>(name: string, span: Span, c: Compilation<Env>): void {
  if (c.findParam(name) !== undefined || NAMESPACES.has(name) || c.resolver.resolve(name, []) !== null) {
    c.problems.add("not_callable", span, say`"${name}" is not a function.`);
    return;
  }
  const hint = findMethods(name) === undefined ? nearHint(name, functionNames()) : say`"${name}" is a method: write value.${name}(…).`;
  c.problems.add("unknown_function", span, say`There is no function "${name}".`, hint);
}

const CONTAINERS: ReadonlySet<string> = new Set(["any", "object", "array"]);

function note<Env>(row: FunctionRow, c: Compilation<Env>): void {
  c.builds ||= !row.passes && CONTAINERS.has(row.returns.kind);
}

function compileMethod<Env>(node: CallNode, callee: MemberNode, c: Compilation<Env>): Compiled<Env> {
  const object = c.compile(callee.object);
  const rows = findMethods(callee.name);
  const row = rows === undefined ? undefined : rowFor(rows, object.type);
  if (rows === undefined || row === undefined) {
    addUnknownMethod(callee, object.type, rows, c);
    lookAt(node.args, c);
    return c.failed();
  }
  const args = compileArguments(row, node, object.type, c);
  for (const each of Object.values(rows)) note(each, c);
  const { codes } = args;
  const { code } = object;
  const { name } = callee;
  const call = (run: Run<Env>): Json => {
    const self = code(run);
    const found = methodOf(rows, self, name);
    return found === null ? null : found.invoke(codes(run, [self]), run);
  };
  return { code: call, type: receiverOf(object.type) === null ? looseType(rows) : (row.infer?.(args.types) ?? row.returns) };
}

/** The row that a receiver of the type has; for one of any type, what all rows of the name agree on. */
function rowFor(rows: MethodRows, type: ValueType): FunctionRow | undefined {
  const on = receiverOf(type);
  return on === null ? commonRow(Object.values(rows)) : (rows[on] ?? rows.any);
}

/** A parameter that differs takes anything: the value at run time decides. Rows of one name have the same number of them. */
function commonRow(rows: readonly FunctionRow[]): FunctionRow | undefined {
  const [first, ...others] = rows;
  if (first === undefined || others.length === 0) return first;
  const parameters = first.parameters.map((parameter, index): Parameter<unknown> => {
    return others.every((row) => row.parameters[index]?.type === parameter.type) ? parameter : { ...parameter, type: "any" };
  });
  return { ...first, parameters };
}

/** The type that all rows of the name give, where they agree. */
function looseType(rows: MethodRows): ValueType {
  const kinds = new Set(Object.values(rows).map((row) => row.returns.kind));
  const [first] = Object.values(rows);
  return kinds.size === 1 && first !== undefined && first.returns.kind !== "array" ? first.returns : ANY;
}

/** The row for a value; null: the value is null, and so is the result. */
function methodOf(rows: MethodRows, self: Json, name: string): FunctionRow | null {
  if (self === null) return rows.any ?? null;
  const on = kindOf(self);
  const row = rows[on] ?? rows.any;
  if (row === undefined) throw fault("unknown_method", inWords(say`${A[on]} has no method "${name}".`));
  return row;
}

const A = { string: say`A string`, number: say`A number`, boolean: say`A boolean`, list: say`A list`, object: say`An object` } as const;

function kindOf(value: NonNullable<Json>): keyof typeof A {
  if (typeof value === "object") return isList(value) ? "list" : "object";
  if (typeof value === "string") return "string";
  return typeof value === "number" ? "number" : "boolean";
}

/** What people write from habit, and what to write here. */
const HABITS: ReadonlyMap<string, Said | string> = new Map<string, Said | string>([
  ["sort", say`toSorted, which gives a sorted copy`],
  ["reverse", say`toReversed, which gives a reversed copy`],
  ["push", say`concat, or [...list, value]`],
  ["unshift", say`[value, ...list]`],
  ["splice", say`slice and concat`],
  ["forEach", "map"],
  ["substr", "slice"],
  ["length", say`length without parentheses`],
  ["size", say`length without parentheses`],
  ["match", say`includes or split: there are no regular expressions`],
  ["test", say`includes or startsWith: there are no regular expressions`],
]);

function addUnknownMethod<Env>(callee: MemberNode, type: ValueType, rows: MethodRows | undefined, c: Compilation<Env>): void {
  const on = receiverOf(type);
  const message = on === null ? say`There is no method "${callee.name}".` : say`${A[on]} has no method "${callee.name}".`;
  c.problems.addSuggesting("unknown_method", callee.nameSpan, message, () => {
    const habit = HABITS.get(callee.name);
    if (habit !== undefined) return say`Write ${habit}.`;
    return rows === undefined ? nearHint(callee.name, methodNames(on)) : say`It is a method of: ${Object.keys(rows).join(", ")}.`;
  });
}
