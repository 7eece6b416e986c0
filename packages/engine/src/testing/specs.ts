import type { Json, JsonObject } from "@millrace/contract";
import Type from "typebox";
import { type Directive, TIMEOUT_PORT, type Usage } from "#directive";
import { RetryableError } from "#errors";
import type { MemberMode, NodeSpec } from "#node-spec";

/**
 * Node types for tests of the interpreter, which knows verbs and no types: every answer is a function of the node's path and its
 * arguments, so that a model which has never seen the interpreter can foretell it.
 */
export interface TestCall {
  readonly path: string;
  readonly attempt: number;
  readonly config: JsonObject;
}

export interface TestNode {
  readonly spec: NodeSpec;
  run(call: TestCall): Directive;
}

const args = Type.Optional(Type.Unknown());

/** A number that depends on the text alone (FNV-1a). */
export function digest(value: Json): number {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(value)) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}

function define(
  type: string,
  properties: Record<string, ReturnType<typeof Type.Unknown>>,
  more: Partial<NodeSpec>,
  run: TestNode["run"],
): [string, TestNode] {
  const spec: NodeSpec = {
    type,
    version: 1,
    effect: "none",
    config: Type.Object({ args, ...properties }, { additionalProperties: false }),
    members: {},
    role: "step",
    ports: () => ["out"],
    result: () => ({ fields: {}, open: true }),
    ...more,
  };
  return [type, { spec, run }];
}

function value({ path, config }: TestCall): Directive {
  return { verb: "continue", output: { v: digest([path, config["args"] ?? null]) } };
}

/** What an attempt that answers costs, where the node costs anything: a function of the two, so that a check can foretell every sum. */
export function usageOf(path: string, attempt: number): Usage {
  const some = digest([path, attempt]);
  return { kind: "chat", inputTokens: some % 997, outputTokens: some % 13, credits: `0.${String(some % 1_000_000_007).padStart(12, "0")}` };
}

/** Fails as often as `failures` says, attempt by attempt, then answers. */
function work(call: TestCall): Directive {
  if (call.attempt <= Number(call.config["failures"] ?? 0)) throw new RetryableError("http_503", `attempt ${call.attempt}`);
  const answer = value(call);
  return call.config["costs"] === true && answer.verb === "continue" ? { ...answer, usage: [usageOf(call.path, call.attempt)] } : answer;
}

const graph: { [member: string]: MemberMode } = { body: "graph", collect: "body" };
const anything = Type.Optional(Type.Unknown());

export const TEST_NODES: ReadonlyMap<string, TestNode> = new Map([
  define("begin", {}, { role: "entry" }, value),
  define("calc", {}, {}, value),
  define("work", { failures: anything, costs: anything }, { effect: "outside" }, work),
  define("nap", { ms: anything }, {}, ({ config }) => ({ verb: "wait", forMs: Number(config["ms"]) })),
  define("hear", { hears: anything }, {}, ({ config }) => ({ verb: "wait", signal: String(config["hears"]) })),
  define(
    "poll",
    { needs: anything, ms: anything },
    { ports: ({ needs, ms }) => [...Object.keys(needs ?? {}), ...(ms ? [TIMEOUT_PORT] : [])] },
    ({ config }) => ({
      verb: "ask",
      question: { about: {}, needs: config["needs"] as Record<string, number> },
      ...(config["ms"] !== undefined && { forMs: Number(config["ms"]) }),
    }),
  ),
  define("pick", { ways: anything }, { ports: (config) => Array.from({ length: Number(config["ways"]) }, (_, i) => `p${i}`) }, (call) => ({
    verb: "continue",
    port: `p${digest([call.path, call.config["args"] ?? null]) % Number(call.config["ways"])}`,
    output: {},
  })),
  define("put", { sets: anything }, { assigns: (config) => [String(config["sets"])] }, (call) => ({
    verb: "continue",
    output: {},
    assign: { [String(call.config["sets"])]: digest([call.path, call.config["args"] ?? null]) },
  })),
  define(
    "each",
    { items: anything, concurrency: anything, onItemError: anything, collect: anything, body: anything },
    { role: "container", members: graph, container: { mode: "parallel", variables: () => ({}) } },
    ({ config }) => {
      const items = config["items"] as Json[];
      const onItemError = config["onItemError"] as "fail" | "null" | "drop";
      return {
        verb: "iterate",
        mode: "parallel",
        items,
        count: items.length,
        concurrency: Number(config["concurrency"]),
        onItemError,
        variables: {},
      };
    },
  ),
  define(
    "repeat",
    { count: anything, start: anything, collect: anything, body: anything },
    { role: "container", members: graph, container: { mode: "sequential", variables: () => ({ acc: { kind: "any" } }) } },
    ({ config }) => ({
      verb: "iterate",
      mode: "sequential",
      items: null,
      count: Number(config["count"]),
      concurrency: 1,
      onItemError: "fail",
      variables: { acc: config["start"] ?? null },
    }),
  ),
  define("jump", { how: anything }, { role: "leave", ports: () => [] }, ({ config }) => ({
    verb: "leave",
    how: config["how"] as "next" | "continue" | "break",
  })),
  define("finish", {}, { role: "end", ports: () => [] }, ({ path, config }) => ({
    verb: "finish",
    output: { [path]: config["args"] ?? null },
  })),
]);

export const TEST_SPECS = new Map([...TEST_NODES].map(([type, node]) => [type, node.spec]));
