import type { JsonObject } from "@millrace/contract";
import { sentencesOf } from "#models/offline/words";

const TYPES = "string|text|boolean|number|integer|array|list|object";

/** `"reply" (string)` */
const TYPED = new RegExp(`["'\`]([A-Za-z_][\\w-]{0,60})["'\`]\\s*[(:]\\s*(?:an? )?(${TYPES})\\b`, "gi");

const KEY = /["'`]([A-Za-z_][\w-]{0,60})["'`]/g;

export interface AskedJson {
  readonly schema: JsonObject;
  /** The prompt without the sentences that say what the JSON is to be. */
  readonly text: string;
}

/** The schema that a prompt describes in words: its quoted keys with their types. Of one that names no keys, an object with a text. */
export function schemaAskedFor(said: string): AskedJson {
  const sentences = sentencesOf(said);
  const isAbout = (sentence: string) => /\bJSON\b|\b(?:keys?|fields?|members?|properties)\b.*["'`]/i.test(sentence);
  const about = sentences.filter(isAbout).join("\n");
  const text = sentences.filter((sentence) => !isAbout(sentence)).join("\n");
  const typed = [...about.matchAll(TYPED)].map(([, name = "", type = ""]) => [name, { type: typeOf(type.toLowerCase()) }] as const);
  const keys = [...about.matchAll(KEY)].map(([, name = ""]) => [name, { type: "string" }] as const);
  const named = typed.length > 0 ? typed : keys;
  return { schema: objectOf(named.length > 0 ? named : [["text", { type: "string" }]]), text };
}

function typeOf(word: string): string {
  if (word === "text") return "string";
  return word === "list" ? "array" : word;
}

function objectOf(entries: readonly (readonly [string, JsonObject])[]): JsonObject {
  const properties = Object.fromEntries(entries);
  return { type: "object", properties, required: Object.keys(properties) };
}
