import type { Json } from "@millrace/contract";
import { fault } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import { finite } from "#expression/functions/math";
import { sortedByKey } from "#expression/functions/order";
import { any, boolean, type Callback, callback, integer, list, optional, rest } from "#expression/functions/parameter";
import { define, type FunctionRow, onReceiver } from "#expression/functions/row";
import { meteredText } from "#expression/values";
import { isList, type JsonDraft, setOwn } from "#value/json";
import { canonicalJson } from "#value/text";
import { arrayOf, describe, NUMBER, OBJECT, type ValueType } from "#value/types";

type List = readonly Json[];

const LIST: ValueType = arrayOf({ kind: "any" });
const of = callback("callback", ["item", "index"]);
const SAME_LIST = { infer: (types: readonly ValueType[]) => types[0] ?? LIST };

const sum = define(
  "sum",
  [list("list"), optional(of)],
  NUMBER,
  "The sum of the numbers, or of what the callback gives; null counts as nothing.",
  ([items, take], meter) => total("sum", taken(items, take, meter)).sum,
);
const average = define(
  "average",
  [list("list"), optional(of)],
  NUMBER,
  "The mean of the numbers; null without any.",
  ([items, take], meter) => {
    const { sum, count } = total("average", taken(items, take, meter));
    return count === 0 ? null : finite(sum / count, "average");
  },
);
const unique = define(
  "unique",
  [list("list"), optional(of)],
  LIST,
  "Each value once, or each element with another key once; the first stays.",
  uniqueBy,
  SAME_LIST,
);
const groupBy = define(
  "groupBy",
  [list("list"), of],
  OBJECT,
  "An object of lists: the elements by the text of what the callback gives.",
  groups,
);
const sortBy = define(
  "sortBy",
  [list("list"), of, optional(boolean("descending"))],
  LIST,
  "Sorted by what the callback gives: numbers by value, then texts, null last.",
  ([items, key, descending], meter) => {
    meter.elements(items.length);
    const sorted = sortedByKey(items, taken(items, key, meter), meter);
    return descending === true ? sorted.toReversed() : sorted;
  },
  SAME_LIST,
);
const chunk = define(
  "chunk",
  [list("list"), integer("size")],
  arrayOf(LIST),
  "Lists of at most `size` elements each.",
  ([items, size], meter) => chunks(items, size, meter),
  { infer: (types) => arrayOf(types[0] ?? LIST) },
);

function extreme(name: "min" | "max", items: List, meter: Meter): Json {
  const better = name === "min" ? Math.min : Math.max;
  let best: number | null = null;
  meter.visit(items.length);
  for (const item of items) {
    if (item === null) continue;
    const number = numberOf(name, item);
    best = best === null ? number : better(best, number);
  }
  return best;
}

const MIN = "The least number, of a list or of the arguments; null does not count; null without any.";
const MAX = "The greatest number, of a list or of the arguments; null does not count; null without any.";

const SHARED: readonly FunctionRow[] = [sum, average, unique, groupBy, sortBy, chunk];

export const COLLECT_FUNCTIONS: readonly FunctionRow[] = [
  ...SHARED,
  define("min", [rest(any("values"))], NUMBER, MIN, ([values], meter) => extreme("min", listOf(values), meter)),
  define("max", [rest(any("values"))], NUMBER, MAX, ([values], meter) => extreme("max", listOf(values), meter)),
];

export const COLLECT_METHODS: readonly FunctionRow[] = [
  ...SHARED.map((row) => onReceiver(row, "list")),
  onReceiver(
    define("min", [list("list")], NUMBER, MIN, ([items], meter) => extreme("min", items, meter)),
    "list",
  ),
  onReceiver(
    define("max", [list("list")], NUMBER, MAX, ([items], meter) => extreme("max", items, meter)),
    "list",
  ),
];

function listOf(values: List): List {
  const [first] = values;
  return values.length === 1 && first !== undefined && isList(first) ? first : values;
}

/** What the callback gives for each element, or the elements. */
function taken(items: List, take: Callback | null, meter: Meter): List {
  meter.visit(items.length);
  if (take === null) return items;
  meter.elements(items.length);
  return items.map((item, index) => take(item, index, null));
}

function total(name: string, items: List): { readonly sum: number; readonly count: number } {
  let sum = 0;
  let count = 0;
  for (const item of items) {
    if (item === null) continue;
    sum += numberOf(name, item);
    count++;
  }
  return { sum: finite(sum, name), count };
}

function numberOf(name: string, item: Json): number {
  if (typeof item === "number") return item;
  throw fault("bad_argument", `${name}: every value must be a number, one is ${describe(item)}.`);
}

/** Finding a place in a set takes longer than looking at an element. */
const LOOKUPS_PER_STEP = 2;

function uniqueBy([items, take]: readonly [List, Callback | null], meter: Meter): Json {
  const keys = taken(items, take, meter);
  meter.step(items.length / LOOKUPS_PER_STEP);
  const seen = new Set<Json>();
  const kept: Json[] = [];
  for (let index = 0; index < items.length; index++) {
    const key = identity(keys[index] ?? null, meter);
    if (seen.has(key)) continue;
    meter.elements(1);
    seen.add(key);
    kept.push(items[index] ?? null);
  }
  return kept;
}

/** Something that is the same for equal values: containers by their canonical text, marked so that no string is equal to it. */
function identity(value: Json, meter: Meter): Json {
  if (typeof value === "string") {
    meter.scan(value.length);
    return `"${value}`;
  }
  return typeof value === "object" && value !== null ? canonicalText(value, meter) : value;
}

/** Sorting the keys of everything within makes this writing the slowest of all. */
const CANONICAL_FACTOR = 16;

function canonicalText(value: Json, meter: Meter): string {
  return canonicalJson(value, (characters) => {
    meter.text(characters);
    meter.scan(characters * CANONICAL_FACTOR);
  });
}

function groups([items, take]: readonly [List, Callback], meter: Meter): Json {
  const byKey = new Map<string, Json[]>();
  for (const [index, key] of taken(items, take, meter).entries()) {
    const name = meteredText(key, meter);
    meter.scan(name.length);
    meter.elements(1);
    const group = byKey.get(name);
    if (group === undefined) byKey.set(name, [items[index] ?? null]);
    else group.push(items[index] ?? null);
  }
  meter.members(byKey.size);
  const built: JsonDraft = {};
  for (const [name, group] of byKey) setOwn(built, name, group);
  return built;
}

function chunks(items: List, size: number, meter: Meter): Json {
  if (size < 1) throw fault("bad_argument", 'chunk: "size" must be at least 1.');
  const length = Math.ceil(items.length / size);
  meter.elements(items.length + length);
  meter.step(length);
  return Array.from({ length }, (_, index) => items.slice(index * size, (index + 1) * size));
}
