import type { Json } from "@millrace/contract";

/** What kind of value it is, for messages; never its contents. */
export function kindOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
