import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { TerminalError, textOf } from "@millrace/engine";
import { percentEncode } from "#kit/pairs";

// `{name}` in a request stands for a parameter that the model gives. Expressions, `{{ … }}`, were evaluated before.

const PLACEHOLDER = /\{([A-Za-z_][\w-]*)\}/g;
const ALONE = /^\{([A-Za-z_][\w-]*)\}$/;

/** The names of `known` that stand in a value. */
export function placedIn(value: Json, known: ReadonlySet<string>): ReadonlySet<string> {
  const text = JSON.stringify(value) ?? "";
  return new Set([...text.matchAll(PLACEHOLDER)].flatMap(([, name = ""]) => (known.has(name) ? [name] : [])));
}

/** The names in a text, without those inside of expressions. */
export function placeholdersOf(text: string): readonly string[] {
  return [...text.replace(/\{\{[\s\S]*?\}\}/g, "").matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
}

/** A text that is one placeholder becomes the value itself; one that was not given is null, and nothing inside of a longer text. */
export function filled(value: Json, given: JsonObject, known: ReadonlySet<string>): Json {
  if (typeof value === "string") return filledText(value, given, known);
  if (Array.isArray(value)) return value.map((one) => filled(one, given, known));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, given, known)]));
}

function filledText(text: string, given: JsonObject, known: ReadonlySet<string>): Json {
  const [, alone] = ALONE.exec(text) ?? [];
  if (alone !== undefined && known.has(alone)) return given[alone] ?? null;
  return text.replace(PLACEHOLDER, (whole, name: string) => (known.has(name) ? textOf(given[name] ?? null) : whole));
}

/** Values as parts of the URL: they can leave neither their segment of the path nor the host. */
export function filledUrl(url: string, given: JsonObject, known: ReadonlySet<string>): string {
  return url.replace(PLACEHOLDER, (whole, name: string) => (known.has(name) ? segment(name, given[name] ?? null) : whole));
}

function segment(name: string, value: Json): string {
  const text = textOf(value);
  if (/^\.{0,2}$/.test(text)) throw new TerminalError("type_error", `${name} cannot stand in a URL: it is empty or consists of dots.`);
  return percentEncode(text);
}
