import type { JsonObject } from "@millrace/contract";

// Workflows that several tests use, each as small as what it shows.

export function document(name: string, nodes: readonly JsonObject[], edges: readonly string[], more: JsonObject = {}): JsonObject {
  return { format: "millrace/1", name, ...more, nodes, edges };
}

export function start(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { id: "start", type: "start", input: { type: "object", properties, required } };
}

/** The workflow of the vendor's published samples: a topic in, news out. */
export const todayNews = document(
  "todayNews",
  [
    start({ topic: { type: "string" } }, ["topic"]),
    { id: "end", type: "end", output: { news: [{ summary: "{{ start.topic }} today", media: "Wire" }] } },
  ],
  ["start -> end"],
);

/** The workflow of the vendor's first sample: `input` in, `output` out. */
export const advice = document(
  "advice",
  [start({ input: { type: "string" } }, ["input"]), { id: "end", type: "end", text: "About: {{ start.input }}" }],
  ["start -> end"],
);

/** Takes anything, gives its declared parameter back. */
export const echo = document(
  "echo",
  [start({ value: {} }), { id: "end", type: "end", output: { value: "{{ start.value }}" } }],
  ["start -> end"],
);

/** Asks a person, and waits. */
export const asking = document(
  "asking",
  [
    start({}),
    { id: "ask", type: "approval", title: "Go on?", actions: [{ name: "yes", label: "Yes" }] },
    { id: "end", type: "end", output: {} },
  ],
  ["start -> ask", "ask.yes -> end"],
);

/** Waits in a sandbox for about `ms`, then ends. */
export const slow = document(
  "slow",
  [
    start({ ms: { type: "integer", default: 100 } }),
    {
      id: "wait",
      type: "code",
      inputs: { ms: "{{ start.ms }}" },
      code: "const until = Date.now() + inputs.ms; while (Date.now() < until); return { waited: inputs.ms };",
    },
    { id: "end", type: "end", output: { waited: "{{ wait.waited }}" } },
  ],
  ["start -> wait", "wait -> end"],
);

/** Always fails in its code node. */
export const failing = document(
  "failing",
  [start({}), { id: "boom", type: "code", name: "Boom", code: "throw new Error('no luck');" }, { id: "end", type: "end", output: {} }],
  ["start -> boom", "boom -> end"],
);
