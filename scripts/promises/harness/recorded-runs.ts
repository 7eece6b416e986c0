import type { JsonObject } from "@millrace/contract";
import { calling, document, echo, failing, start } from "./documents.ts";

/** A run as it is recorded: its workflow, what it is given, and what is done to it. */
export interface RecordedRun {
  readonly document: JsonObject;
  readonly input: JsonObject;
  /** `cancel` once it waits; `replay` once it has failed, from the start. */
  readonly afterwards?: "cancel" | "replay";
}

const end = (output: JsonObject): JsonObject => ({ id: "end", type: "end", output });
const throwing = (id: string, more: JsonObject = {}): JsonObject => ({ id, type: "code", code: "throw new Error('no luck');", ...more });

const branches = document(
  "branches",
  [
    start({ n: { type: "integer" } }),
    { id: "which", type: "condition", cases: [{ port: "big", rows: [{ left: "{{ start.n }}", op: "gt", right: 5 }] }] },
    { id: "big", type: "template", text: "big {{ start.n }}" },
    { id: "small", type: "template", text: "small {{ start.n }}" },
    end({ said: "{{ big.text ?? small.text }}" }),
  ],
  ["start -> which", "which.big -> big", "which.else -> small", "big -> end", "small -> end"],
);

const handled = document(
  "handled",
  [
    start({}),
    throwing("boom", { retry: { maxAttempts: 2, initialMs: 1 }, onError: { do: "branch" } }),
    { id: "told", type: "template", text: "{{ boom.error.type }} {{ boom.error.attempt }}" },
    throwing("again", { onError: { do: "default", output: { v: 1 } } }),
    end({ told: "{{ told.text }}", v: "{{ again.v }}" }),
  ],
  ["start -> boom", "boom -> end", "boom.error -> told", "told -> again", "again -> end"],
);

const loop = document(
  "loop",
  [
    start({ amounts: { type: "array", items: { type: "number" } } }),
    {
      id: "sum",
      type: "loop",
      items: "{{ start.amounts }}",
      variables: { total: { type: "number", value: 0 } },
      collect: "{{ loop.total }}",
      body: {
        nodes: [
          {
            id: "check",
            type: "condition",
            cases: [
              { port: "stop", rows: [{ left: "{{ item }}", op: "lt", right: 0 }] },
              { port: "skip", rows: [{ left: "{{ item }}", op: "eq", right: 0 }] },
            ],
          },
          { id: "add", type: "set", assign: { total: "{{ loop.total + item }}" } },
          { id: "stop", type: "break" },
          { id: "skip", type: "continue" },
        ],
        edges: ["check.stop -> stop", "check.skip -> skip", "check.else -> add"],
      },
    },
    end({ total: "{{ sum.total }}", items: "{{ sum.items }}" }),
  ],
  ["start -> sum", "sum -> end"],
);

const batch = document(
  "batch",
  [
    start({ items: { type: "array" } }),
    {
      id: "each",
      type: "batch",
      items: "{{ start.items }}",
      concurrency: 2,
      onItemError: "null",
      collect: "{{ twice.v }}",
      body: {
        nodes: [
          {
            id: "twice",
            type: "code",
            inputs: { n: "{{ item }}" },
            code: "if (inputs.n === 3) throw new Error('three'); return { v: inputs.n * 2 };",
          },
          { id: "said", type: "template", text: "{{ twice.v }} {{ uuid() }}" },
        ],
        edges: ["twice -> said"],
      },
    },
    end({ items: "{{ each.items }}", count: "{{ each.count }}" }),
  ],
  ["start -> each", "each -> end"],
);

const nap = (name: string, forMs: number): JsonObject =>
  document(name, [start({}), { id: "nap", type: "delay", forMs }, end({ at: "{{ nap.firedAt > 0 }}" })], ["start -> nap", "nap -> end"]);

const caller = document(
  "caller",
  [start({}), { id: "call", type: "workflow", workflow: "echo", input: { value: [1, "two"] } }, end({ got: "{{ call.value }}" })],
  ["start -> call", "call -> end"],
);

/** Every kind of entry that this release writes, in runs as small as what they show. `port`: where effects go. */
export const recordedRuns = (port: number): readonly RecordedRun[] => [
  { document: echo("echo"), input: { value: { deep: [null, "é", 0.1] } } },
  { document: branches, input: { n: 7 } },
  { document: branches, input: { n: 3 } },
  { document: handled, input: {} },
  { document: loop, input: { amounts: [1, 0, 2.5, -1, 9] } },
  { document: batch, input: { items: [1, 2, 3, 4, 5] } },
  { document: nap("napping", 5), input: {} },
  { document: nap("dropped", 86_400_000), input: {}, afterwards: "cancel" },
  { document: caller, input: {} },
  { document: calling("calling", port, 2), input: { n: 1 } },
  { document: failing, input: {}, afterwards: "replay" },
];
