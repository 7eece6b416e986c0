import { usageError } from "#cli/cli-error";

/** Settings whose value is a list. */
const LISTS: ReadonlySet<string> = new Set(["models"]);

/** `name=value` over what is stored: numbers and booleans as such, `models` as a list, without a value: removed. */
export function settingsOf(before: object, given: readonly string[]): object {
  const pairs = given.map((one) => {
    const at = one.indexOf("=");
    if (at <= 0) throw usageError(`--setting: "${one}" is not name=value`);
    return [one.slice(0, at), read(one.slice(0, at), one.slice(at + 1))] as const;
  });
  return Object.fromEntries(Object.entries({ ...before, ...Object.fromEntries(pairs) }).filter(([, value]) => value !== ""));
}

function read(name: string, text: string): unknown {
  if (LISTS.has(name) && text !== "") return text.split(",").map((one) => one.trim());
  if (text === "true" || text === "false") return text === "true";
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}
