import { compareCodePoints, type Json } from "@millrace/contract";
import { textOf } from "@millrace/engine";
import type { SortKey } from "#list/config";
import { readField } from "#list/field";

type Key = number | string | null;

/** Stable. Numbers come before texts, and other values go by their text; what is null or missing comes last in either order. */
export function sortItems(items: readonly Json[], keys: readonly SortKey[]): readonly Json[] {
  const rows = items.map((item) => ({ item, keys: keys.map(({ field }) => keyOf(readField(item, field))) }));
  rows.sort((left, right) => {
    for (const [index, { order }] of keys.entries()) {
      const compared = compare(left.keys[index] ?? null, right.keys[index] ?? null, order === "desc" ? -1 : 1);
      if (compared !== 0) return compared;
    }
    return 0;
  });
  return rows.map(({ item }) => item);
}

function keyOf(value: Json): Key {
  return value === null || typeof value === "number" ? value : textOf(value);
}

function compare(left: Key, right: Key, direction: 1 | -1): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (typeof left === "number" && typeof right === "number") return direction * (left - right);
  if (typeof left === "string" && typeof right === "string") return direction * compareCodePoints(left, right);
  return direction * (typeof left === "number" ? -1 : 1);
}
