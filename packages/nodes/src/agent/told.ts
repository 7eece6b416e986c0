import type { Json } from "@millrace/contract";
import { textOf } from "@millrace/engine";
import { MAX_TOLD_CHARACTERS } from "#agent/limits";

/** What a tool answered, as the model is told: the beginning of what is too long. */
export function told(output: Json): Json {
  return cut(output, MAX_TOLD_CHARACTERS);
}

/** The value itself, or the beginning of its text. */
export function cut(value: Json, most: number): Json {
  const text = textOf(value);
  if (text.length <= most) return value;
  return `${text.slice(0, most).toWellFormed()}\n[cut off: ${text.length - most} more characters]`;
}
