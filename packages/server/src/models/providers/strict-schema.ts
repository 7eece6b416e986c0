import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";

/** True for a schema that OpenAI's strict mode takes: every object closed, all of its members required. */
export function isStrict(schema: JsonObject): boolean {
  if (!isObjectSchema(schema)) return Object.values(schema).every(isStrictPart);
  const { properties, required, additionalProperties } = schema;
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  const isClosed = additionalProperties === false && Array.isArray(required) && names.every((name) => required.includes(name));
  return (
    isClosed && Object.values(schema).every(isStrictPart) && Object.values(isJsonObject(properties) ? properties : {}).every(isStrictPart)
  );
}

function isObjectSchema({ type, properties }: JsonObject): boolean {
  return type === "object" || (Array.isArray(type) && type.includes("object")) || properties !== undefined;
}

function isStrictPart(part: Json): boolean {
  if (Array.isArray(part)) return part.every(isStrictPart);
  return !isJsonObject(part) || isStrict(part);
}
