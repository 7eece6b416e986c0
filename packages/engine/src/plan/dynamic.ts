import { EXPRESSION_PATTERN, isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import Type, { type TSchema } from "typebox";

/** A config field that takes a value of `schema`, or an expression that gives one. What it gives is checked again at run time. */
export function dynamic<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.String({ pattern: EXPRESSION_PATTERN, description: "An expression." })]);
}

/** The schema of the evaluated value: without the alternatives that `dynamic` added. */
export function resolvedSchema(schema: Json): JsonObject {
  return strip(schema) as JsonObject;
}

/** A schema that no value fails: nothing but remarks, or a choice with such a branch. */
export function acceptsAnything(schema: Json): boolean {
  if (!isJsonObject(schema)) return false;
  const { anyOf, ...rest } = schema;
  const chooses = anyOf === undefined || (Array.isArray(anyOf) && anyOf.some(acceptsAnything));
  return chooses && Object.keys(rest).every((key) => REMARKS.has(key));
}

/** A schema of any object, whatever its members are: the commonest one, and dear to interpret. */
export function isPlainObject(schema: JsonObject): boolean {
  const { type, patternProperties, additionalProperties, ...rest } = schema;
  const members = [
    ...(isJsonObject(patternProperties) ? Object.values(patternProperties) : []),
    ...(isJsonObject(additionalProperties) ? [additionalProperties] : []),
  ];
  return type === "object" && additionalProperties !== false && acceptsAnything(rest) && members.every(acceptsAnything);
}

const REMARKS: ReadonlySet<string> = new Set(["title", "description", "default", "examples"]);

function strip(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(strip);
  if (!isJsonObject(schema)) return schema;
  const union = schema["anyOf"];
  if (Array.isArray(union) && union.some(isExpression)) {
    const [only, ...others] = union.filter((branch) => !isExpression(branch)).map(strip);
    return others.length === 0 ? (only ?? {}) : { anyOf: [only ?? {}, ...others] };
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strip(value)]));
}

function isExpression(branch: Json): boolean {
  return isJsonObject(branch) && branch["pattern"] === EXPRESSION_PATTERN;
}
