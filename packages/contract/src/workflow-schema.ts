import { isJsonObject, type Json, type JsonObject, toJsonObject } from "#json";
import { CONTAINER_TYPES, Concurrency, Edge, NODE_ID_PATTERN, NODE_TYPES, NodeEnvelope, Tags, WORKFLOW_FORMAT } from "#workflow";

const GRAPH = { $ref: "#/$defs/graph" };

/** What a config schema says besides its members: kept as it is beside the joined members. */
const JOINED: ReadonlySet<string> = new Set(["type", "properties", "required", "additionalProperties", "unevaluatedProperties"]);

/**
 * JSON Schema (2020-12) of a whole workflow document, for editors: envelope and config of each node type joined, unknown members refused.
 * @param nodeConfigs JSON Schema of the config members by node type; types without one are unknown to the schema.
 */
export function workflowSchema(nodeConfigs: Readonly<Record<string, JsonObject>>): JsonObject {
  const types = sortTypes(Object.keys(nodeConfigs));
  const nodes = types.map((type) => [definitionName(type), nodeSchema(type, nodeConfigs[type] ?? {})] as const);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "millrace-1.json",
    title: `Millrace workflow (${WORKFLOW_FORMAT})`,
    type: "object",
    properties: { ...documentProperties(), ...graphProperties() },
    required: ["format", "name", "nodes", "edges"],
    additionalProperties: false,
    $defs: {
      graph: closed(graphProperties(), ["nodes", "edges"]),
      node: anyNode(types),
      edge: toJsonObject(Edge),
      ...Object.fromEntries(nodes),
    },
  };
}

/** In the order of the format; types that it does not know come last. */
function sortTypes(types: readonly string[]): readonly string[] {
  const known = NODE_TYPES.filter((type) => types.includes(type));
  return [...known, ...types.filter((type) => !known.some((each) => each === type))];
}

const definitionName = (type: string): string => `node.${type}`;

function documentProperties(): JsonObject {
  return {
    format: { const: WORKFLOW_FORMAT },
    name: { type: "string", minLength: 1, description: "Unique on a server." },
    description: { type: "string" },
    tags: toJsonObject(Tags),
    env: { type: "object", description: "Read-only values of this workflow, read as `env.<NAME>`." },
    strictInput: { type: "boolean", default: false, description: "Refuse members of `input` that Start does not declare." },
    concurrency: toJsonObject(Concurrency),
    layout: {
      type: "object",
      description: "Positions by node path (`loop/inner` inside a body); no meaning when running.",
      additionalProperties: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
    },
    flow: { type: "object", description: "Members of an imported .flow file, kept for export." },
  };
}

function graphProperties(): JsonObject {
  return {
    nodes: { type: "array", items: { $ref: "#/$defs/node" } },
    edges: { type: "array", items: { $ref: "#/$defs/edge" } },
  };
}

/** Chosen by `type` with if/then rather than oneOf: an editor then reports what is wrong with the one node that was meant. */
function anyNode(types: readonly string[]): JsonObject {
  return {
    type: "object",
    properties: { id: { type: "string", pattern: NODE_ID_PATTERN }, type: { enum: [...types] } },
    required: ["id", "type"],
    allOf: types.map((type) => ({
      if: { properties: { type: { const: type } }, required: ["type"] },
      then: { $ref: `#/$defs/${definitionName(type)}` },
    })),
  };
}

/** A config of alternatives becomes alternatives of whole nodes: a closed alternative would refuse the envelope. */
function nodeSchema(type: string, config: JsonObject): JsonObject {
  for (const keyword of ["anyOf", "oneOf"]) {
    const alternatives = config[keyword];
    if (config["properties"] !== undefined || !Array.isArray(alternatives)) continue;
    const { [keyword]: _alternatives, ...rest } = config;
    return { ...rest, [keyword]: alternatives.map((each: Json) => nodeSchema(type, isJsonObject(each) ? each : {})) };
  }
  return joinedNode(type, config);
}

function joinedNode(type: string, config: JsonObject): JsonObject {
  const envelope = toJsonObject(NodeEnvelope);
  const members = isJsonObject(config["properties"]) ? config["properties"] : {};
  const isContainer = CONTAINER_TYPES.some((each) => each === type);
  return {
    ...Object.fromEntries(Object.entries(config).filter(([keyword]) => !JOINED.has(keyword))),
    ...closed({ ...asObject(envelope["properties"]), ...members, type: { const: type }, ...(isContainer && { body: GRAPH }) }, [
      "id",
      "type",
      ...names(config["required"]),
    ]),
  };
}

const closed = (properties: JsonObject, required: readonly string[]): JsonObject => ({
  type: "object",
  properties,
  required: [...required],
  additionalProperties: false,
});

const asObject = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const names = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
