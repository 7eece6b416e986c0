import type { Json } from "@millrace/contract";
import { isList, isObject } from "#value/json";

/** Called with the work of a comparison before it is done: values looked at, and characters of strings that must be read. */
export type EqualCharge = (values: number, characters: number) => void;

function free(): void {}

/**
 * Strict, deep equality of plain data: same type and same contents; the order of members does not matter.
 * Iterative: neither depth nor breadth can exhaust the stack.
 */
export function equal(left: Json, right: Json, charge: EqualCharge = free): boolean {
  if (left === right && typeof left !== "string") return true;
  const pending: Json[] = [left, right];
  while (pending.length > 0) {
    const r = pending.pop() ?? null;
    const l = pending.pop() ?? null;
    if (!equalAtTop(l, r, pending, charge)) return false;
  }
  return true;
}

/** Compares what lies at the top, and leaves pairs of contents in `pending`. */
function equalAtTop(l: Json, r: Json, pending: Json[], charge: EqualCharge): boolean {
  charge(1, 0);
  if (typeof l === "string" && typeof r === "string") return equalText(l, r, charge);
  if (l === r) return true;
  if (isList(l)) return isList(r) && queueItems(l, r, pending, charge);
  return isObject(l) && isObject(r) && queueMembers(l, r, pending);
}

function equalText(l: string, r: string, charge: EqualCharge): boolean {
  if (l.length !== r.length) return false;
  charge(0, l.length);
  return l === r;
}

function queueItems(l: readonly Json[], r: readonly Json[], pending: Json[], charge: EqualCharge): boolean {
  if (l.length !== r.length) return false;
  charge(l.length, 0); // Before the contents are queued: a list of millions must not be copied for free.
  for (let i = l.length - 1; i >= 0; i--) pending.push(l[i] ?? null, r[i] ?? null);
  return true;
}

function queueMembers(l: { readonly [key: string]: Json }, r: { readonly [key: string]: Json }, pending: Json[]): boolean {
  const keys = Object.keys(l);
  if (keys.length !== Object.keys(r).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(r, key)) return false;
    pending.push(l[key] ?? null, r[key] ?? null);
  }
  return true;
}
