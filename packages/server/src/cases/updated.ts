import { type Expectation, isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { comparedPath, expectedStatus } from "#cases/judge";
import { containedMembers, holds, isMatcher } from "#cases/match";
import type { Observed } from "#cases/observed";

/** The expectation as the run fulfils it: what holds stays as it is written, matchers included. */
export function updated(expected: Expectation, observed: Observed): Expectation {
  const { status, output, error, path, maxTokens, maxCredits, nodes, ...rest } = expected;
  const isNew = Object.keys(expected).length === 0;
  const hasChanged = expectedStatus(expected) !== observed.status;
  return {
    ...rest,
    ...((status !== undefined || hasChanged || isNew) && { status: observed.status }),
    ...outputOf(output as Json | undefined, observed, isNew || hasChanged),
    ...errorOf(error, observed),
    ...(path !== undefined && { path: pathOf(path, observed.path) }),
    ...(maxTokens !== undefined && { maxTokens: Math.max(maxTokens, observed.tokens) }),
    ...(maxCredits !== undefined && { maxCredits: Math.max(maxCredits, Number(observed.credits)) }),
    ...(nodes !== undefined && { nodes: nodesOf(nodes, observed) }),
  };
}

function outputOf(expected: Json | undefined, { output }: Observed, isWanted: boolean): Pick<Expectation, "output"> {
  if (output === null || (expected === undefined && !isWanted)) return {};
  return { output: expected === undefined ? literal(output) : mended(expected, output) };
}

function errorOf(expected: Expectation["error"], { error }: Observed): Pick<Expectation, "error"> {
  if (!error) return {};
  const { type, message, node } = error;
  const named = { type, ...(node !== null && { node }) };
  if (!expected) return { error: named };
  const actual: { readonly [name: string]: Json } = { type, message, node };
  return {
    error: Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, mended(value as Json, actual[name] ?? null)])),
  };
}

function pathOf(expected: NonNullable<Expectation["path"]>, all: readonly string[]): NonNullable<Expectation["path"]> {
  const actual = comparedPath(expected, all);
  if (!("contains" in expected)) return [...actual];
  return { contains: expected.contains.filter((name) => actual.includes(name)) };
}

function nodesOf(expected: NonNullable<Expectation["nodes"]>, { nodes }: Observed): NonNullable<Expectation["nodes"]> {
  const known = Object.entries(expected).flatMap(([name, node]) => {
    const actual: { readonly [member: string]: Json } | undefined = nodes.get(name) && { ...nodes.get(name) };
    if (!actual) return [];
    return [
      [
        name,
        Object.fromEntries(Object.entries(node).map(([member, value]) => [member, mended(value as Json, actual[member] ?? null)])),
      ] as const,
    ];
  });
  return Object.fromEntries(known);
}

/** The least change after which it holds. */
function mended(expected: Json, actual: Json): Json {
  if (holds(expected, actual)) return expected;
  const part = containedMembers(expected);
  if (part && isJsonObject(actual)) return { contains: mendedMembers(part, actual) };
  if (isMatcher(expected)) return literal(actual);
  if (isJsonObject(expected) && isJsonObject(actual)) {
    const members = Object.entries(actual).map(([name, value]): [string, Json] => {
      const before = expected[name];
      return [name, before === undefined ? literal(value) : mended(before, value)];
    });
    return inOrderOf(expected, Object.fromEntries(members));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length)
    return expected.map((each: Json, index) => mended(each, actual[index] ?? null));
  return literal(actual);
}

/** Of those that an object is to have at least, those that it has. */
function mendedMembers(part: JsonObject, actual: JsonObject): JsonObject {
  const members = Object.entries(part).flatMap(([name, value]): readonly (readonly [string, Json])[] => {
    const own = actual[name];
    if (own === undefined) return [];
    const isPart = isJsonObject(value) && !isMatcher(value) && isJsonObject(own);
    return [[name, isPart ? mendedMembers(value, own) : mended(value, own)]];
  });
  return Object.fromEntries(members);
}

/** Members that were there keep their places. */
function inOrderOf(expected: JsonObject, members: JsonObject): JsonObject {
  const known = Object.keys(expected).filter((name) => Object.hasOwn(members, name));
  return { ...Object.fromEntries(known.map((name) => [name, members[name] ?? null])), ...members };
}

/** A value that means itself. */
function literal(value: Json): Json {
  if (isMatcher(value)) return { equals: value };
  if (Array.isArray(value)) return value.map(literal);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, literal(each)]));
}
