import { type JsonFault, jsonFault } from "#text/json-fault.ts";

/** `fault` is null where it is JSON, and no object; then `shown` begins as it does. */
export type InputText =
  | { readonly ok: true; readonly value: object }
  | { readonly ok: false; readonly fault: JsonFault | null; readonly shown: string };

/** What somebody typed as the input of a run: a JSON object, or what is wrong with it. */
export function inputOf(text: string): InputText {
  const fault = jsonFault(text);
  const shown = text.trim().slice(0, 40);
  if (fault) return { ok: false, fault, shown };
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ok: true, value } : { ok: false, fault: null, shown };
}

/** Members that are not what they were, came, or went. */
export function changedNames(before: object, after: object): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(now.get(name)));
}
