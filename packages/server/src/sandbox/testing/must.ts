import { isDeepStrictEqual } from "node:util";

/** How a call ended. */
export type Ending = { readonly value: unknown } | { readonly type: string; readonly message: string };

const LIMIT_TYPES = new Map([
  ["limit:time", "code_timeout"],
  ["limit:memory", "code_memory"],
  ["limit:output", "limit_exceeded"],
]);

/**
 * Reads a `must` of the attack list: alternatives joined by `|`, further conditions after ` & `. Answers what is wrong, or undefined.
 * `next:clean` is not looked at here: the probe runs after every entry.
 */
export function violation(must: string, ending: Ending): string | undefined {
  const [alternatives = "", ...conditions] = must.split(" & ");
  if (!alternatives.split("|").some((alternative) => matches(alternative, ending))) return `is none of ${alternatives}`;
  return conditions.find((condition) => !holds(condition, ending));
}

function matches(alternative: string, ending: Ending): boolean {
  if ("value" in ending) return alternative.startsWith("return:") && isExpected(alternative.slice("return:".length), ending.value);
  if (alternative === "error") return ending.type === "code_error";
  if (alternative === "error:stack") return ending.type === "code_error" && /stack/.test(ending.message);
  return LIMIT_TYPES.get(alternative) === ending.type;
}

function isExpected(text: string, value: unknown): boolean {
  const expected: unknown = text === "any-plain-json" ? JSON.parse(JSON.stringify(value)) : JSON.parse(text);
  return isDeepStrictEqual(value, expected);
}

function holds(condition: string, ending: Ending): boolean {
  if (condition === "next:clean") return true;
  if (condition === "message<=1000") return "message" in ending && ending.message.length <= 1_000;
  throw new Error(`unknown condition ${condition}`);
}
