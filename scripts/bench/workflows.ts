import type { JsonObject } from "@millrace/contract";

type Named = JsonObject & { readonly name: string };

const listInput = { type: "object", properties: { items: { type: "array" } }, required: ["items"] };

/** The workflows that the benchmarks run. */
export const WORKFLOWS = {
  greet: greet(),
  chain: chain(100),
  many: batch(),
  nested: nested(),
  large: large(),
  steps: steps(40),
  fan: fan(1_000),
  sleeper: sleeper(),
} satisfies Record<string, Named>;

function document(name: string, nodes: readonly JsonObject[], edges: readonly string[]): Named {
  return { format: "millrace/1", name, nodes, edges };
}

/** start → template → end: 1 KB in, 1 KB out. */
function greet(): Named {
  return document(
    "greet",
    [
      { id: "start", type: "start", input: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
      { id: "hello", type: "template", text: "Hello {{ start.name }}" },
      { id: "end", type: "end", output: { greeting: "{{ hello.text }}" } },
    ],
    ["start -> hello", "hello -> end"],
  );
}

/** `length` template nodes, one after another. */
function chain(length: number): Named {
  const nodes = Array.from(
    { length },
    (_, i): JsonObject => ({ id: `t${i}`, type: "template", text: `{{ ${i === 0 ? "start.name" : `t${i - 1}.text`} }}` }),
  );
  const edges = ["start -> t0", ...nodes.slice(1).map((_, i) => `t${i} -> t${i + 1}`), `t${length - 1} -> end`];
  const start = { id: "start", type: "start", input: { type: "object", properties: { name: { type: "string" } } } };
  return document("chain", [start, ...nodes, { id: "end", type: "end", output: { text: `{{ t${length - 1}.text }}` } }], edges);
}

/** A batch of templates over the input's items, 32 at once. */
function batch(): Named {
  const body = { nodes: [{ id: "one", type: "template", text: "item {{ item }} of many" }], edges: [] };
  return document(
    "many",
    [
      { id: "start", type: "start", input: listInput },
      { id: "each", type: "batch", items: "{{ start.items }}", concurrency: 32, body, collect: "{{ one.text }}" },
      { id: "end", type: "end", output: { count: "{{ each.count }}", last: "{{ each.items.at(-1) }}" } },
    ],
    ["start -> each", "each -> end"],
  );
}

/** The same, a batch within a batch. */
function nested(): Named {
  const inner = { nodes: [{ id: "one", type: "template", text: "item {{ item }} of {{ outer.item }}" }], edges: [] };
  const outer = {
    nodes: [{ id: "inner", type: "batch", items: "{{ start.items }}", concurrency: 32, body: inner, collect: "{{ one.text }}" }],
    edges: [],
  };
  return document(
    "nested",
    [
      { id: "start", type: "start", input: listInput },
      { id: "outer", type: "batch", items: "{{ start.items }}", concurrency: 32, body: outer, collect: "{{ inner.count }}" },
      { id: "end", type: "end", output: { count: "{{ sum(outer.items) }}" } },
    ],
    ["start -> outer", "outer -> end"],
  );
}

/** One large text through five nodes; the output is its length. */
function large(): Named {
  const nodes = Array.from(
    { length: 5 },
    (_, i): JsonObject => ({ id: `t${i}`, type: "template", text: `{{ ${i === 0 ? "start.text" : `t${i - 1}.text`} }}` }),
  );
  const start = { id: "start", type: "start", input: { type: "object", properties: { text: { type: "string" } } } };
  const edges = ["start -> t0", "t0 -> t1", "t1 -> t2", "t2 -> t3", "t3 -> t4", "t4 -> end"];
  return document("large", [start, ...nodes, { id: "end", type: "end", output: { length: "{{ t4.text.length }}" } }], edges);
}

/** `length` sandboxed steps in a row, each recorded before the next. */
function steps(length: number): Named {
  const code = "function fibo(n) { return n < 2 ? n : fibo(n - 1) + fibo(n - 2); }\nfunction main() { return { v: fibo(10) }; }";
  const nodes = Array.from({ length }, (_, i): JsonObject => ({ id: `s${i}`, type: "code", code }));
  const edges = ["start -> s0", ...nodes.slice(1).map((_, i) => `s${i} -> s${i + 1}`), `s${length - 1} -> end`];
  const start = { id: "start", type: "start", input: { type: "object", properties: {} } };
  return document("steps", [start, ...nodes, { id: "end", type: "end", output: { v: `{{ s${length - 1}.v }}` } }], edges);
}

/** `width` HTTP nodes side by side. */
function fan(width: number): Named {
  const nodes = Array.from(
    { length: width },
    (_, i): JsonObject => ({ id: `get${i}`, type: "http", request: { method: "GET", url: "{{ start.url }}" } }),
  );
  const edges = nodes.flatMap(({ id }) => [`start -> ${id}`, `${id} -> end`]);
  const start = { id: "start", type: "start", input: { type: "object", properties: { url: { type: "string" } } } };
  return document("fan", [start, ...nodes, { id: "end", type: "end", output: { last: `{{ get${width - 1}.status }}` } }], edges);
}

/** Waits until the moment that its input names. */
function sleeper(): Named {
  return document(
    "sleeper",
    [
      { id: "start", type: "start", input: { type: "object", properties: { until: { type: "integer" } }, required: ["until"] } },
      { id: "sleep", type: "delay", until: "{{ start.until }}" },
      { id: "end", type: "end", output: { firedAt: "{{ sleep.firedAt }}" } },
    ],
    ["start -> sleep", "sleep -> end"],
  );
}
