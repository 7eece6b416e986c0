import { type Json, LIMITS, type ValuePreview } from "@millrace/contract";
import type { Entry } from "@millrace/engine";

/** The value, or where it is longer than a page should load, its beginning. `name`: what the whole is asked for by. */
export function previewed(name: string, value: Json): { readonly whole: Json } | { readonly preview: ValuePreview } {
  const limit = LIMITS.previewBytes.value;
  const text = JSON.stringify(value);
  // Most values are short, and their bytes need not be counted.
  if (text.length * 3 <= limit) return { whole: value };
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return { whole: value };
  // A character that is cut in two is left out.
  return { preview: { value: name, bytes: bytes.length, text: new TextDecoder().decode(bytes.subarray(0, limit), { stream: true }) } };
}

/** What the name stands for: `input`, `output`, or the number of the entry with which a node finished. undefined: nothing. */
export function valueNamed(name: string, journal: readonly Entry[]): Json | undefined {
  const [accepted] = journal;
  if (name === "input") return accepted?.type === "run-accepted" ? accepted.input : undefined;
  const entry = name === "output" ? journal.at(-1) : /^\d{1,9}$/.test(name) ? journal[Number(name)] : undefined;
  if (entry?.type === "node-finished" || entry?.type === "run-finished") return entry.output;
  return undefined;
}
