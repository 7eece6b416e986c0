import { compileAnswer, isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { MAX_DESCRIPTION_CHARACTERS } from "#tools/limits";
import { BODY, type Operation, type Parameter } from "#tools/openapi/operation";
import type { References } from "#tools/openapi/references";
import type { ToolSchemas } from "#tools/openapi/tool-schema";
import { Unusable } from "#tools/openapi/unusable";

/** Where an operation stands in its document. */
export interface Place {
  readonly method: Operation["method"];
  readonly path: string;
  readonly operation: JsonObject;
  /** Of the path, for all of its operations. */
  readonly shared: Json | undefined;
}

interface Declared extends Parameter {
  readonly schema: JsonObject;
  readonly isRequired: boolean;
}

const HEADER = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Headers that the server writes itself: a parameter of such a name has no say. */
const OWN_HEADERS: ReadonlySet<string> = new Set(["accept", "content-type", "authorization"]);

/** @throws Unusable */
export function readOperation(place: Place, references: References, schemas: ToolSchemas): Omit<Operation, "name"> {
  const { method, path, operation } = place;
  const parameters = readParameters(place, references, schemas);
  const body = operation["requestBody"] === undefined ? null : readBody(operation["requestBody"], references, schemas);
  const { summary, description } = operation;
  const texts = [summary, description].filter((text): text is string => typeof text === "string" && text.trim() !== "");
  const input: JsonObject = {
    type: "object",
    properties: {
      ...Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
      ...(body && { [BODY]: body.schema }),
    },
    required: [...parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name), ...(body?.isRequired ? [BODY] : [])],
    additionalProperties: false,
  };
  const compiled = compileAnswer(input);
  if (!compiled.ok) throw new Unusable(`its input cannot be checked: ${compiled.problems[0]?.message ?? ""}`);
  return {
    description: [...new Set(texts.map((text) => text.trim()))].join("\n\n").slice(0, MAX_DESCRIPTION_CHARACTERS) || `${method} ${path}`,
    method,
    path,
    parameters: parameters.map(({ schema: _, isRequired: __, ...parameter }) => parameter),
    body: body && { as: body.as, contentType: body.contentType },
    input,
  };
}

function readParameters({ path, operation, shared }: Place, references: References, schemas: ToolSchemas): readonly Declared[] {
  const raw = [...listOf(shared), ...listOf(operation["parameters"])].map((one) => references.follow(one, "a parameter").value);
  // An operation's own parameter replaces the path's of the same name and place.
  const byPlace = new Map(raw.map((one) => [`${String(one["in"])} ${String(one["name"])}`, one]));
  const names = new Set([BODY]);
  const declared = [...byPlace.values()].flatMap((one) => readParameter(one, names, schemas));
  for (const [, name] of path.matchAll(/\{([^{}]*)\}/g))
    if (!declared.some((one) => one.in === "path" && one.as === name)) throw new Unusable(`it says nothing of {${name}} in its path`);
  return declared;
}

function readParameter(raw: JsonObject, names: Set<string>, schemas: ToolSchemas): readonly Declared[] {
  const { name, in: place } = raw;
  if (typeof name !== "string" || name === "") throw new Unusable("a parameter has no name");
  const isRequired = raw["required"] === true || place === "path";
  if (place === "cookie" && isRequired) throw new Unusable(`it needs the cookie ${name}`);
  if (place === "header" && !HEADER.test(name)) throw new Unusable(`${JSON.stringify(name)} can be no header`);
  if (place === "header" && OWN_HEADERS.has(name.toLowerCase())) return [];
  if (place !== "path" && place !== "query" && place !== "header") return [];
  const unique = names.has(name) ? `${place}_${name}` : name;
  if (names.has(unique)) throw new Unusable(`two of its parameters are called ${name}`);
  names.add(unique);
  const content = isJsonObject(raw["content"]) ? Object.values(raw["content"])[0] : undefined;
  const written = schemas.write((content && isJsonObject(content) ? content["schema"] : raw["schema"]) ?? {});
  const { description } = raw;
  const schema = typeof description === "string" && written["description"] === undefined ? { ...written, description } : written;
  return [{ name: unique, in: place, as: name, style: content === undefined ? styleOf(raw, place) : "json", schema, isRequired }];
}

function styleOf({ style, explode }: JsonObject, place: Parameter["in"]): Parameter["style"] {
  if (place !== "query") return "comma";
  if (style === "deepObject") return "deep";
  if (explode !== false) return "repeat";
  return style === "spaceDelimited" ? "space" : style === "pipeDelimited" ? "pipe" : "comma";
}

function readBody(source: Json, references: References, schemas: ToolSchemas) {
  const { value } = references.follow(source, "the body");
  const content = isJsonObject(value["content"]) ? value["content"] : {};
  for (const [contentType, media] of Object.entries(content)) {
    const as = kindOf(contentType);
    if (as === null || !isJsonObject(media)) continue;
    return { as, contentType, schema: schemas.write(media["schema"] ?? {}), isRequired: value["required"] === true };
  }
  const types = Object.keys(content).join(", ");
  throw new Unusable(`its body is ${types === "" ? "of no type" : types}; application/json, a form or a text can be sent`);
}

function kindOf(contentType: string): "json" | "form" | "text" | null {
  const [type = ""] = contentType.toLowerCase().split(";");
  if (/^application\/([a-z0-9.+-]+\+)?json$/.test(type.trim())) return "json";
  if (type.trim() === "application/x-www-form-urlencoded") return "form";
  return type.trim() === "text/plain" ? "text" : null;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
