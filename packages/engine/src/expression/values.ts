import type { Json } from "@millrace/contract";
import type { Meter } from "#expression/fuel";
import { isForbidden } from "#expression/names";
import { equal } from "#value/equal";
import { getOwn, isList, isObject } from "#value/json";
import { textOf } from "#value/text";

/** As in JavaScript: null, false, 0 and "" do not hold; everything else does, empty lists and objects too. */
export function truthy(value: Json): boolean {
  return value !== null && value !== false && value !== 0 && value !== "";
}

const INDEX = /^(?:0|[1-9]\d{0,15})$/;

/** `value.name`: own members only, `length` of texts and lists; null for what is missing, and of null. */
export function readMember(value: Json, name: string): Json {
  if (isList(value)) return name === "length" ? value.length : INDEX.test(name) ? (value[Number(name)] ?? null) : null;
  if (isObject(value)) return getOwn(value, name);
  return typeof value === "string" && name === "length" ? value.length : null;
}

/** `value[key]`: an index of a text or list, or a member name; null for what is missing, negative or a forbidden name. */
export function readIndex(value: Json, key: Json, meter: Meter): Json {
  if (typeof key === "string") {
    meter.scan(key.length);
    return isForbidden(key) ? null : readMember(value, key);
  }
  if (typeof key !== "number") return null;
  if (isList(value)) return Number.isInteger(key) && key >= 0 ? (value[key] ?? null) : null;
  if (isObject(value)) return getOwn(value, String(key));
  if (typeof value !== "string") return null;
  meter.scan(value.length); // The host may have to join the pieces of the text first.
  return Number.isInteger(key) && key >= 0 && key < value.length ? value.charAt(key) : null;
}

/** Text of a value; what must be written for it counts as output. */
export function meteredText(value: Json, meter: Meter): string {
  return typeof value === "string" ? value : textOf(value, (characters) => meter.text(characters));
}

/** `==`: strict and deep. What is no container is compared at once. */
export function meteredEqual(left: Json, right: Json, meter: Meter): boolean {
  if (typeof left === "string" && typeof right === "string") return equalTexts(left, right, meter);
  meter.visit(1);
  if (left === null || right === null || typeof left !== "object" || typeof right !== "object") return left === right;
  return equal(left, right, (values, characters) => {
    meter.visit(values * 2); // A pair each.
    meter.scan(characters);
  });
}

function equalTexts(left: string, right: string, meter: Meter): boolean {
  meter.visit(1);
  if (left.length !== right.length) return false;
  meter.scan(left.length);
  return left === right;
}
