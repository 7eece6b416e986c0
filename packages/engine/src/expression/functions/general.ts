import type { Json, JsonObject } from "@millrace/contract";
import { conversionFault, fault } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import { any, integer, object, optional, rest, string, text } from "#expression/functions/parameter";
import { define, type FunctionRow, onReceiver } from "#expression/functions/row";
import { isForbidden } from "#expression/names";
import { meteredText, readMember, truthy } from "#expression/values";
import { isList, isObject, type JsonDraft, setOwn } from "#value/json";
import { isEmpty as emptyValue } from "#value/operators";
import { commonTypeOf } from "#value/sample-type";
import { ANY, arrayOf, BOOLEAN, convert as convertValue, describe, INTEGER, OBJECT, parseType, STRING } from "#value/types";

const isEmpty = define("isEmpty", [any("value")], BOOLEAN, 'Is it null, "", [] or {}?', ([value]) => emptyValue(value));

const has = define("has", [any("value"), text("key")], BOOLEAN, "Does the object have a member of that name?", ([value, key]) => {
  return isObject(value) && Object.hasOwn(value, key);
});

const fallback = define(
  "default",
  [any("value"), any("fallback")],
  ANY,
  "The value, or `fallback` where it is null.",
  ([value, other]) => value ?? other,
  {
    passes: true,
    infer: commonTypeOf,
  },
);

export const GENERAL_FUNCTIONS: readonly FunctionRow[] = [
  define(
    "String",
    [any("value")],
    STRING,
    "The value as text: null is empty, objects and lists are JSON, a file is its URL.",
    ([value], meter) => meteredText(value, meter),
  ),
  define("Boolean", [any("value")], BOOLEAN, 'Does the value hold? Null, false, 0 and "" do not.', ([value]) => truthy(value)),
  define("typeOf", [any("value")], STRING, '"null", "boolean", "number", "string", "list" or "object".', ([value]) => typeOf(value)),
  isEmpty,
  has,
  define(
    "coalesce",
    [rest(any("values"))],
    ANY,
    "The first value that is not null.",
    ([values]) => values.find((value) => value !== null) ?? null,
    {
      passes: true,
      infer: commonTypeOf,
    },
  ),
  define(
    "convert",
    [any("value"), string("type")],
    ANY,
    'The value as that type ("number", "array<string>", …); null stays null.',
    convert,
  ),
  define("path", [any("value"), string("path")], ANY, 'Follows names and indexes, as "a.0.b"; null where a step is missing.', follow, {
    passes: true,
  }),
  define(
    "zip",
    [object("lists")],
    arrayOf(OBJECT),
    "One object for each place of the lists {a: list, b: list}; as long as the shortest.",
    ([lists], meter) => zip(lists, meter),
  ),
  define(
    "range",
    [integer("start"), optional(integer("end"))],
    arrayOf(INTEGER),
    "The integers from `start` up to `end`; with one argument from 0.",
    range,
  ),
  define("Array.isArray", [any("value")], BOOLEAN, "Is it a list?", ([value]) => isList(value)),
];

export const GENERAL_METHODS: readonly FunctionRow[] = [
  onReceiver(isEmpty, "any"),
  onReceiver(fallback, "any"),
  onReceiver(has, "object"),
  onReceiver(
    define("toString", [any("value")], STRING, "The value as text.", ([value], meter) => meteredText(value, meter)),
    "any",
  ),
];

function typeOf(value: Json): string {
  if (value === null) return "null";
  return isList(value) ? "list" : typeof value;
}

function convert([value, name]: readonly [Json, string], meter: Meter): Json {
  const type = parseType(name);
  if (type === null) throw fault("bad_argument", `convert: "${name.slice(0, 50)}" is no type.`);
  // Reading a text or writing one is work in proportion to its length.
  if (value !== null && type.kind === "string") return meteredText(value, meter);
  if (typeof value === "string") meter.scan(value.length);
  const converted = convertValue(value, type);
  if (!converted.ok) throw conversionFault(converted.message);
  return converted.value;
}

function follow([value, path]: readonly [Json, string], meter: Meter): Json {
  if (path === "") return value;
  meter.scan(path.length);
  let at = value;
  for (const name of path.split(".")) at = isForbidden(name) ? null : readMember(at, name);
  return at;
}

function zip(lists: JsonObject, meter: Meter): Json {
  const columns = Object.entries(lists).map(([name, list]) => [name, columnOf(name, list)] as const);
  const [first] = columns;
  const length = first === undefined ? 0 : columns.reduce((least, [, list]) => Math.min(least, list.length), first[1].length);
  meter.elements(length);
  meter.members(length * columns.length);
  return Array.from({ length }, (_, index) => {
    const row: JsonDraft = {};
    for (const [name, list] of columns) setOwn(row, name, list[index] ?? null);
    return row;
  });
}

function columnOf(name: string, list: Json): readonly Json[] {
  if (list === null) return [];
  if (isList(list)) return list;
  throw fault("bad_argument", `zip: "${name.slice(0, 50)}" must be a list, not ${describe(list)}.`);
}

function range([start, end]: readonly [number, number | null], meter: Meter): Json {
  const [first, last] = end === null ? [0, start] : [start, end];
  const length = Math.max(0, last - first);
  meter.elements(length);
  return Array.from({ length }, (_, index) => first + index);
}
