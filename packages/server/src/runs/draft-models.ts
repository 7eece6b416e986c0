import { isJsonObject, type JsonObject, OFFLINE_MODEL } from "@millrace/contract";
import type { NodeSpecs } from "@millrace/engine";

/** The document with the built-in model in place of every model that a node of it asks, bodies included; a backup is not needed then. */
export function withBuiltInModels(graph: JsonObject, specs: NodeSpecs): JsonObject {
  const nodes = Array.isArray(graph["nodes"]) ? graph["nodes"] : [];
  return { ...graph, nodes: nodes.map((node) => (isJsonObject(node) ? asking(node, specs) : node)) };
}

function asking(node: JsonObject, specs: NodeSpecs): JsonObject {
  const { body } = node;
  if (isJsonObject(body)) return { ...node, body: withBuiltInModels(body, specs) };
  if (specs.get(String(node["type"]))?.members["model"] === undefined) return node;
  const { backup: _backup, ...config } = node;
  return { ...config, model: OFFLINE_MODEL };
}
