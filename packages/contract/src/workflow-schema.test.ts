import assert from "node:assert/strict";
import { test } from "node:test";
import { Check } from "typebox/schema";
import type { Json, JsonObject } from "#json";
import { workflowSchema } from "#workflow-schema";

const schema = workflowSchema({
  template: { type: "object", properties: { text: { type: "string" } }, required: ["text"], additionalProperties: false },
  start: { type: "object", properties: { input: { type: "object" } } },
  end: {
    anyOf: [
      { type: "object", properties: { output: {} }, required: ["output"], additionalProperties: false },
      { type: "object", properties: { text: { type: "string" } }, required: ["text"], additionalProperties: false },
    ],
  },
  batch: { type: "object", properties: { items: {}, body: {} }, required: ["items", "body"], dependentRequired: { collect: ["items"] } },
});

const document = (nodes: Json[], edges: Json[] = [], rest: JsonObject = {}): JsonObject => ({
  format: "millrace/1",
  name: "n",
  nodes,
  edges,
  ...rest,
});
const accepts = (value: Json): boolean => Check(schema as never, value);
const hello = { id: "a", type: "template", text: "hello" };

test("a document with envelope and config members is accepted", () => {
  const full = {
    ...hello,
    name: "A",
    note: "n",
    timeoutMs: 5,
    retry: { maxAttempts: 3 },
    onError: { do: "branch" },
    inputs: { x: 1 },
    outputs: { y: { type: "string" } },
  };
  assert.ok(accepts(document([full, { id: "start", type: "start" }], ["start -> a", { from: "a", port: "error", to: "b" }])));
  assert.ok(
    accepts(
      document([], [], {
        description: "d",
        tags: ["a b", "朝"],
        env: { A: 1 },
        strictInput: true,
        layout: { a: [1, 2.5] },
        flow: { x: 1 },
      }),
    ),
  );
});

const REFUSED: Readonly<Record<string, Json>> = {
  "an unknown member of the document": document([], [], { surprise: 1 }),
  "more tags than a workflow may have": document([], [], { tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }),
  "a tag that is there twice": document([], [], { tags: ["a", "a"] }),
  "a tag that is too long": document([], [], { tags: ["a".repeat(51)] }),
  "a tag with spaces around it": document([], [], { tags: ["a "] }),
  "an unknown member of a node": document([{ ...hello, surprise: 1 }]),
  "the config of another type": document([{ id: "s", type: "start", text: "x" }]),
  "a missing config member": document([{ id: "a", type: "template" }]),
  "a config member of the wrong type": document([{ ...hello, text: 5 }]),
  "an unknown node type": document([{ id: "a", type: "llm" }]),
  "a node without an id": document([{ type: "start" }]),
  "an id that is no identifier": document([{ id: "1 a", type: "start" }]),
  "a wrong envelope member": document([{ ...hello, timeoutMs: "5" }]),
  "an unknown retry member": document([{ ...hello, retry: { attempts: 3 } }]),
  "an edge that is none": document([hello], ["a b"]),
  "an edge with an unknown member": document([hello], [{ from: "a", to: "b", x: 1 }]),
  "another format": { ...document([]), format: "millrace/2" },
  "a document without edges": { format: "millrace/1", name: "n", nodes: [] },
  "a layout that is no pair": document([], [], { layout: { a: [1] } }),
};

for (const [what, value] of Object.entries(REFUSED)) test(`refused: ${what}`, () => assert.equal(accepts(value), false));

test("a config of alternatives: exactly the members of one of them", () => {
  const end = (members: JsonObject) => accepts(document([{ id: "end", type: "end", name: "End", ...members }]));
  assert.ok(end({ output: {} }));
  assert.ok(end({ text: "x" }));
  assert.equal(end({ output: {}, text: "x" }), false);
  assert.equal(end({}), false);
});

test("a container's body is a graph, at any depth", () => {
  const nest = (depth: number, inner: JsonObject): JsonObject =>
    depth === 0 ? inner : { id: "b", type: "batch", items: [], body: { nodes: [nest(depth - 1, inner)], edges: [] } };
  assert.ok(accepts(document([nest(3, hello)])));
  assert.equal(accepts(document([nest(3, { ...hello, surprise: 1 })])), false);
  assert.equal(accepts(document([{ id: "b", type: "batch", items: [], body: { nodes: [] } }])), false);
  assert.equal(accepts(document([{ id: "b", type: "batch", items: [], body: { nodes: [], edges: [], layout: {} } }])), false);
});

test("other keywords of a config hold beside its members", () => {
  const checked = workflowSchema({ next: { type: "object", properties: { a: {}, b: {} }, dependentRequired: { a: ["b"] } } });
  const node = (members: JsonObject) => Check(checked as never, document([{ id: "n", type: "next", ...members }]));
  assert.ok(node({ a: 1, b: 1 }));
  assert.equal(node({ a: 1 }), false);
});

test("node types stand in the order of the format, whatever the order of the configs", () => {
  const one = JSON.stringify(workflowSchema({ end: {}, custom: {}, start: {} }));
  assert.equal(one, JSON.stringify(workflowSchema({ start: {}, end: {}, custom: {} })));
  assert.ok(one.includes('"enum":["start","end","custom"]'));
});
