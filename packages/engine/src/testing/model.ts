import type { Json } from "@millrace/contract";
import { digest } from "#testing/specs";

// The reference: what a workflow of the test node types means, said as plainly as possible. It shares nothing with the interpreter
// but the digest: no journal, no frames, no plan. It walks a graph in one order and keeps what each node gave.

export interface ModelNode {
  readonly id: string;
  readonly type: string;
  /** What `args` refers to. */
  readonly reads: readonly ModelRead[];
  readonly config: { readonly [name: string]: Json };
  readonly retry?: { readonly maxAttempts: number };
  readonly onError?: "fail" | "branch" | "continue" | "default";
  /** The node is skipped where this is an even number. */
  readonly skipIf?: ModelRead;
  readonly body?: ModelGraph;
  /** Body nodes whose `v` each item gives. */
  readonly collect?: readonly string[];
}

/** A node's `v`, a container's `items`, a variable of the iteration around, or the index in a container further out. */
export type ModelRead =
  | { readonly indexOf: string }
  | { readonly node: string; readonly field: "v" | "items" | "acc" }
  | { readonly around: "index" | "acc" };

export interface ModelGraph {
  readonly nodes: readonly ModelNode[];
  readonly edges: readonly { readonly from: string; readonly port: string; readonly to: string }[];
}

export interface ModelResult {
  readonly status: "SUCCEED" | "FAILED";
  readonly output: { readonly [path: string]: Json };
}

type Fields = { readonly [name: string]: Json };
type Ending = "completed" | "continue" | "break" | "failed";

/** One level of nesting, nearest last. */
interface Level {
  /** The container whose item this is; "" for the document. */
  readonly container: string;
  readonly results: Map<string, Fields>;
  readonly index: number;
  readonly variables: { acc: Json };
}

const DEFAULT_OUTPUT: Fields = { v: -1 };

export function runModel(graph: ModelGraph): ModelResult {
  const ends: { [path: string]: Json } = {};
  const ending = runGraph(graph, "", [], { container: "", results: new Map(), index: 0, variables: { acc: null } }, ends);
  // A run that comes to rest without an end has failed, as one with an unhandled failure.
  const succeeds = ending !== "failed" && Object.keys(ends).length > 0;
  return succeeds ? { status: "SUCCEED", output: ends } : { status: "FAILED", output: {} };
}

function runGraph(graph: ModelGraph, prefix: string, outer: readonly Level[], level: Level, ends: { [path: string]: Json }): Ending {
  const levels = [...outer, level];
  const port = new Map<string, readonly string[]>();
  for (const node of inOrder(graph)) {
    const incoming = graph.edges.filter((edge) => edge.to === node.id);
    const reached = incoming.length === 0 || incoming.some((edge) => port.get(edge.from)?.includes(edge.port));
    if (!reached || isSkipped(node, levels)) continue;
    const done = runNode(node, prefix, levels, ends);
    if (typeof done === "string") return done;
    level.results.set(node.id, done.fields);
    port.set(node.id, done.ports);
  }
  return "completed";
}

function isSkipped(node: ModelNode, levels: readonly Level[]): boolean {
  if (!node.skipIf) return false;
  const value = readValue(node.skipIf, levels);
  return typeof value === "number" && value % 2 === 0;
}

function inOrder(graph: ModelGraph): ModelNode[] {
  const ordered: ModelNode[] = [];
  const left = new Set(graph.nodes);
  while (left.size > 0) {
    const next = [...left].find((node) => graph.edges.every((edge) => edge.to !== node.id || ordered.some((one) => one.id === edge.from)));
    if (!next) throw new Error("the graph has a cycle");
    ordered.push(next);
    left.delete(next);
  }
  return ordered;
}

type Done = { readonly fields: Fields; readonly ports: readonly string[] };

function runNode(node: ModelNode, prefix: string, levels: readonly Level[], ends: { [path: string]: Json }): Done | Ending {
  const path = prefix + node.id;
  const args = node.reads.map((read) => readValue(read, levels));
  const mark = digest([path, args]);
  switch (node.type) {
    case "begin":
    case "calc":
      return { fields: { v: mark }, ports: ["out"] };
    // When they end is no business of the model's.
    case "nap":
    case "hear":
      return { fields: {}, ports: ["out"] };
    case "work":
      return Number(node.config["failures"] ?? 0) >= (node.retry?.maxAttempts ?? 1)
        ? failed(node)
        : { fields: { v: mark }, ports: ["out"] };
    case "pick":
      return { fields: {}, ports: [`p${mark % Number(node.config["ways"])}`] };
    case "put": {
      const around = levels.at(-1);
      if (around) around.variables.acc = mark;
      return { fields: {}, ports: ["out"] };
    }
    case "jump":
      return node.config["how"] === "next" ? { fields: {}, ports: [] } : (node.config["how"] as "continue" | "break");
    case "finish":
      ends[path] = args;
      return { fields: {}, ports: [] };
    default:
      return runContainer(node, path, levels, ends);
  }
}

function failed(node: ModelNode): Done | "failed" {
  switch (node.onError) {
    case "branch":
      return { fields: {}, ports: ["error"] };
    case "continue":
      return { fields: {}, ports: ["out"] };
    case "default":
      return { fields: DEFAULT_OUTPUT, ports: ["out"] };
    default:
      return "failed";
  }
}

function runContainer(node: ModelNode, path: string, levels: readonly Level[], ends: { [path: string]: Json }): Done | "failed" {
  const parallel = node.type === "each";
  const length = parallel ? (node.config["items"] as Json[]).length : Number(node.config["count"]);
  const variables = { acc: node.config["start"] ?? null };
  const items: Json[] = [];
  for (let index = 0; index < length; index++) {
    const level: Level = { container: node.id, results: new Map(), index, variables };
    const how = node.body ? runGraph(node.body, `${path}[${index}]/`, levels, level, ends) : "completed";
    if (how === "failed" && (!parallel || node.config["onItemError"] === "fail")) return failed(node);
    if (how === "completed") items.push((node.collect ?? []).map((id) => level.results.get(id)?.["v"] ?? null));
    else if (parallel && !(how === "failed" && node.config["onItemError"] === "drop")) items.push(null);
    if (how === "break") break;
  }
  return { fields: { items, acc: variables.acc }, ports: ["out"] };
}

function readValue(read: ModelRead, levels: readonly Level[]): Json {
  if ("indexOf" in read) return levels.find((level) => level.container === read.indexOf)?.index ?? null;
  if ("around" in read) {
    const level = levels.at(-1);
    return read.around === "index" ? (level?.index ?? null) : (level?.variables.acc ?? null);
  }
  const found = levels.findLast((level) => level.results.has(read.node));
  return found?.results.get(read.node)?.[read.field] ?? null;
}
