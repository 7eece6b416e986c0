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

/** A member or item a line, each behind so many spaces; texts of several lines as they are, others on one line. */
export function blockText(value: Json, indent: number): string {
  const blockQuote = hasUnseenEnds(value) ? false : "literal";
  const lines = stringify(value, { lineWidth: 0, blockQuote, doubleQuotedMinMultiLineLength: NEVER }).trimEnd().split("\n");
  return lines.map((line) => (line === "" ? "" : " ".repeat(indent) + line)).join("\n");
}

/** The value of a member that stands behind so many spaces: a text of several lines below its name, each line as it is. */
export function linesText(value: string, indent: number): string {
  return blockText({ k: value }, indent).trimStart().slice("k: ".length);
}

const NEVER = Number.MAX_SAFE_INTEGER;

/** White space at the end of a line, which nobody would see, or blank lines at the end, which would be lost among those that follow. */
function hasUnseenEnds(value: Json): boolean {
  if (typeof value === "string") return /[^\S\n](?:\n|$)|\n\n$|^\n$/.test(value);
  if (Array.isArray(value)) return value.some(hasUnseenEnds);
  return isJsonObject(value) && Object.values(value).some(hasUnseenEnds);
}

/** As it may stand among brackets and commas. What plain YAML would fold over lines is said as JSON, which is YAML. */
function scalarText(value: Json): string {
  if (typeof value === "string" && /\p{Cc}/u.test(value)) return JSON.stringify(value);
  const list = stringify([value], { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 });
  return list.trim().slice(1, -1).trim();
}
