import type { ApiDocument, Operation, Schema } from "#api/openapi.ts";

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export interface Group {
  readonly name: string;
  readonly title: string;
  readonly routes: readonly Route[];
}

/** The routes under their tags, in the order of the document; those that hold all words of `search`. */
export function groupsOf({ tags, paths }: ApiDocument, search: string): readonly Group[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Route => ({ method: method.toUpperCase(), path, operation })),
  );
  return tags
    .map(({ name, title = name }) => {
      const own = routes.filter(({ operation }) => operation.tags?.[0] === name);
      return { name, title, routes: own.filter((route) => words.every((word) => wordsOf(route, title).includes(word))) };
    })
    .filter((group) => group.routes.length > 0);
}

function wordsOf({ method, path, operation: { operationId, summary, tags = [] } }: Route, title: string): string {
  return [method, path, operationId, summary, ...tags, title].join(" ").toLowerCase();
}

/** What a `$ref` leads to; anything else as it is. */
export function resolve<Part extends object>(document: ApiDocument, part: Part): Part {
  const { $ref } = part as { readonly $ref?: unknown };
  if (typeof $ref !== "string") return part;
  const steps = $ref.split("/").slice(1);
  let found: unknown = document;
  for (const step of steps) found = (found as Record<string, unknown> | undefined)?.[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  return (found ?? {}) as Part;
}

const alternativesIn = ({ anyOf, oneOf }: Schema): readonly Schema[] => (anyOf ?? oneOf ?? []) as readonly Schema[];

export interface Property {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** The members of an object, or of what a list holds. */
export function propertiesOf(document: ApiDocument, given: Schema): readonly Property[] {
  const schema = resolve(document, given);
  if (schema["items"] && typeof schema["items"] === "object") return propertiesOf(document, schema["items"] as Schema);
  const required = (schema["required"] ?? []) as readonly string[];
  const own = Object.entries((schema["properties"] ?? {}) as Record<string, Schema>);
  const inherited = ((schema["allOf"] ?? []) as readonly Schema[]).flatMap((part) => propertiesOf(document, part));
  const properties = own.map(([name, member]) => ({ name, schema: member, required: required.includes(name) }));
  return [...inherited.filter(({ name }) => own.every(([mine]) => mine !== name)), ...properties];
}

/** What a value may be, where that is one of several objects. */
export function alternativesOf(document: ApiDocument, given: Schema): readonly { readonly name: string; readonly schema: Schema }[] {
  return alternativesIn(resolve(document, given))
    .map((schema) => ({ name: nameOf(schema), schema }))
    .filter(({ schema }) => propertiesOf(document, schema).length > 0 || alternativesOf(document, schema).length > 0);
}

function nameOf({ $ref, title }: Schema): string {
  return typeof $ref === "string" ? ($ref.split("/").at(-1) ?? "") : typeof title === "string" ? title : "object";
}

/** More alternatives than this are only counted by an ellipsis. */
const MAX_NAMED = 6;

/** The type in a few words: `string`, `array<object>`, `"a" | "b"`. */
export function typeOf(document: ApiDocument, given: Schema): string {
  const schema = resolve(document, given);
  if ("const" in schema) return JSON.stringify(schema["const"]);
  if (Array.isArray(schema["enum"])) return joined(schema["enum"].map((value) => JSON.stringify(value)));
  const alternatives = alternativesIn(schema);
  if (alternatives.length > 0) return joined(alternatives.map((one) => typeOf(document, one)));
  const { type, items } = schema;
  if (type === "array") return `array<${typeOf(document, (items ?? {}) as Schema)}>`;
  if (Array.isArray(type)) return joined(type.map(String));
  return typeof type === "string" ? type : schema["properties"] || schema["allOf"] ? "object" : "any";
}

function joined(types: readonly string[]): string {
  const different = [...new Set(types)];
  return [...different.slice(0, MAX_NAMED), ...(different.length > MAX_NAMED ? ["…"] : [])].join(" | ");
}

/** Keywords that bound a value, as JSON Schema calls them. */
const BOUNDS = ["format", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "maxProperties", "default"];

export function boundsOf(document: ApiDocument, given: Schema): readonly string[] {
  const schema = resolve(document, given);
  return BOUNDS.filter((keyword) => keyword in schema).map((keyword) => `${keyword} ${shown(schema[keyword])}`);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The first example of a body, by its name. */
export function exampleOf(document: ApiDocument, examples: Readonly<Record<string, Schema>> = {}): unknown {
  const [first] = Object.values(examples);
  return first === undefined ? undefined : resolve(document, first)["value"];
}
