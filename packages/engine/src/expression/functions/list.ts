import type { Json } from "@millrace/contract";
import { fault } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import { sortedByKey } from "#expression/functions/order";
import {
  absentOr,
  any,
  callback,
  integer,
  list,
  optional,
  type Parameter,
  rest,
  string,
  type Values,
} from "#expression/functions/parameter";
import { define, type FunctionRow, onReceiver, type RowOptions } from "#expression/functions/row";
import { joined } from "#expression/functions/text";
import { meteredEqual, meteredText, truthy } from "#expression/values";
import { isList } from "#value/json";
import { ANY, arrayOf, BOOLEAN, INTEGER, STRING, type ValueType } from "#value/types";

type List = readonly Json[];

function method<const P extends readonly Parameter<unknown>[]>(
  name: string,
  parameters: P,
  returns: ValueType,
  doc: string,
  body: (args: [List, ...Values<P>], meter: Meter) => Json,
  options: RowOptions = {},
): FunctionRow {
  const row = define(
    name,
    [list("self"), ...parameters] as const,
    returns,
    doc,
    // The same tuple in the words of this signature: the compiler does not see through the spread of a generic one.
    (args, meter) => body(args as unknown as [List, ...Values<P>], meter),
    options,
  );
  return onReceiver(row, "list");
}

const LIST = arrayOf(ANY);
const each = callback("callback", ["item", "index"]);
const SAME_LIST: RowOptions = { infer: (types) => types[0] ?? LIST };
const ELEMENT: RowOptions = { infer: ([self]) => (self?.kind === "array" ? self.items : ANY), passes: true };

export const LIST_METHODS: readonly FunctionRow[] = [
  method(
    "at",
    [integer("index")],
    ANY,
    "The element at `index`; a negative one counts from the end; null beyond.",
    ([self, index]) => self.at(index) ?? null,
    ELEMENT,
  ),
  method("concat", [rest(any("others"))], LIST, "The list with others behind it; what is no list becomes one element.", concat),
  method("every", [each], BOOLEAN, "Does it hold for every element?", ([self, holds]) =>
    self.every((item, index) => truthy(holds(item, index, null))),
  ),
  method("filter", [each], LIST, "The elements for which it holds.", filter, SAME_LIST),
  method(
    "find",
    [each],
    ANY,
    "The first element for which it holds, or null.",
    ([self, holds]) => self.find((item, index) => truthy(holds(item, index, null))) ?? null,
    ELEMENT,
  ),
  method("findIndex", [each], INTEGER, "Where it first holds, −1 if nowhere.", ([self, holds]) =>
    self.findIndex((item, index) => truthy(holds(item, index, null))),
  ),
  method(
    "findLast",
    [each],
    ANY,
    "The last element for which it holds, or null.",
    ([self, holds]) => self.findLast((item, index) => truthy(holds(item, index, null))) ?? null,
    ELEMENT,
  ),
  method("flat", [optional(integer("depth"))], LIST, "Lists within the list laid open, `depth` levels (1).", ([self, depth], meter) =>
    flatten(self, depth ?? 1, meter),
  ),
  method("flatMap", [each], LIST, "What the callback gives for each element, lists laid open.", flatMap),
  method(
    "includes",
    [any("value"), optional(integer("from"))],
    BOOLEAN,
    "Is an element equal to `value`?",
    ([self, value, from], meter) => indexOf(self, value, from ?? 0, meter) >= 0,
  ),
  method(
    "indexOf",
    [any("value"), optional(integer("from"))],
    INTEGER,
    "Where `value` first is, −1 if nowhere.",
    ([self, value, from], meter) => indexOf(self, value, from ?? 0, meter),
  ),
  method("join", [optional(string("separator"))], STRING, "The texts of the elements with a separator (a comma) between.", join),
  method("lastIndexOf", [any("value")], INTEGER, "Where `value` last is, −1 if nowhere.", ([self, value], meter) =>
    self.findLastIndex((item) => meteredEqual(item, value, meter)),
  ),
  method("map", [each], LIST, "What the callback gives for each element.", map, { infer: (types) => arrayOf(types[1] ?? ANY) }),
  method(
    "reduce",
    [callback("callback", ["total", "item", "index"]), absentOr(any("start"))],
    ANY,
    "One value from all elements, beginning with `start`, or with the first element.",
    reduce,
  ),
  method(
    "slice",
    [optional(integer("start")), optional(integer("end"))],
    LIST,
    "The elements from `start` up to `end`; negative ones count from the end.",
    slice,
    SAME_LIST,
  ),
  method("some", [each], BOOLEAN, "Does it hold for any element?", ([self, holds]) =>
    self.some((item, index) => truthy(holds(item, index, null))),
  ),
  method("toReversed", [], LIST, "The elements from last to first.", ([self], meter) => copied(self, meter).toReversed(), SAME_LIST),
  method(
    "toSorted",
    [optional(callback("compare", ["left", "right"]))],
    LIST,
    "Sorted: by `compare` (a number), else numbers by value and texts by character; null last.",
    ([self, compare], meter) =>
      compare === null
        ? sortedByKey(copied(self, meter), copied(self, meter), meter)
        : copied(self, meter).toSorted((l, r) => orderOf(compare(l, r, null))),
    SAME_LIST,
  ),
];

function copied(self: List, meter: Meter): List {
  meter.elements(self.length);
  return self;
}

function orderOf(order: Json): number {
  if (typeof order === "number") return order;
  throw fault("bad_argument", "toSorted: the callback must give a number: negative, zero or positive.");
}

function concat([self, others]: [List, List], meter: Meter): Json {
  const all: Json[] = [];
  append(all, self, meter);
  for (const other of others) append(all, other, meter);
  return all;
}

function filter([self, holds]: [List, (item: Json, index: Json, none: Json) => Json], meter: Meter): Json {
  const kept: Json[] = [];
  for (let index = 0; index < self.length; index++) {
    const item = self[index] ?? null;
    if (!truthy(holds(item, index, null))) continue;
    meter.elements(1);
    kept.push(item);
  }
  return kept;
}

function map([self, change]: [List, (item: Json, index: Json, none: Json) => Json], meter: Meter): Json {
  meter.elements(self.length);
  return self.map((item, index) => change(item, index, null));
}

function flatMap([self, change]: [List, (item: Json, index: Json, none: Json) => Json], meter: Meter): Json {
  const all: Json[] = [];
  for (let index = 0; index < self.length; index++) append(all, change(self[index] ?? null, index, null), meter);
  return all;
}

function append(all: Json[], value: Json, meter: Meter): void {
  if (!isList(value)) {
    meter.elements(1);
    all.push(value);
    return;
  }
  meter.elements(value.length);
  for (const item of value) all.push(item);
}

/** Deeper than any result may be: all levels. */
const MAX_FLAT_DEPTH = 128;

function flatten(self: List, depth: number, meter: Meter): Json {
  let flat = copied(self, meter);
  for (let level = 0; level < Math.min(depth, MAX_FLAT_DEPTH) && flat.some(isList); level++) {
    const next: Json[] = [];
    for (const item of flat) append(next, item, meter);
    flat = next;
  }
  return flat;
}

function indexOf(self: List, value: Json, from: number, meter: Meter): number {
  const first = from < 0 ? Math.max(0, self.length + from) : from;
  for (let index = first; index < self.length; index++) if (meteredEqual(self[index] ?? null, value, meter)) return index;
  return -1;
}

function join([self, separator]: [List, string | null], meter: Meter): Json {
  meter.elements(self.length);
  return joined(
    self.map((item) => meteredText(item, meter)),
    separator ?? ",",
    meter,
  );
}

function reduce([self, step, start]: [List, (total: Json, item: Json, index: Json) => Json, Json | undefined]): Json {
  let total = start === undefined ? (self[0] ?? null) : start;
  for (let index = start === undefined ? 1 : 0; index < self.length; index++) total = step(total, self[index] ?? null, index);
  return total;
}

function slice([self, start, end]: [List, number | null, number | null], meter: Meter): Json {
  const from = start ?? 0;
  const first = from < 0 ? Math.max(0, self.length + from) : from;
  const to = end ?? self.length;
  const last = to < 0 ? self.length + to : Math.min(to, self.length);
  meter.elements(Math.max(0, last - first));
  return self.slice(first, Math.max(first, last));
}
