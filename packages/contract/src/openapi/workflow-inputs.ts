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
  /** An input that the server takes. */
  readonly example?: JsonObject;
  /** Can it be chatted with? */
  readonly isChat?: boolean;
}

/** Replaces the general `input` and `output` of the run API by the schemas of these workflows. */
export function describeWorkflows(schemas: JsonObject, workflows: readonly DescribedWorkflow[]): JsonObject {
  if (workflows.length === 0) return schemas;
  const own = workflows.flatMap(({ id, name, input, output }) => [
    [`input.${id}`, titled(`${name} input`, `input.${id}`, input)] as const,
    [`output.${id}`, titled(`${name} output`, `output.${id}`, output ?? { type: "object" })] as const,
  ]);
  const choice = (part: "input" | "output"): JsonObject => {
    const [first, ...others] = workflows.map(({ id }) => schemaRef(`${part}.${id}`));
    return first && others.length === 0 ? first : { anyOf: workflows.map(({ id }) => schemaRef(`${part}.${id}`)) };
  };
  return {
    ...schemas,
    InvokeBody: withProperty(schemas["InvokeBody"], "input", choice("input")),
    SucceededRun: withProperty(schemas["SucceededRun"], "output", choice("output")),
    ...Object.fromEntries(own),
  };
}

/** What the schema says of itself (`#/$defs/…`) is said of its place in the description. */
function titled(title: string, place: string, schema: JsonObject): JsonObject {
  const plain = withFileInputs(moved(schema, `#/components/schemas/${place}`), schemaRef("FileInput"));
  return { title, ...(isJsonObject(plain) ? plain : {}) };
}

function moved(schema: Json, place: string): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => moved(item, place));
  if (!isJsonObject(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, Json] => {
    const isReference = key === "$ref" && typeof value === "string" && value.startsWith("#");
    return [key, isReference ? place + value.slice(1) : moved(value, place)];
  });
  return Object.fromEntries(entries);
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
