import { canonicalJson } from "#canonical-json";
import { wording } from "#fault";
import type { Json } from "#json";
import { say } from "#say";
import { isCount } from "#start/keywords-scalar";
import { accepts, checkAt } from "#start/schema-sink";
import type { KeywordCompiler, KeywordTable, SchemaCheck, SchemaScope } from "#start/schema-types";

function sizeKeyword(
  code: string,
  key: "at_most_items" | "at_least_items",
  fits: (size: number, limit: number) => boolean,
): KeywordCompiler {
  return (operand, _schema, scope) => {
    if (!isCount(operand)) {
      scope.problem("invalid_keyword", say`must be a whole number, 0 or more`);
      return null;
    }
    return (value, sink) => {
      if (!Array.isArray(value) || fits(value.length, operand)) return;
      sink.add(code, wording(key, { limit: operand }), wording("items", { count: value.length }));
    };
  };
}

/** `items` holds for what follows `prefixItems`. */
const items: KeywordCompiler = (operand, schema, scope) => {
  const check = scope.compile(operand);
  const from = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"].length : 0;
  return (value, sink) => {
    if (!Array.isArray(value)) return;
    for (let index = from; index < value.length && !sink.full; index++) checkAt(check, value[index], index, sink);
  };
};

const prefixItems: KeywordCompiler = (operand, _schema, scope) => {
  if (!Array.isArray(operand)) {
    scope.problem("invalid_keyword", say`must be an array of schemas`);
    return null;
  }
  const checks: readonly SchemaCheck[] = operand.map((item: Json, index) => scope.compile(item, index));
  return (value, sink) => {
    if (!Array.isArray(value)) return;
    for (const [index, check] of checks.entries()) {
      if (index < value.length) checkAt(check, value[index], index, sink);
    }
  };
};

const uniqueItems: KeywordCompiler = (operand, _schema, scope) => {
  if (typeof operand !== "boolean") scope.problem("invalid_keyword", say`must be true or false`);
  if (operand !== true) return null;
  return (value, sink) => {
    const pair = Array.isArray(value) ? findEqual(value) : null;
    if (pair !== null) sink.add("unique_items", wording("distinct_items"), wording("equal_items", pair));
  };
};

function findEqual(list: readonly Json[]): { first: number; second: number } | null {
  const seen = new Map<string, number>();
  for (const [second, item] of list.entries()) {
    const text = canonicalJson(item);
    const first = seen.get(text);
    if (first !== undefined) return { first, second };
    seen.set(text, second);
  }
  return null;
}

/** `contains` with its two limits: at least `minContains` (1) and at most `maxContains` items match. */
const contains: KeywordCompiler = (operand, schema, scope) => {
  const check = scope.compileLogic(operand);
  const least = readLimit(schema["minContains"], 1, scope.sibling("minContains"));
  const most = readLimit(schema["maxContains"], Number.POSITIVE_INFINITY, scope.sibling("maxContains"));
  return (value, sink) => {
    if (!Array.isArray(value)) return;
    const count = value.filter((item: Json) => accepts(check, item)).length;
    if (count < least) sink.add("contains", wording("at_least_matches", { limit: least }), wording("matches", { count }));
    if (count > most) sink.add("contains", wording("at_most_matches", { limit: most }), wording("matches", { count }));
  };
};

function readLimit(operand: Json | undefined, otherwise: number, scope: SchemaScope): number {
  if (operand === undefined) return otherwise;
  if (isCount(operand)) return operand;
  scope.problem("invalid_keyword", say`must be a whole number, 0 or more`);
  return otherwise;
}

export const ARRAY_KEYWORDS: KeywordTable = {
  minItems: sizeKeyword("min_items", "at_least_items", (size, limit) => size >= limit),
  maxItems: sizeKeyword("max_items", "at_most_items", (size, limit) => size <= limit),
  prefixItems,
  items,
  uniqueItems,
  contains,
  minContains: () => null,
  maxContains: () => null,
};
