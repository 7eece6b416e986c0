import type { Json } from "@millrace/contract";
import { fileUrl } from "#value/file";
import { type Charge, type JsonStyle, writeJson } from "#value/json-writer";

const TEXT_STYLE: JsonStyle = { indent: 0, filesAsUrls: true, sortKeys: false };
const CANONICAL_STYLE: JsonStyle = { indent: 0, filesAsUrls: false, sortKeys: true };

function unlimited(): void {}

/**
 * Text of a value: a string as it is, a number in its shortest decimal form that reads back the same, `true`/`false`, null as "",
 * a file as its URL (also inside), other objects and lists as compact JSON. `charge` sees the characters before they are added.
 */
export function textOf(value: Json, charge: Charge = unlimited): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (typeof value !== "object") return String(value);
  return fileUrl(value) ?? writeJson(value, TEXT_STYLE, charge);
}

/** JSON text that is the same for equal values, whatever the order of their members. */
export function canonicalJson(value: Json, charge: Charge = unlimited): string {
  return writeJson(value, CANONICAL_STYLE, charge);
}
