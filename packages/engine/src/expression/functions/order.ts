import type { Json } from "@millrace/contract";
import type { Meter } from "#expression/fuel";
import { meteredText } from "#expression/values";

type Key = number | string | null;

/** The items in the order of their keys, stable: numbers by value, then texts by UTF-16 unit (other values by their text), null last. */
export function sortedByKey(items: readonly Json[], keys: readonly Json[], meter: Meter): readonly Json[] {
  const sortKeys = keys.map((key) => (key === null || typeof key === "number" ? key : meteredText(key, meter)));
  const order = items.map((_, index) => index).sort((l, r) => compareKeys(sortKeys[l] ?? null, sortKeys[r] ?? null, meter));
  return order.map((index) => items[index] ?? null);
}

function compareKeys(left: Key, right: Key, meter: Meter): number {
  meter.visit(1);
  const ranks = rank(left) - rank(right);
  if (ranks !== 0) return ranks;
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return compareTexts(left, right, meter);
  return 0;
}

function rank(key: Key): number {
  if (key === null) return 2;
  return typeof key === "number" ? 0 : 1;
}

function compareTexts(left: string, right: string, meter: Meter): number {
  meter.scan(Math.min(left.length, right.length));
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
