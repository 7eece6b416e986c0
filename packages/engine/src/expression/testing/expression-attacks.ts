import { readFileSync } from "node:fs";
import type { JsonObject } from "@millrace/contract";

export interface ExpressionAttack {
  readonly name: string;
  /** The text of a field, its data after "with". */
  readonly code: string;
  /** Allowed outcomes, joined by `|`. */
  readonly must: string;
}

export const EXPRESSION_ATTACKS = JSON.parse(
  readFileSync(new URL("./expression-attacks.json", import.meta.url), "utf8"),
) as readonly ExpressionAttack[];

/** What no outcome holds that is plain data. */
export const HOST_WORDS = /\[object|native code|function|process|global/;

/** The field and the data that each entry describes in words. */
export function fieldOf(code: string): { text: string; data: JsonObject } {
  const base: JsonObject = { x: { y: 1, a: { a: 1 } }, list: [1, 2, 3], text: "text", env: { REGION: "sg" } };
  const [text = "", words] = code.split(/ (?:with|in) (?=[a-zA-Z]+ (?:=|field)|a field|any field)/);
  return { text, data: { ...base, ...(words === undefined ? {} : dataOf(words)) } };
}

function dataOf(words: string): JsonObject {
  const items = /^list = (\d+) items$/.exec(words);
  if (items !== null) return { list: Array.from({ length: Number(items[1]) }, (_, i) => i) };
  if (words === 'text = "a" x 1000000') return { text: "a".repeat(1_000_000) };
  if (words === 'text = "a" x 50000 + "!"') return { text: `${"a".repeat(50_000)}!` };
  if (words === 'userText = "{{ secret }}"') return { userText: "{{ secret }}", secret: "SECRET" };
  if (words === 'a = "{", b = "{ secret }}"') return { a: "{", b: "{ secret }}", secret: "SECRET" };
  if (words === 'x = JSON {"__proto__": 1}') return { x: JSON.parse('{"__proto__": 1}') };
  // `secrets` is a name that a field without the mark cannot see: it is simply not there.
  if (!/^(a field not marked secret-bearing|any field)$/.test(words)) throw new Error(`no data is known for ${words}`);
  return {};
}
