import { isJsonObject, type Json, type JsonObject } from "#json";
import { schemaRef } from "#openapi/components";

/** A workflow whose request and answer are described by its own schemas. */
export interface DescribedWorkflow {
  readonly id: string;
  readonly name: string;
  /** JSON Schema of the Start node. */
  readonly input: JsonObject;
  /** JSON Schema of the End node's result; absent: any object. */
  readonly output?: JsonObject;
}

/** Replaces the general `input` and `output` of the run API by the schemas of these workflows. */
export function describeWorkflows(schemas: JsonObject, workflows: readonly DescribedWorkflow[]): JsonObject {
  if (workflows.length === 0) return schemas;
  const own = workflows.flatMap(({ id, name, input, output }) => [
    [`input.${id}`, titled(`${name} input`, id, input)] as const,
    [`output.${id}`, titled(`${name} output`, id, output ?? { type: "object" })] as const,
  ]);
  const choice = (part: "input" | "output"): JsonObject => ({ anyOf: workflows.map(({ id }) => schemaRef(`${part}.${id}`)) });
  return {
    ...schemas,
    InvokeBody: withProperty(schemas["InvokeBody"], "input", choice("input")),
    SucceededRun: withProperty(schemas["SucceededRun"], "output", choice("output")),
    ...Object.fromEntries(own),
  };
}

/** An `$id` of its own makes `#/$defs/…` inside the schema mean the schema, not the whole description. */
function titled(title: string, id: string, schema: JsonObject): JsonObject {
  const plain = withFileInputs(schema, schemaRef("FileInput"));
  const isReferring = isJsonObject(schema["$defs"]) || isJsonObject(schema["definitions"]);
  return {
    ...(isReferring && { $id: `${title.endsWith("input") ? "input" : "output"}-${id}.json` }),
    title,
    ...(isJsonObject(plain) ? plain : {}),
  };
}

/** `x-file` as other tools understand it: a file object, of this schema, or a URL. */
export function withFileInputs(schema: Json, file: JsonObject): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => withFileInputs(item, file));
  if (!isJsonObject(schema)) return schema;
  const { "x-file": kind, ...rest } = schema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withFileInputs(value, file)]));
  if (typeof kind !== "string") return inner;
  return { ...inner, "x-file": kind, anyOf: [file, { type: "string", format: "uri" }] };
}

function withProperty(schema: Json | undefined, name: string, property: JsonObject): JsonObject {
  const object = isJsonObject(schema) ? schema : {};
  const properties = isJsonObject(object["properties"]) ? object["properties"] : {};
  return { ...object, properties: { ...properties, [name]: property } };
}
