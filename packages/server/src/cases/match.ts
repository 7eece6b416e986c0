import { type Difference, isJsonObject, type Json, type JsonObject, type Said, say } from "@millrace/contract";
import { equal } from "@millrace/engine";
import { linearPatterns } from "#workflows/linear-patterns";

// What is expected of a value: the value itself, or a matcher in its place, at any depth. An object whose members are all names of matchers is
// one; `{ equals: … }` is for values that look like one.

const TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"] as const;

type Check = (wanted: Json, actual: Json) => string | null;

/** Each says what is wrong; null: nothing. */
const MATCHERS: { readonly [name: string]: Check } = {
  equals: (wanted, actual) => (equal(wanted, actual) ? null : `expected ${shown(wanted)}`),
  match: (wanted, actual) =>
    typeof actual === "string" && matches(String(wanted), actual) ? null : `expected a text that matches ${String(wanted)}`,
  contains: (wanted, actual) => (contains(wanted, actual) ? null : `expected something that contains ${shown(wanted)}`),
  type: (wanted, actual) => (isOfType(String(wanted), actual) ? null : `expected a value of type ${String(wanted)}`),
  range: (wanted, actual) => (isWithin(wanted, actual) ? null : `expected a number from ${rangeText(wanted)}`),
};

export function isMatcher(expected: Json): expected is JsonObject {
  if (!isJsonObject(expected)) return false;
  const names = Object.keys(expected);
  return names.length > 0 && names.every((name) => Object.hasOwn(MATCHERS, name));
}

/** Why a matcher can match nothing; null: it may. */
export function faultOf(matcher: JsonObject): Said | null {
  const { match, type, range } = matcher;
  if (match !== undefined && !isPattern(match)) return say`match: ${shown(match)} is not a pattern of RE2`;
  if (type !== undefined && !TYPES.some((each) => each === type)) return say`type: one of ${TYPES.join(", ")}`;
  if (range !== undefined && !isRange(range)) return say`range: two numbers, [least, most]; null where there is no bound`;
  return null;
}

export function holds(expected: Json, actual: Json): boolean {
  return compare(expected, actual, "").length === 0;
}

/** Where the actual value is not what is expected, each at the smallest value that differs. `at`: what the value itself is called. */
export function compare(expected: Json, actual: Json | undefined, at: string): readonly Difference[] {
  if (actual === undefined) return [{ at, message: `expected ${shown(expected)}, and there is nothing`, expected }];
  const part = containedMembers(expected);
  if (part && isJsonObject(actual))
    return Object.entries(part).flatMap(([name, value]) => compare(containing(value), actual[name], memberOf(at, name)));
  if (isMatcher(expected)) {
    const wrong = Object.entries(expected).flatMap(([name, wanted]) => MATCHERS[name]?.(wanted, actual) ?? []);
    return wrong.length === 0 ? [] : [{ at, message: `${wrong.join(", and ")}, and it is ${shown(actual)}`, expected, actual }];
  }
  if (isJsonObject(expected) && isJsonObject(actual)) return compareObjects(expected, actual, at);
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length)
    return expected.flatMap((each: Json, index) => compare(each, actual[index], `${at}[${index}]`));
  return equal(expected, actual) ? [] : [{ at, message: `expected ${shown(expected)}, and it is ${shown(actual)}`, expected, actual }];
}

function compareObjects(expected: JsonObject, actual: JsonObject, at: string): readonly Difference[] {
  const wanted = Object.entries(expected).flatMap(([name, value]) => compare(value, actual[name], memberOf(at, name)));
  const extra = Object.entries(actual).filter(([name]) => !Object.hasOwn(expected, name));
  return [
    ...wanted,
    ...extra.map(([name, value]) => ({ at: memberOf(at, name), message: `nothing is expected, and it is ${shown(value)}`, actual: value })),
  ];
}

function memberOf(at: string, name: string): string {
  return at === "" ? name : `${at}.${name}`;
}

function contains(wanted: Json, actual: Json): boolean {
  if (typeof actual === "string") return typeof wanted === "string" && actual.includes(wanted);
  if (Array.isArray(actual)) {
    const all: readonly Json[] = Array.isArray(wanted) ? wanted : [wanted];
    return all.every((each) => actual.some((one: Json) => holds(containing(each), one)));
  }
  if (!isJsonObject(actual) || !isJsonObject(wanted)) return false;
  return Object.entries(wanted).every(([name, value]) => Object.hasOwn(actual, name) && holds(containing(value), actual[name] ?? null));
}

/** The members that an object is to have at least; null: that is not what is expected. */
export function containedMembers(expected: Json): JsonObject | null {
  if (!isMatcher(expected) || Object.keys(expected).length > 1) return null;
  const { contains: members = null } = expected;
  return isJsonObject(members) ? members : null;
}

/** Within what is contained, objects are contained too. */
function containing(value: Json): Json {
  return isJsonObject(value) && !isMatcher(value) ? { contains: value } : value;
}

function isOfType(type: string, value: Json): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isJsonObject(value);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

function isWithin(range: Json, actual: Json): boolean {
  if (!isRange(range) || typeof actual !== "number") return false;
  const [least, most] = range;
  return (least === null || actual >= least) && (most === null || actual <= most);
}

function isRange(range: Json): range is readonly [number | null, number | null] {
  return Array.isArray(range) && range.length === 2 && range.every((bound: Json) => bound === null || typeof bound === "number");
}

function rangeText(range: Json): string {
  return isRange(range) ? `${range[0] ?? "-∞"} to ${range[1] ?? "∞"}` : shown(range);
}

function isPattern(pattern: Json): boolean {
  try {
    return typeof pattern === "string" && linearPatterns(pattern) !== null;
  } catch {
    return false;
  }
}

function matches(pattern: string, text: string): boolean {
  return isPattern(pattern) && linearPatterns(pattern).test(text);
}

/** Characters of a value in a message. */
const SHOWN = 200;

export function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}
