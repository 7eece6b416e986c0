import type { Json, JsonObject } from "@millrace/contract";
import { fault } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import { any, list, object } from "#expression/functions/parameter";
import { define, type FunctionRow, onReceiver } from "#expression/functions/row";
import { meteredText } from "#expression/values";
import { isList, isObject, type JsonDraft, setOwn } from "#value/json";
import { ANY, arrayOf, describe, OBJECT, STRING } from "#value/types";

const keys = define("keys", [any("value")], arrayOf(ANY), "The names of an object's members, or the indexes of a list.", ([value], meter) =>
  contents("keys", value, meter, (key) => key),
);
const values = define(
  "values",
  [any("value")],
  arrayOf(ANY),
  "The values of an object's members, or the elements of a list.",
  ([value], meter) => contents("values", value, meter, (_, item) => item),
);
const entries = define(
  "entries",
  [any("value")],
  arrayOf(arrayOf(ANY)),
  "Pairs of name and value, or of index and element.",
  ([value], meter) =>
    contents("entries", value, meter, (key, item) => {
      meter.elements(2);
      return [key, item];
    }),
);
const fromEntries = define(
  "fromEntries",
  [list("pairs")],
  OBJECT,
  "An object from pairs of name and value; of equal names the last one stays.",
  ([pairs], meter) => build(pairs, meter),
);
const pick = define("pick", [object("object"), list("names")], OBJECT, "The object with these members only.", ([from, names], meter) => {
  const wanted = new Set(names.map((name) => meteredText(name, meter)));
  return select(from, (name) => wanted.has(name), meter);
});
const omit = define("omit", [object("object"), list("names")], OBJECT, "The object without these members.", ([from, names], meter) => {
  const unwanted = new Set(names.map((name) => meteredText(name, meter)));
  return select(from, (name) => !unwanted.has(name), meter);
});

function named(row: FunctionRow, name: string): FunctionRow {
  return { ...row, name };
}

export const OBJECT_FUNCTIONS: readonly FunctionRow[] = [
  ...[keys, values, entries, fromEntries, pick, omit],
  named(keys, "Object.keys"),
  named(values, "Object.values"),
  named(entries, "Object.entries"),
  named(fromEntries, "Object.fromEntries"),
];

export const OBJECT_METHODS: readonly FunctionRow[] = [
  ...[keys, values, entries].flatMap((row) => [
    onReceiver({ ...row, returns: row === keys ? arrayOf(STRING) : row.returns }, "object"),
    onReceiver(row, "list"),
  ]),
  onReceiver(pick, "object"),
  onReceiver(omit, "object"),
];

function contents(name: string, value: Json, meter: Meter, take: (key: Json, item: Json) => Json): Json {
  if (value === null) return null;
  if (isList(value)) {
    meter.elements(value.length);
    return value.map((item, index) => take(index, item));
  }
  if (!isObject(value)) throw fault("bad_argument", `${name}: "value" must be an object or a list, not ${describe(value)}.`);
  const members = Object.keys(value);
  meter.elements(members.length);
  return members.map((key) => take(key, value[key] ?? null));
}

function build(pairs: readonly Json[], meter: Meter): Json {
  const built: JsonDraft = {};
  meter.members(pairs.length);
  for (const pair of pairs) {
    if (!isList(pair)) throw fault("bad_argument", `fromEntries: each pair must be a list [name, value], not ${describe(pair)}.`);
    const name = meteredText(pair[0] ?? null, meter);
    meter.scan(name.length);
    setOwn(built, name, pair[1] ?? null);
  }
  return built;
}

function select(from: JsonObject, wanted: (name: string) => boolean, meter: Meter): Json {
  const built: JsonDraft = {};
  const names = Object.keys(from);
  meter.visit(names.length);
  for (const name of names) {
    if (!wanted(name)) continue;
    meter.members(1);
    setOwn(built, name, from[name] ?? null);
  }
  return built;
}
