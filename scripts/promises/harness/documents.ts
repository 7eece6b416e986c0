import type { JsonObject } from "@millrace/contract";

// The workflows that the checks run, each as small as what it shows.

export function document(name: string, nodes: readonly JsonObject[], edges: readonly string[]): JsonObject {
  return { format: "millrace/1", name, nodes, edges };
}

export const start = (properties: JsonObject): JsonObject => ({ id: "start", type: "start", input: { type: "object", properties } });

/** Gives its input back. */
export function echo(name: string): JsonObject {
  return document(name, [start({ value: {} }), { id: "end", type: "end", output: { value: "{{ start.value }}" } }], ["start -> end"]);
}

/** Asks, and ends with what was decided. */
export function asking(name: string): JsonObject {
  const ask = { id: "ask", type: "approval", title: "Go on?", timeout: { afterMs: 86_400_000 } };
  const ends = ["approve", "reject", "timeout"].map((id): JsonObject => ({ id, type: "end", output: { action: "{{ ask.action }}" } }));
  return document(name, [start({}), ask, ...ends], ["start -> ask", ...ends.map(({ id }) => `ask.${id} -> ${id}`)]);
}

/** Fails in its code node. */
export const failing = document(
  "failing",
  [start({}), { id: "boom", type: "code", code: "throw new Error('no luck');" }, { id: "end", type: "end", output: {} }],
  ["start -> boom", "boom -> end"],
);

/** Calls the receiver on this port, `times` times one after another, and ends with what it answered last. */
export function calling(name: string, port: number, times = 1): JsonObject {
  const request = { method: "POST", url: `http://127.0.0.1:${port}/effect`, body: { json: { n: "{{ start.n }}" } } };
  const calls = Array.from({ length: times }, (_, n): JsonObject => ({ id: `call${n}`, type: "http", request }));
  const ids = ["start", ...calls.map((_, n) => `call${n}`), "end"];
  const edges = ids.slice(1).map((id, n) => `${ids[n]} -> ${id}`);
  const end = { id: "end", type: "end", output: { done: `{{ call${times - 1}.body.done }}` } };
  return document(name, [start({ n: { type: "integer" } }), ...calls, end], edges);
}
