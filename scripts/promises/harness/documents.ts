import type { JsonObject } from "@millrace/contract";

// The workflows that the checks run, each as small as what it shows.

function document(name: string, nodes: readonly JsonObject[], edges: readonly string[]): JsonObject {
  return { format: "millrace/1", name, nodes, edges };
}

const start = (properties: JsonObject): JsonObject => ({ id: "start", type: "start", input: { type: "object", properties } });

/** Gives its input back. */
export function echo(name: string): JsonObject {
  return document(name, [start({ value: {} }), { id: "end", type: "end", output: { value: "{{ start.value }}" } }], ["start -> end"]);
}

/** Fails in its code node. */
export const failing = document(
  "failing",
  [start({}), { id: "boom", type: "code", code: "throw new Error('no luck');" }, { id: "end", type: "end", output: {} }],
  ["start -> boom", "boom -> end"],
);

/** Calls the receiver on this port, and ends with what it answered. */
export function calling(name: string, port: number): JsonObject {
  return document(
    name,
    [
      start({ n: { type: "integer" } }),
      {
        id: "call",
        type: "http",
        request: { method: "POST", url: `http://127.0.0.1:${port}/effect`, body: { json: { n: "{{ start.n }}" } } },
      },
      { id: "end", type: "end", output: { done: "{{ call.body.done }}" } },
    ],
    ["start -> call", "call -> end"],
  );
}
