import { say } from "@millrace/contract";
import type { Expression, IndexNode, MemberNode, NameNode, Span } from "#expression/ast";
import type { Code, Compilation, Compiled } from "#expression/compilation";
import { findConstant, findFunction, functionNames, NAMESPACES } from "#expression/functions";
import type { Reference } from "#expression/scope";
import { elementType, memberType } from "#expression/static-types";
import { readIndex, readMember } from "#expression/values";
import { nearHint } from "#suggest";
import { ANY, NUMBER } from "#value/types";

export function compileName<Env>(node: NameNode, c: Compilation<Env>): Compiled<Env> {
  if (c.probe?.marker === node.name) {
    c.probe.found({ kind: "name", params: [...c.params] });
    return c.failed();
  }
  const param = c.findParam(node.name);
  if (param !== undefined) {
    const { slot, type } = param;
    return { code: (run) => run.locals[slot] ?? null, type };
  }
  if (node.name === "undefined") return { code: () => null, type: ANY };
  return compileReference({ name: node.name, span: node, members: [] }, c);
}

export function compileMember<Env>(node: MemberNode, c: Compilation<Env>): Compiled<Env> {
  if (c.probe?.marker === node.name) return probeMember(node, c);
  const root = rootOf(node, c);
  if (root !== null) return root.namespace ? compileConstant(root, c) : compileReference(root, c);
  const object = c.compile(node.object);
  const { code } = object;
  const { name } = node;
  return { code: (run) => readMember(code(run), name), type: memberType(object.type, name) };
}

export function compileIndex<Env>(node: IndexNode, c: Compilation<Env>): Compiled<Env> {
  const object = c.compile(node.object);
  const { code: read } = object;
  const { code: index } = c.compile(node.index);
  return { code: (run) => readIndex(read(run), index(run), run), type: elementType(object.type) };
}

/** A name and the static member names after it. */
interface Root {
  readonly name: string;
  readonly span: Span;
  readonly members: readonly MemberNode[];
}

/** What a chain of static members begins with: a namespace, or a name that is no parameter. Null: any other value. */
export function rootOf<Env>(node: Expression, c: Compilation<Env>): (Root & { readonly namespace: boolean }) | null {
  const members: MemberNode[] = [];
  let at = node;
  for (; at.kind === "member"; at = at.object) members.unshift(at);
  if (at.kind !== "name" || at.name === "undefined" || c.findParam(at.name) !== undefined) return null;
  return { name: at.name, span: at, members, namespace: NAMESPACES.has(at.name) && members.length > 0 };
}

function compileReference<Env>(root: Root, c: Compilation<Env>): Compiled<Env> {
  const path = root.members.map((member) => member.name);
  c.nodes += path.length;
  const end = root.members.at(-1)?.end ?? root.span.end;
  const reference = c.resolver.resolve(root.name, path);
  if (reference === null) {
    addUnresolved(root, path, end, c);
    return c.failed();
  }
  c.references.push({ name: root.name, path, start: root.span.start, end });
  const rest = path.slice(reference.consumed);
  return { code: reading(reference, rest), type: rest.reduce(memberType, reference.type) };
}

function reading<Env>(reference: Reference<Env>, rest: readonly string[]): Code<Env> {
  const [first, second, ...others] = rest;
  if (first === undefined) return (run) => reference.read(run.env);
  if (second === undefined) return (run) => readMember(reference.read(run.env), first);
  return (run) => others.reduce(readMember, readMember(readMember(reference.read(run.env), first), second));
}

function addUnresolved<Env>(root: Root, path: readonly string[], end: number, c: Compilation<Env>): void {
  const span = { start: root.span.start, end };
  const explained = c.resolver.explain?.(root.name, path) ?? null;
  if (explained !== null) {
    c.problems.add(explained.code, span, explained.message, explained.hint);
  } else if (findFunction(root.name) !== undefined || NAMESPACES.has(root.name)) {
    addFunctionAsValue(root.name, span, c);
  } else {
    const message = say`There is no variable "${root.name}" here.`;
    c.problems.addSuggesting("unknown_variable", root.span, message, () => nearHint(root.name, c.resolver.names?.() ?? []));
  }
}

function addFunctionAsValue<Env>(name: string, span: Span, c: Compilation<Env>): void {
  const hint = say`Call it, or pass a function of your own: x => ${name.includes(".") || findFunction(name) !== undefined ? name : `${name}.…`}(x).`;
  c.problems.add("function_as_value", span, say`"${name}" is a function, not a value.`, hint);
}

/** `Math.PI`; a function of a namespace is no value. */
function compileConstant<Env>(root: Root, c: Compilation<Env>): Compiled<Env> {
  const name = `${root.name}.${root.members[0]?.name ?? ""}`;
  const span = { start: root.span.start, end: root.members[0]?.end ?? root.span.end };
  const constant = findConstant(name);
  if (constant !== undefined && root.members.length === 1) return { code: () => constant, type: NUMBER };
  if (findFunction(name) !== undefined) addFunctionAsValue(name, span, c);
  else c.problems.addSuggesting("unknown_function", span, say`There is no "${name}".`, () => nearHint(name, functionNames()));
  return c.failed();
}

function probeMember<Env>(node: MemberNode, c: Compilation<Env>): Compiled<Env> {
  const root = rootOf(node.object, c);
  if (node.object.kind === "name" && NAMESPACES.has(node.object.name) && root !== null) {
    c.probe?.found({ kind: "namespace", name: node.object.name });
    return c.failed();
  }
  const { type } = c.compile(node.object);
  c.probe?.found({ kind: "member", type, root: root?.name ?? null, path: root?.members.map((member) => member.name) ?? [] });
  return c.failed();
}
