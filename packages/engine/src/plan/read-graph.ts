import { isJsonObject, type Json, type JsonObject, NODE_TYPES, NodeEnvelope, say } from "@millrace/contract";
import { isReservedName } from "#expression/reserved";
import type { NodeSpec, NodeSpecs, ResultShape } from "#node-spec";
import { configOf, type GraphDraft, type NodeDraft } from "#plan/draft";
import type { Problems } from "#plan/problem";
import { readEdges } from "#plan/read-edges";
import { checkSchema } from "#plan/schema-problems";
import { nearHint } from "#suggest";
import { ANY, parseType } from "#value/types";

/** Nodes of one document, bodies included. */
export const MAX_NODES = 2_000;

/** Bodies within bodies. */
export const MAX_NESTING = 64;

const ENVELOPE_KEYS: readonly string[] = Object.keys(NodeEnvelope.properties);

interface Reader {
  readonly specs: NodeSpecs;
  readonly problems: Problems;
  /** Node ids so far, over the whole document: paths and references need them unique. */
  readonly ids: Map<string, string>;
  count: number;
}

/** Reads a document's graph and the bodies inside it; reports what cannot be read and leaves it out. */
export function readGraph(
  document: { readonly nodes: readonly unknown[]; readonly edges: readonly unknown[] },
  specs: NodeSpecs,
  problems: Problems,
): GraphDraft {
  return readGraphAt(document, "", 0, null, { specs, problems, ids: new Map(), count: 0 });
}

function readGraphAt(
  source: { readonly nodes: readonly unknown[]; readonly edges: readonly unknown[] },
  at: string,
  depth: number,
  parent: NodeDraft | null,
  reader: Reader,
): GraphDraft {
  const graph: GraphDraft = { depth, at, parent, nodes: [], byId: new Map(), edges: [] };
  if (depth > MAX_NESTING) {
    reader.problems.add("too_deep", at, say`bodies are nested deeper than ${MAX_NESTING} levels`);
    return graph;
  }
  for (const [position, value] of source.nodes.entries()) {
    reader.count += 1;
    if (reader.count > MAX_NODES) {
      if (reader.count === MAX_NODES + 1)
        reader.problems.add("too_many_nodes", `${at}/nodes`, say`a workflow has at most ${MAX_NODES} nodes, bodies included`);
      break;
    }
    const node = readNode(value, `${at}/nodes/${position}`, graph, reader);
    if (node) addNode(node, graph, reader);
  }
  readEdges(source.edges, graph, reader.problems);
  return graph;
}

function addNode(node: NodeDraft, graph: GraphDraft, reader: Reader): void {
  graph.nodes.push(node);
  graph.byId.set(node.id, node);
  if (node.spec.role !== "container") return;
  const body = node.config["body"];
  if (!isGraph(body)) return;
  node.body = readGraphAt(body, `${node.at}/body`, graph.depth + 1, node, reader);
}

function isGraph(value: unknown): value is { nodes: readonly Json[]; edges: readonly Json[] } {
  return isJsonObject(value) && Array.isArray(value["nodes"]) && Array.isArray(value["edges"]);
}

function readNode(value: unknown, at: string, graph: GraphDraft, reader: Reader): NodeDraft | null {
  const { problems } = reader;
  if (!isJsonObject(value)) {
    problems.add("invalid_value", at, say`a node is an object`);
    return null;
  }
  const envelopeKeys = envelopeKeysOf(reader.specs.get(String(value["type"])));
  const envelope = Object.fromEntries(Object.entries(value).filter(([key]) => envelopeKeys.has(key)));
  const id = typeof value["id"] === "string" ? value["id"] : undefined;
  if (!checkSchema(NodeEnvelope, envelope, at, problems, id) || id === undefined || !isNew(id, at, reader)) return null;
  const spec = findSpec(String(value["type"]), at, id, reader);
  if (!spec) return null;
  const config = configOf(value, envelopeKeys);
  if (!checkSchema(spec.config, config, at, problems, id)) return placeholder(graph, id, at, envelope as unknown as NodeEnvelope, spec);
  for (const problem of spec.check?.(config) ?? []) problems.tell({ ...problem, path: at + problem.path, nodeId: id });
  const fitting = spec.effectOf ? { ...spec, effect: spec.effectOf(config) } : spec;
  return draft(graph, id, at, envelope as unknown as NodeEnvelope, config, fitting);
}

/** A type's own member comes before the envelope's: `concurrency` of a batch is the number of its items. */
function envelopeKeysOf(spec: NodeSpec | undefined): ReadonlySet<string> {
  const { properties = {} } = (spec?.config ?? {}) as { properties?: JsonObject };
  return new Set(ENVELOPE_KEYS.filter((key) => !Object.hasOwn(properties, key)));
}

function isNew(id: string, at: string, reader: Reader): boolean {
  if (isReservedName(id)) {
    reader.problems.add("reserved_id", `${at}/id`, say`${id} has a meaning of its own in expressions; call the node something else`, {
      nodeId: id,
    });
    return false;
  }
  const first = reader.ids.get(id);
  if (first !== undefined) {
    reader.problems.add("duplicate_id", `${at}/id`, say`the node id ${id} is taken by ${first}; ids are unique over the whole document`, {
      nodeId: id,
    });
    return false;
  }
  reader.ids.set(id, at);
  return true;
}

function findSpec(type: string, at: string, id: string, reader: Reader): NodeSpec | null {
  const spec = reader.specs.get(type);
  if (spec) return spec;
  if ((NODE_TYPES as readonly string[]).includes(type)) {
    reader.problems.add("node_type_unavailable", `${at}/type`, say`this server has no executor for nodes of type ${type}`, { nodeId: id });
  } else {
    const hint = nearHint(type, NODE_TYPES);
    reader.problems.add("unknown_node_type", `${at}/type`, say`unknown node type ${type}`, { nodeId: id, ...(hint && { hint }) });
  }
  return UNKNOWN_SPEC;
}

/** Stands in for a type without a spec, so that edges and references to the node bring no further problems. */
const UNKNOWN_SPEC: NodeSpec = {
  type: "",
  version: 0,
  effect: "outside",
  config: {},
  members: {},
  role: "step",
  ports: () => [],
  result: () => ({ fields: {}, open: true }),
};

function draft(graph: GraphDraft, id: string, at: string, envelope: NodeEnvelope, config: JsonObject, spec: NodeSpec): NodeDraft {
  const branch = envelope.onError?.do === "branch";
  const ports = spec.ports(config);
  return {
    graph,
    id,
    at,
    index: graph.nodes.length,
    envelope,
    config,
    spec,
    ports: branch ? [...ports, "error"] : ports,
    shape: envelope.outputs ? declared(envelope.outputs) : spec.result(config),
    variables: spec.container?.variables(config) ?? {},
    body: null,
    ancestors: new Set(),
  };
}

/** A node whose config does not fit: it keeps its place, and nothing of it is checked further. */
function placeholder(graph: GraphDraft, id: string, at: string, envelope: NodeEnvelope, spec: NodeSpec): NodeDraft {
  return draft(graph, id, at, envelope, {}, { ...UNKNOWN_SPEC, type: spec.type, role: spec.role === "container" ? "step" : spec.role });
}

function declared(outputs: NonNullable<NodeEnvelope["outputs"]>): ResultShape {
  const fields = Object.entries(outputs).map(([name, output]) => [name, (output.type && parseType(output.type)) || ANY] as const);
  return { fields: Object.fromEntries(fields), open: false };
}
