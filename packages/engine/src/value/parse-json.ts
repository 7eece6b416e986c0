import type { Json } from "@millrace/contract";
import { isList } from "#value/json";

/** The value of JSON text; undefined where the text is no JSON, or holds a number that no double can (`1e999` would not be JSON again). */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return allFinite(value) ? value : undefined;
  } catch {
    return undefined; // The one thing that the parser throws: a syntax error, which the caller reports in its own words.
  }
}

function allFinite(root: Json): boolean {
  const pending: Json[] = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === "number" && !Number.isFinite(value)) return false;
    if (typeof value !== "object" || value === null) continue;
    for (const item of isList(value) ? value : Object.values(value)) pending.push(item);
  }
  return true;
}
