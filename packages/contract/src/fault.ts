import type { Json } from "#json";
import type { Language } from "#language";
import type { PhraseKey } from "#messages/en";
import { type MessageParams, phrase } from "#messages/messages";
import { type Step, toDotted, toPointer } from "#pointer";
import { countCodePoints } from "#text-length";

/** One fault of a request. */
export interface Fault {
  /** JSON pointer of the value at fault, from the root of the body. */
  readonly path: string;
  /** Stable word: `required`, `type`, `range`, `unknown_key`, … */
  readonly code: string;
  /** English and stable; absent where there is nothing to compare (`unknown_key`). */
  readonly expected?: string;
  readonly received?: string;
  /** One sentence in the language of the request, with the dotted path. */
  readonly message: string;
}

/** What was expected or received: a word that every language shares (`string`, `>= 5`), or a phrase of the message tables. */
export type Wording = string | { readonly key: PhraseKey; readonly params?: MessageParams };

export const wording = (key: PhraseKey, params?: MessageParams): Wording => (params === undefined ? { key } : { key, params });

const render = (text: Wording, language: Language): string => (typeof text === "string" ? text : phrase(text.key, language, text.params));

export function makeFault(steps: readonly Step[], code: string, expected: Wording, received: Wording, language: Language): Fault {
  return {
    path: toPointer(steps),
    code,
    expected: render(expected, "en"),
    received: render(received, "en"),
    // What is wrong with a host is a sentence of its own.
    message: phrase(code === "host" ? "refused_host" : "fault", language, {
      path: toDotted(steps),
      expected: render(expected, language),
      received: render(received, language),
    }),
  };
}

/** `near`: the declared name that was probably meant. */
export function makeUnknownKeyFault(steps: readonly Step[], near: string | null, language: Language): Fault {
  const path = toDotted(steps);
  const message = near === null ? phrase("unknown_key", language, { path }) : phrase("unknown_key_near", language, { path, near });
  return { path: toPointer(steps), code: "unknown_key", message };
}

/** The JSON type of a value, as messages name it; absent is "nothing". */
export function typeWord(value: unknown): Wording {
  if (value === undefined) return wording("nothing");
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** A longer string is named by its length: messages stay one line. */
const SHOWN_CHARACTERS = 40;

/** A value in a message: short scalars as JSON, other values by type or size. */
export function shownValue(value: Json): Wording {
  if (Array.isArray(value)) return wording("items", { count: value.length });
  if (typeof value === "object" && value !== null) return "object";
  if (typeof value === "string" && value.length > SHOWN_CHARACTERS) return wording("characters", { count: countCodePoints(value) });
  return JSON.stringify(value);
}
