import { isJsonObject, type Json } from "@millrace/contract";
import { stringify } from "yaml";

export type Notation = "yaml" | "json";

/** On one line. */
export function flowText(value: Json, notation: Notation): string {
  if (Array.isArray(value)) return `[${value.map((each: Json) => flowText(each, notation)).join(", ")}]`;
  if (!isJsonObject(value)) return notation === "json" ? JSON.stringify(value) : scalarText(value);
  const members = Object.entries(value).map(([name, each]) => `${flowText(name, notation)}: ${flowText(each, notation)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** A member or item a line, each behind so many spaces. */
export function blockText(value: Json, indent: number): string {
  const lines = stringify(value, { lineWidth: 0, blockQuote: false }).trimEnd().split("\n");
  return lines.map((line) => " ".repeat(indent) + line).join("\n");
}

/** As it may stand among brackets and commas. What plain YAML would fold over lines is said as JSON, which is YAML. */
function scalarText(value: Json): string {
  if (typeof value === "string" && /\p{Cc}/u.test(value)) return JSON.stringify(value);
  const list = stringify([value], { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 });
  return list.trim().slice(1, -1).trim();
}
