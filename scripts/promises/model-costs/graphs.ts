import type { JsonObject } from "@millrace/contract";
import { PRICES } from "./rate-card.ts";

// Random workflows that ask models: side by side, in loops and batches, again where they fail, and through other workflows.

/** That of the awkward prices, whose answers break off in every way, is asked more often. */
const MODELS = [...Object.keys(PRICES), "models/small", "models/small"];

/** Attempts of a node, and milliseconds between them. A node whose attempts are used up lets its run go on. */
const RETRY = { retry: { maxAttempts: 3, initialMs: 1, jitter: false }, onError: { do: "continue" } };

const SCHEMA = { type: "object", properties: { word: { type: "string" } }, required: ["word"] };

type Graph = { readonly nodes: JsonObject[]; readonly edges: string[] };

/** A stage: its nodes run side by side. Ports of each that lead on. */
type Stage = readonly { readonly node: JsonObject; readonly ports: readonly string[] }[];

/** `callable`: names of the workflows that it may call. */
export function randomWorkflow(name: string, random: () => number, callable: readonly string[]): JsonObject {
  const maker = new Maker(random, callable);
  const { nodes, edges } = maker.chain(1 + maker.upTo(2), []);
  const start = { id: "start", type: "start", input: { type: "object", properties: { tag: { type: "string" } }, required: ["tag"] } };
  const first = nodes
    .filter(({ id }) => !edges.some((edge) => edge.endsWith(` -> ${String(id)}`)))
    .map(({ id }) => `start -> ${String(id)}`);
  const last = maker.leavesOf(nodes, edges).map((from) => `${from} -> end`);
  const all = [start, ...nodes, { id: "end", type: "end", output: { done: true } }];
  return { format: "millrace/1", name, nodes: all, edges: [...first, ...edges, ...last] };
}

class Maker {
  readonly #random: () => number;
  readonly #callable: readonly string[];
  readonly #ports = new Map<string, readonly string[]>();
  #made = 0;

  constructor(random: () => number, callable: readonly string[]) {
    this.#random = random;
    this.#callable = callable;
  }

  /** 0 to most. */
  upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  /** Stages one after another. `within`: the containers around it, outermost first. */
  chain(stages: number, within: readonly string[]): Graph {
    const graph: Graph = { nodes: [], edges: [] };
    let before: readonly string[] = [];
    for (let count = 0; count < stages; count++) {
      const stage: Stage = Array.from({ length: 1 + this.upTo(1) }, () => this.#node(within));
      for (const { node } of stage) {
        graph.nodes.push(node);
        graph.edges.push(...before.map((from) => `${from} -> ${String(node["id"])}`));
      }
      before = stage.flatMap(({ node, ports }) => {
        this.#ports.set(String(node["id"]), ports);
        return ports.map((port) => (port === "" ? String(node["id"]) : `${String(node["id"])}.${port}`));
      });
    }
    return graph;
  }

  /** What nothing follows, by its ports. */
  leavesOf(nodes: readonly JsonObject[], edges: readonly string[]): readonly string[] {
    const ends = nodes
      .map(({ id }) => String(id))
      .filter((id) => !edges.some((edge) => edge.startsWith(`${id} -> `) || edge.startsWith(`${id}.`)));
    return ends.flatMap((id) => (this.#ports.get(id) ?? [""]).map((port) => (port === "" ? id : `${id}.${port}`)));
  }

  #node(within: readonly string[]): Stage[number] {
    const id = `n${this.#made++}`;
    const place = ["{{ start.tag }}", id, ...within.map((container) => `{{ ${container}.index }}`)].join("/");
    const kinds = [
      "llm",
      "json",
      "intent",
      "extract",
      ...(within.length < 2 ? ["loop", "batch"] : []),
      ...(this.#callable.length > 0 ? ["workflow"] : []),
    ];
    const kind = kinds[this.upTo(kinds.length - 1)] ?? "llm";
    const model = MODELS[this.upTo(MODELS.length - 1)] ?? "";
    const asks = { id, model, ...RETRY };
    const prompt = `STEP ${place}`;
    switch (kind) {
      case "json":
        return { node: { ...asks, type: "llm", prompt, schema: SCHEMA }, ports: [""] };
      case "extract":
        return { node: { ...asks, type: "extract", text: prompt, schema: SCHEMA }, ports: [""] };
      case "intent": {
        const intents = ["one", "other"].map((port) => ({ port, text: port }));
        return { node: { ...asks, type: "intent", query: prompt, intents }, ports: ["one", "other"] };
      }
      case "loop":
      case "batch": {
        const items = Array.from({ length: 1 + this.upTo(2) }, (_, index) => index);
        return { node: { id, type: kind, items, body: this.chain(1, [...within, id]) }, ports: [""] };
      }
      case "workflow": {
        const workflow = this.#callable[this.upTo(this.#callable.length - 1)] ?? "";
        return { node: { id, type: "workflow", workflow, input: { tag: place }, onError: RETRY.onError }, ports: [""] };
      }
      default:
        return { node: { ...asks, type: "llm", prompt }, ports: [""] };
    }
  }
}
