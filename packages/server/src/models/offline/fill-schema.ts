import { compileAnswer, isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { answerFrom } from "#models/offline/extract-sentences";
import { LabelledText, spokenName } from "#models/offline/labels";
import { booleanIn, byPlace, dateIn, itemsIn, nameIn, numberIn, valueAfterMention } from "#models/offline/read-values";
import { topicsOf } from "#models/offline/words";

export type Filling = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly missing: string };

/** Schemas within schemas that are filled. */
const MAX_NESTING = 16;

const EMAIL = /[^\s@<>"',;:()]{1,64}@[^\s@<>"',;:()]{1,200}\.[a-z]{2,24}/i;

/** Items of an array. */
const MOST_ITEMS = 1_000;

/** Of one text. */
const MOST_CHARACTERS = 2_000;

/** Reads a value of a JSON Schema out of a text. What it gives fits the schema. */
export function fillSchema(schema: JsonObject, text: string): Filling {
  const compiled = compileAnswer(schema);
  if (!compiled.ok) return { ok: false, missing: "a schema that can be read" };
  const filled = new Filler(schema).fill(schema, { source: new LabelledText(text), names: [], nesting: 0, isNeeded: true });
  if (filled === undefined) return { ok: false, missing: "what the schema asks for" };
  const [fault] = compiled.check(filled, "answer");
  return fault ? { ok: false, missing: fault.path.replace(/^\/answer\/?/, "") || "what the schema asks for" } : { ok: true, value: filled };
}

interface Place {
  readonly source: LabelledText;
  /** What the value is called, the best first; none: it is the whole. */
  readonly names: readonly string[];
  readonly nesting: number;
  /** A text that nothing names is better than none. */
  readonly isNeeded: boolean;
  /** The source is one entry of a list, where values have places rather than names. */
  readonly isItem?: true;
}

class Filler {
  readonly #root: JsonObject;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** Undefined: the text does not say it. */
  fill(given: Json, place: Place): Json | undefined {
    const schema = this.#resolved(given);
    if (!schema || place.nesting > MAX_NESTING) return undefined;
    if (schema["const"] !== undefined) return schema["const"];
    const { types, isNullable } = typesOf(schema);
    const value = this.#options(schema, place) ?? this.#ofTypes(types, schema, isNullable ? { ...place, isNeeded: false } : place);
    return value === undefined && isNullable ? null : value;
  }

  #options(schema: JsonObject, place: Place): Json | undefined {
    if (Array.isArray(schema["enum"]))
      return nearest(
        schema["enum"].filter((one) => one !== null),
        place,
      );
    const alternatives = schema["anyOf"] ?? schema["oneOf"];
    if (!Array.isArray(alternatives)) return undefined;
    for (const alternative of alternatives as readonly Json[]) {
      const value = this.fill(alternative, { ...place, nesting: place.nesting + 1 });
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  }

  #ofTypes(types: readonly string[], schema: JsonObject, place: Place): Json | undefined {
    if (schema["enum"] !== undefined || schema["anyOf"] !== undefined || schema["oneOf"] !== undefined) return undefined;
    for (const type of types) {
      const value = this.#ofType(type, schema, place);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #ofType(type: string, schema: JsonObject, place: Place): Json | undefined {
    switch (type) {
      case "object":
        return this.#object(schema, place);
      case "array":
        return this.#array(schema, place);
      case "boolean":
        return flag(place);
      case "number":
      case "integer":
        return quantity(type, place);
      case "string":
        return text(schema, place);
      default:
        return undefined;
    }
  }

  #object(schema: JsonObject, place: Place): Json | undefined {
    const properties = schema["properties"];
    const required = Array.isArray(schema["required"]) ? (schema["required"] as readonly Json[]) : [];
    if (!isJsonObject(properties)) return {};
    const filled = (from: readonly (readonly [name: string, property: Json])[], isNeeded: (name: string) => boolean) =>
      Object.fromEntries(
        from.flatMap(([name, property]) => {
          const names = namesOf(name, this.#resolved(property));
          const value = this.fill(property, { source: place.source, names, nesting: place.nesting + 1, isNeeded: isNeeded(name) });
          return value === undefined ? [] : [[name, value] as const];
        }),
      );
    const all = Object.entries(properties);
    const isRequired = (name: string) => required.includes(name);
    if (!place.isItem) return filled(all, isRequired);
    // What has a place in the entry does not take all of it.
    const named = filled(all, () => false);
    const found = { ...named, ...byPlace(place.source.text, this.#unfound(properties, named)) };
    return {
      ...found,
      ...filled(
        all.filter(([name]) => isRequired(name) && !Object.hasOwn(found, name)),
        isRequired,
      ),
    };
  }

  /** Types of the plain properties that have no name in the text, in their order. */
  #unfound(properties: JsonObject, named: JsonObject): readonly (readonly [name: string, type: string])[] {
    return Object.entries(properties).flatMap(([name, property]) => {
      const schema = this.#resolved(property) ?? {};
      const [type = ""] = typesOf(schema).types;
      const isPlain = schema["enum"] === undefined && schema["format"] === undefined;
      return isPlain && (named[name] ?? null) === null ? [[name, type] as const] : [];
    });
  }

  #array(schema: JsonObject, place: Place): Json | undefined {
    const named = place.source.labelled(place.names);
    const items = itemsIn(named ?? bulletsOf(place.source));
    const filled = items.slice(0, MOST_ITEMS).flatMap((item) => {
      const value = this.fill(schema["items"] ?? {}, {
        source: new LabelledText(item),
        names: [],
        nesting: place.nesting + 1,
        isNeeded: true,
        isItem: true,
      });
      return value === undefined || value === null ? [] : [value];
    });
    if (filled.length === 0 && !place.isNeeded) return undefined;
    const most = schema["maxItems"];
    return typeof most === "number" ? filled.slice(0, most) : filled;
  }

  #resolved(schema: Json): JsonObject | null {
    if (!isJsonObject(schema)) return schema === true ? {} : null;
    const [, section = "", name = ""] = /^#\/(\$defs|definitions)\/([^/~]+)$/.exec(String(schema["$ref"] ?? "")) ?? [];
    if (section === "") return schema;
    const definitions = this.#root[section];
    const target = isJsonObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    return isJsonObject(target) ? target : null;
  }
}

function typesOf(schema: JsonObject): { readonly types: readonly string[]; readonly isNullable: boolean } {
  const { type } = schema;
  const names = (
    Array.isArray(type) ? type : [type ?? (schema["properties"] ? "object" : schema["items"] ? "array" : "string")]
  ) as string[];
  return { types: names.filter((name) => name !== "null"), isNullable: names.includes("null") };
}

/** What a property may be called in a text: its name, its title, the first words of its description. */
function namesOf(name: string, schema: JsonObject | null): readonly string[] {
  const { title, description } = schema ?? {};
  const [said = ""] = typeof description === "string" ? description.split(/[.,;:(。，；：（]/, 1) : [];
  return [name, ...(typeof title === "string" ? [title] : []), ...(said.length <= 40 ? [said] : [])]
    .map(spokenName)
    .filter((one) => one !== "");
}

function bulletsOf({ lines, text }: LabelledText): string {
  return lines.some((line) => /^\s*(?:[-*•・]|\d{1,3}[.)])\s+\S/.test(line)) ? text : "";
}

/** What the text says of the place, first where it is labelled; the whole text where the place has no name. */
function said({ source, names }: Place): string | null {
  if (names.length === 0) return source.text;
  const labelled = source.labelled(names);
  if (labelled !== null) return labelled;
  const rest = source.following(names);
  return rest === null ? null : valueAfterMention(rest);
}

function nearest(options: readonly Json[], place: Place): Json | undefined {
  const near = said(place)?.toLowerCase() ?? "";
  const whole = place.source.text.toLowerCase();
  const word = (option: Json) => spokenName(String(option));
  const mentioned = options.find((option) => near.includes(word(option))) ?? options.find((option) => whole.includes(word(option)));
  if (mentioned !== undefined) return mentioned;
  const { topics } = place.source;
  const scored = options.map((option) => ({ option, score: [...topicsOf(word(option))].filter((topic) => topics.has(topic)).length }));
  const best = scored.reduce<{ option: Json; score: number } | null>((first, one) => (one.score > (first?.score ?? 0) ? one : first), null);
  return best?.option;
}

/** Yes, where the text names it and does not deny it. */
function flag(place: Place): boolean | undefined {
  const { source, names } = place;
  const labelled = source.labelled(names);
  const answer = labelled === null ? null : booleanIn(labelled);
  if (answer !== null) return answer;
  const isNamed = names.some((name) => [...topicsOf(name)].every((topic) => source.topics.has(topic)));
  if (!isNamed) return place.isNeeded ? false : undefined;
  return !names.some((name) =>
    new RegExp(`\\b(?:not|no|never|isn't|without)\\s+(?:\\w+\\s+)?${name.replace(/[^\p{L}\p{N} ]/gu, ".")}`, "iu").test(source.text),
  );
}

function quantity(type: string, place: Place): number | undefined {
  const near = said(place);
  const number = near === null ? onlyNumber(place) : numberIn(near);
  if (number === null) return undefined;
  return type === "number" || Number.isInteger(number) ? number : undefined;
}

/** A text with one number can only mean that one. */
function onlyNumber({ source, isNeeded }: Place): number | null {
  const numbers = source.text.match(/\d+(?:[.,]\d+)*/g) ?? [];
  return isNeeded && numbers.length === 1 ? numberIn(source.text) : null;
}

function text(schema: JsonObject, place: Place): string | undefined {
  const near = said(place);
  const whole = place.source.text;
  switch (schema["format"]) {
    case "date":
      return dateIn(near ?? (place.isNeeded ? whole : "")) ?? undefined;
    case "date-time": {
      const date = dateIn(near ?? (place.isNeeded ? whole : ""));
      return date === null ? undefined : `${date}T00:00:00Z`;
    }
    case "email":
      return EMAIL.exec(near ?? whole)?.[0];
    case "uri":
      return /https?:\/\/[^\s<>"')\]]+/.exec(near ?? whole)?.[0];
    default:
      return clipped(near ?? (place.isNeeded ? (nameIn(whole) ?? answerFrom(whole)) : undefined), schema);
  }
}

function clipped(value: string | undefined, { maxLength }: JsonObject): string | undefined {
  const most = typeof maxLength === "number" ? Math.min(maxLength, MOST_CHARACTERS) : MOST_CHARACTERS;
  return value !== undefined && value.length > most ? Array.from(value).slice(0, most).join("") : value;
}
