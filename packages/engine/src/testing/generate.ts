import type { WorkflowDocument, WorkflowNode } from "@millrace/contract";
import type { ModelGraph, ModelNode, ModelRead } from "#testing/model";

/** Chance that a test can repeat: the same seed gives the same numbers (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** 0 … count − 1. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}

interface Builder {
  readonly chance: Chance;
  serial: number;
  /** Attempts may fail: then results depend on `onError`, and the run may fail. */
  readonly failures: boolean;
  /** Containers around what is being made, outermost first. */
  readonly around: string[];
}

/** A random workflow of `size` nodes at its top level, bodies nested up to `depth`. */
export function generateGraph(seed: number, size: number, depth: number, failures = true): ModelGraph {
  const builder: Builder = { chance: new Chance(seed), serial: 0, failures, around: [] };
  const begin = node(builder, "begin", []);
  const middle = parallelGraph(builder, size, depth, [begin]);
  const sinks = middle.nodes.filter((one) => !middle.edges.some((edge) => edge.from === one.id));
  const finish = node(builder, "finish", readable(middle, middle.nodes));
  const last = sinks.flatMap((sink) => portsOf(sink).map((port) => ({ from: sink.id, port, to: finish.id })));
  return { nodes: [...middle.nodes, finish], edges: [...middle.edges, ...last] };
}

/** Nodes side by side and in line, in any shape without a cycle. */
function parallelGraph(builder: Builder, size: number, depth: number, first: readonly ModelNode[]): ModelGraph {
  let graph: ModelGraph = { nodes: first, edges: [] };
  for (let i = 0; i < size; i++) {
    const { chance } = builder;
    // In a body any node may begin; in the document only the start does.
    const begins = graph.nodes.length === 0 || (first.length === 0 && chance.chance(0.4));
    const before = begins ? [] : Array.from({ length: 1 + chance.below(2) }, () => chance.pick(graph.nodes));
    const edges = [...new Set(before)].map((from) => ({ from, port: chance.pick(portsOf(from)) }));
    const upstream = ancestors(graph, [...new Set(before)]);
    const added = anyNode(builder, depth, readable(graph, upstream));
    graph = {
      nodes: [...graph.nodes, added],
      edges: [...graph.edges, ...edges.map(({ from, port }) => ({ from: from.id, port, to: added.id }))],
    };
  }
  return graph;
}

/** One after another, so that variables and jumps have one order; may end in a pick with a jump on one of its ways. */
function linearBody(builder: Builder, size: number, depth: number): ModelGraph {
  const { chance } = builder;
  const nodes: ModelNode[] = [];
  for (let i = 0; i < size; i++) {
    const reads: ModelRead[] = [
      ...nodes.filter((one) => one.type !== "pick" && one.type !== "put").map(readOf),
      { around: "index" },
      { around: "acc" },
    ];
    nodes.push(
      chance.chance(0.3)
        ? { ...node(builder, "put", some(builder, reads)), config: { sets: "acc" } }
        : anyNode(builder, depth, reads, false),
    );
  }
  const edges = nodes.slice(1).map((to, i) => ({ from: nodes[i]?.id ?? "", port: "out", to: to.id }));
  if (!chance.chance(0.6)) return { nodes, edges };
  const choice = { ...node(builder, "pick", [{ around: "index" }]), config: { ways: 3 } };
  const jump = { ...node(builder, "jump", []), config: { how: chance.pick(["next", "continue", "break"]) } };
  const tail = node(builder, "calc", [{ around: "acc" }]);
  const from = nodes.at(-1);
  return {
    nodes: [...nodes, choice, jump, tail],
    edges: [
      ...edges,
      ...(from ? [{ from: from.id, port: "out", to: choice.id }] : []),
      { from: choice.id, port: "p0", to: jump.id },
      { from: choice.id, port: "p1", to: tail.id },
    ],
  };
}

/** Any node, which may be skipped on account of a number that it can read. */
function anyNode(builder: Builder, depth: number, reads: readonly ModelRead[], picks = true): ModelNode {
  const one = plainNode(builder, depth, reads, picks);
  const numbers = [...reads, ...builder.around.map((id): ModelRead => ({ indexOf: id }))].filter(isNumber);
  return numbers.length > 0 && builder.chance.chance(0.15) ? { ...one, skipIf: builder.chance.pick(numbers) } : one;
}

function isNumber(read: ModelRead): boolean {
  return "indexOf" in read || "around" in read || read.field === "v";
}

function plainNode(builder: Builder, depth: number, reads: readonly ModelRead[], picks: boolean): ModelNode {
  const { chance } = builder;
  const roll = chance.next();
  if (depth > 0 && roll < 0.3) return container(builder, depth, reads);
  if (picks && roll < 0.42) return { ...node(builder, "pick", some(builder, reads)), config: { ways: 2 + chance.below(2) } };
  if (roll < 0.48) return { ...node(builder, "nap", []), config: { ms: chance.pick([0, 50, 100, 20_000]) } };
  if (roll < 0.51) return { ...node(builder, "hear", []), config: { hears: chance.pick(["one", "two"]) } };
  if (roll < 0.6) return node(builder, "calc", some(builder, reads));
  return working(builder, some(builder, reads));
}

function working(builder: Builder, reads: readonly ModelRead[]): ModelNode {
  const { chance, failures, around } = builder;
  const plain = node(builder, "work", reads);
  if (!failures || !chance.chance(around.length > 0 ? 0.6 : 0.3)) return plain;
  const maxAttempts = 1 + chance.below(3);
  // An unhandled failure of the document ends everything; in a body there is more to see after it.
  const fails = around.length > 0 ? (["fail", "fail", "fail"] as const) : (["fail"] as const);
  const onError = chance.pick([...fails, "branch", "continue", "default"] as const);
  return { ...plain, config: { failures: chance.below(4) }, retry: { maxAttempts }, onError };
}

function container(builder: Builder, depth: number, reads: readonly ModelRead[]): ModelNode {
  const { chance } = builder;
  const each = chance.chance(0.5);
  const size = 1 + chance.below(4);
  const own = node(builder, each ? "each" : "repeat", some(builder, reads));
  builder.around.push(own.id);
  const body = each ? parallelGraph(builder, size, depth - 1, []) : linearBody(builder, size, depth - 1);
  builder.around.pop();
  const collect = body.nodes.filter((one) => ["calc", "work"].includes(one.type)).map((one) => one.id);
  const shared = { ...own, body, collect };
  const onItemError = chance.pick(["fail", "null", "drop", "null"]);
  if (each)
    return {
      ...shared,
      config: { items: Array.from({ length: chance.below(4) }, (_, i) => i), concurrency: 1 + chance.below(3), onItemError },
    };
  return { ...shared, config: { count: chance.below(4), start: chance.below(100) } };
}

function node(builder: Builder, type: string, reads: readonly ModelRead[]): ModelNode {
  builder.serial += 1;
  return { id: `n${builder.serial}`, type, reads, config: {} };
}

function some(builder: Builder, reads: readonly ModelRead[]): ModelRead[] {
  const all = [...reads, ...builder.around.map((id): ModelRead => ({ indexOf: id }))];
  return all.length === 0 ? [] : Array.from({ length: builder.chance.below(3) }, () => builder.chance.pick(all));
}

function portsOf(one: ModelNode): string[] {
  if (one.type === "pick") return Array.from({ length: Number(one.config["ways"]) }, (_, i) => `p${i}`);
  return one.onError === "branch" ? ["out", "error"] : ["out"];
}

function ancestors(graph: ModelGraph, from: readonly ModelNode[]): ModelNode[] {
  const found = new Set(from);
  for (const one of found) for (const edge of graph.edges) if (edge.to === one.id) found.add(byId(graph, edge.from));
  return [...found];
}

function byId(graph: ModelGraph, id: string): ModelNode {
  const found = graph.nodes.find((one) => one.id === id);
  if (!found) throw new Error(`no node ${id}`);
  return found;
}

function readable(graph: ModelGraph, nodes: readonly ModelNode[]): ModelRead[] {
  return graph.nodes.filter((one) => nodes.includes(one) && one.type !== "pick").map(readOf);
}

function readOf(one: ModelNode): ModelRead {
  return { node: one.id, field: one.type === "each" || one.type === "repeat" ? "items" : "v" };
}

/** The same workflow as a document that the interpreter can plan. */
export function toDocument(graph: ModelGraph): WorkflowDocument {
  return { format: "millrace/1", name: "generated", nodes: graph.nodes.map(toNode), edges: toEdges(graph) };
}

function toEdges(graph: ModelGraph): string[] {
  return [...new Set(graph.edges.map((edge) => `${edge.from}.${edge.port} -> ${edge.to}`))];
}

function toNode(one: ModelNode): WorkflowNode {
  const onError = one.onError === "default" ? { do: "default", output: { v: -1 } } : { do: one.onError ?? "fail" };
  return {
    id: one.id,
    type: one.type,
    args: one.reads.map(toExpression),
    ...one.config,
    ...(one.type === "work" && { costs: true }),
    ...(one.retry && { retry: { ...one.retry, initialMs: 10 } }),
    ...(one.onError && { onError }),
    ...(one.skipIf && { skipIf: toExpression(one.skipIf).replace(/^{{ (.*) }}$/, "{{ ($1 ?? 1) % 2 === 0 }}") }),
    ...(one.body && { body: { nodes: one.body.nodes.map(toNode), edges: toEdges(one.body) } }),
    ...(one.collect && { collect: one.collect.map((id) => `{{ ${id}.v }}`) }),
  } as WorkflowNode;
}

function toExpression(read: ModelRead): string {
  if ("indexOf" in read) return `{{ ${read.indexOf}.index }}`;
  if ("around" in read) return read.around === "index" ? "{{ index }}" : "{{ loop.acc }}";
  return `{{ ${read.node}.${read.field} }}`;
}
