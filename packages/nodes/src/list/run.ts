import type { Json } from "@millrace/contract";
import { findOperator, OPERATORS, TerminalError } from "@millrace/engine";
import { definePure } from "#kit/executor";
import type { Config, Row } from "#list/config";
import { readField } from "#list/field";
import { MAX_LIST_ITEMS } from "#list/limits";
import { sortItems } from "#list/sort-items";
import { spec } from "#list/spec";

/** Left out, then sorted, then cut: in this order, whatever the order of the members. */
export const executor = definePure<Config>(spec, ({ items, where = [], match = "all", sort, keep = "first", limit }) => {
  const list = items ?? [];
  if (list.length > MAX_LIST_ITEMS) {
    throw new TerminalError("limit_exceeded", `items has ${list.length} elements, and a list node takes ${MAX_LIST_ITEMS}: use a batch.`);
  }
  const passed = where.length === 0 ? list : list.filter((item) => passes(item, where, match));
  const sorted = sort ? sortItems(passed, sort) : passed;
  const kept = limit === undefined ? sorted : keep === "first" ? sorted.slice(0, limit) : sorted.slice(Math.max(0, sorted.length - limit));
  return { verb: "continue", output: { items: kept, first: kept[0] ?? null, last: kept.at(-1) ?? null, count: kept.length } };
});

function passes(item: Json, rows: readonly Row[], match: "all" | "any"): boolean {
  const holds = ({ field, op, value = null }: Row): boolean => {
    const name = findOperator(op);
    return name !== null && OPERATORS[name](readField(item, field), value);
  };
  return match === "any" ? rows.some(holds) : rows.every(holds);
}
