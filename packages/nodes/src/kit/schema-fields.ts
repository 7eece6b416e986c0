import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { ANY, arrayOf, parseType, type ValueType } from "@millrace/engine";

/** Schemas within schemas that are looked at; deeper ones read as any. References lead back at most this often. */
const MAX_NESTING = 16;

/** The properties that a schema declares, with the types that their schemas name. What they do not name is any. */
export function schemaFields(input: JsonObject): { readonly [name: string]: ValueType } {
  const properties = input["properties"];
  if (!isJsonObject(properties)) return {};
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, typeOf(schema, input, 0)]));
}

function typeOf(schema: Json | undefined, root: JsonObject, nesting: number): ValueType {
  if (!isJsonObject(schema) || nesting > MAX_NESTING) return ANY;
  if (schema["$ref"] !== undefined) return typeOf(definition(schema["$ref"], root), root, nesting + 1);
  const kind = schema["x-file"];
  if (typeof kind === "string") return parseType(`file<${kind}>`) ?? ANY;
  const name = typeNameOf(schema["type"]);
  if (name === "array") return arrayOf(typeOf(schema["items"], root, nesting + 1));
  return (name !== null && parseType(name)) || ANY;
}

/** `["string", "null"]` is a string that may be absent; several types are any. */
function typeNameOf(type: Json | undefined): string | null {
  const names = (Array.isArray(type) ? (type as readonly Json[]) : [type]).filter((name) => name !== "null");
  const [only] = names;
  return names.length === 1 && typeof only === "string" ? only : null;
}

/** `#/$defs/<name>` of the same schema. */
function definition(reference: Json, root: JsonObject): Json | undefined {
  const [, section, name] = /^#\/(\$defs|definitions)\/([^/~]+)$/.exec(String(reference)) ?? [];
  const definitions = section === undefined ? undefined : root[section];
  return isJsonObject(definitions) && name !== undefined && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}
