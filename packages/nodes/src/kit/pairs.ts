import type { Json, JsonObject } from "@millrace/contract";
import { textOf } from "@millrace/engine";

export type Pair = readonly [name: string, value: string];

/** Named values as texts: an array gives one pair an element, null gives none. */
export function pairsOf(values: JsonObject): readonly Pair[] {
  return Object.entries(values).flatMap(([name, value]) => textsOf(value).map((text): Pair => [name, text]));
}

/** The texts that a value stands for where a name may occur more than once. */
export function textsOf(value: Json): readonly string[] {
  const values: readonly Json[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => one !== null).map((one) => textOf(one));
}

/** As in a URL: everything but letters, digits and `-_.!~*'()` as percent-encoded UTF-8. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** As HTML forms are sent: a blank is `+`, and only letters, digits and `*-._` stand for themselves. */
export function encodeForm(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${encodeField(name)}=${encodeField(value)}`).join("&");
}

function encodeField(text: string): string {
  return percentEncode(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
