import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Json, JsonObject, WorkflowNode } from "@millrace/contract";
import { exportFlow } from "#flow/export/export";
import { listOf, objectOf } from "#flow/json";
import { AT, bare, canonical, chain, END, exported, imported, refusals, START } from "#flow/testing/through-file";

const SAMPLES = new URL("../testing/samples/", import.meta.url);

const END_TEXTS = { id: "end", type: "end", output: { greeting: "Hello {{ start.q }}", plain: "{{ start.q }}", bye: "Bye {{ start.q }}" } };

for (const name of readdirSync(SAMPLES)) {
  const file = JSON.parse(readFileSync(new URL(name, SAMPLES), "utf8")) as JsonObject;
  test(`${name} comes through import, export and import as the same document, byte by byte`, () => {
    const document = imported(file);
    const again = exported(document);
    assert.equal(canonical(imported(again)), canonical(document));
    assert.deepEqual(again, { ...file, exportTime: AT });
  });

  test(`${name} without what import kept of it is exported anew, and means the same`, () => {
    const document = bare(imported(file) as unknown as Json) as JsonObject;
    const edges = (graph: Json): Json => {
      if (graph === null || typeof graph !== "object") return graph;
      if (Array.isArray(graph)) return graph.map(edges);
      return Object.fromEntries(Object.entries(graph).map(([key, item]) => [key, edges(item)]));
    };
    assert.equal(canonical(bare(imported(exported(document)) as unknown as Json)), canonical(edges(document)));
  });
}

test("a file has its members in the vendor's order, and the time of its export", () => {
  const file = exported(chain({ id: "t", type: "template", text: "a {{ start.q }}" }));
  assert.deepEqual(Object.keys(file), ["formatVersion", "exportType", "exportTime", "name", "botType", "logo", "workflow"]);
  const { workflowNodes, workflowEdges } = objectOf(file["workflow"]);
  assert.deepEqual(Object.keys(objectOf(listOf(workflowNodes)[1])), [
    "id",
    "name",
    "type",
    "x",
    "y",
    "desc",
    "inputs",
    "outputs",
    "textProcessParam",
  ]);
  assert.deepEqual(listOf(workflowEdges)[0], {
    id: "start-out-t",
    sourceNodeID: "start",
    targetNodeID: "t",
    sourceHandle: "source-start",
    targetHandle: "target-t",
  });
});

test("an edited node is written anew and keeps what the vendor alone knows; the others stay as they were read", () => {
  const document = structuredClone(imported(JSON.parse(readFileSync(new URL("demo-workflow.flow", SAMPLES), "utf8")))) as unknown as {
    nodes: JsonObject[];
  };
  const [, , first] = document.nodes;
  assert.ok(first);
  const kept = objectOf(objectOf(first["flow"])["node"]);
  document.nodes[2] = { ...first, text: "New: {{ start.q }}", flow: { node: { ...kept, "x-unknown": [1] } } };
  const nodes = listOf(objectOf(exported(document)["workflow"])["workflowNodes"]).map(objectOf);
  assert.deepEqual(nodes[2]?.["textProcessParam"], { mode: "JOIN", joinText: "New: {{start.q}}" });
  assert.deepEqual(nodes[2]?.["x-unknown"], [1]);
  assert.deepEqual(nodes[3]?.["textProcessParam"], { mode: "JOIN", joinText: "B:{{q}}" });
});

test("a renamed or moved node is still the vendor's", () => {
  const document = structuredClone(imported(JSON.parse(readFileSync(new URL("demo-workflow.flow", SAMPLES), "utf8")))) as unknown as {
    nodes: JsonObject[];
    layout: { [path: string]: Json };
  };
  document.nodes[3] = { ...document.nodes[3], name: "Renamed", note: "why" };
  document.layout["tp_b"] = [7, 8];
  const { textProcessParam, name, desc, x, y } = objectOf(listOf(objectOf(exported(document)["workflow"])["workflowNodes"])[3]);
  assert.deepEqual([textProcessParam, name, desc, x, y], [{ mode: "JOIN", joinText: "B:{{q}}" }, "Renamed", "why", 7, 8]);
});

/** A node of each type as people write it, each with something that reads it. */
const NATIVE: { readonly [type: string]: readonly JsonObject[] } = {
  template: [{ id: "t", type: "template", text: "{{ start.q }}, \\{{ and {{ start.list[0].a }}" }],
  split: [{ id: "s", type: "split", text: "{{ start.q }}", delimiters: [",", "\n"] }],
  code: [
    { id: "c", type: "code", inputs: { a: "{{ start.list[0].b }}", n: 1.5, o: { deep: [1, "x"] } }, code: "return { x: inputs.a, y: 1 };" },
  ],
  http: [
    {
      id: "h",
      type: "http",
      request: {
        method: "POST",
        url: "https://x.example/{{ encodeURIComponent(start.q) }}?v=1",
        query: { page: ["1", "2"], q: "{{ start.q }}" },
        headers: { "X-A": "a {{ start.q }}" },
        body: { form: { a: "b {{ start.q }}" } },
      },
      timeoutMs: 5_000,
      retry: { maxAttempts: 3 },
    },
  ],
  llm: [
    {
      id: "l",
      type: "llm",
      model: "openai/gpt-4o",
      system: "Be brief.",
      prompt: "About {{ start.q }}",
      temperature: 0.2,
      maxOutputTokens: 50,
    },
  ],
  audio: [{ id: "a", type: "audio", voice: "alloy", prompt: "{{ start.q }}" }],
  knowledge: [{ id: "k", type: "knowledge", query: "{{ start.q }}", collections: ["handbook"], topK: 3 }],
  database: [
    { id: "d", type: "database", connection: "crm", sql: ["SELECT name FROM members WHERE city = ", ""], params: ["{{ start.q }}"] },
  ],
  tool: [{ id: "u", type: "tool", tool: "crm/find", input: { city: "{{ start.q }}", limit: 5 } }],
  "file-parse": [{ id: "f", type: "file-parse", file: "{{ start.doc }}" }],
  aggregate: [{ id: "g", type: "aggregate", groups: { r: ["{{ start.q }}", "none"], n: ["{{ start.list }}", null] } }],
  comment: [],
};

const READS: { readonly [type: string]: string } = {
  template: "t.text",
  split: "s.items",
  code: "c.x",
  http: "h.body",
  llm: "l.text",
  audio: "a.audio",
  database: "d.rows",
  "file-parse": "f.text",
  aggregate: "g.r",
};

for (const [type, nodes] of Object.entries(NATIVE)) {
  test(`a ${type} node as people write it is exported, and comes back once and for all`, () => {
    const read = READS[type];
    const document = chain(...nodes);
    const start = { ...START, input: { type: "object", properties: { ...START.input.properties, doc: { "x-file": "doc" } } } };
    const end = { ...END, output: { all: read === undefined ? "{{ start.q }}" : `{{ ${read} }}` } };
    const comment = type === "comment" ? [{ id: "note", type: "comment", text: "{{ as it is }}" }] : [];
    const whole = { ...document, nodes: [start, ...nodes, end, ...comment] };
    const once = imported(exported(whole));
    assert.equal(canonical(imported(exported(once))), canonical(once));
    assert.equal(JSON.stringify(once).includes('"said"'), false);
  });
}

test("conditions and intents keep their branches; containers, variables and jumps their meaning", () => {
  const document = {
    format: "millrace/1",
    name: "ways",
    description: "All ways.",
    env: { REGION: "sg" },
    tags: ["orders", "朝"],
    strictInput: true,
    concurrency: { limit: 2 },
    nodes: [
      START,
      {
        id: "way",
        type: "condition",
        cases: [
          {
            port: "yes",
            match: "any",
            rows: [
              { left: "{{ start.q }}", op: "eq", right: "{{ env.REGION }}" },
              { left: "{{ run.userId }}", op: "is_empty" },
            ],
          },
          { port: "never", rows: [] },
        ],
      },
      {
        id: "want",
        type: "intent",
        query: "{{ start.q }}",
        intents: [
          { port: "a", text: "Wants A" },
          { port: "b", text: "other" },
        ],
        onError: { do: "branch" },
      },
      {
        id: "sum",
        type: "loop",
        items: "{{ start.list }}",
        variables: { total: { type: "number", value: 0 } },
        collect: "{{ add.text }}",
        body: {
          nodes: [
            { id: "check", type: "condition", cases: [{ port: "stop", rows: [{ left: "{{ item }}", op: "lt", right: 0 }] }] },
            { id: "add", type: "template", text: "{{ index }}: {{ item.name }} {{ loop.total }}" },
            { id: "keep", type: "set", assign: { total: "{{ add.text }}" } },
            { id: "stop", type: "break" },
          ],
          edges: ["check.stop -> stop", "check.else -> add", "add -> keep"],
        },
      },
      { id: "each", type: "batch", items: "{{ sum.items }}", concurrency: 4, onItemError: "drop", body: { nodes: [], edges: [] } },
      { id: "end", type: "end", text: "{{ sum.total }}/{{ sum.count }}/{{ each.count }}" },
    ],
    edges: [
      "start -> way",
      "way.yes -> want",
      "way.never -> sum",
      "way.else -> sum",
      "want.a -> sum",
      "want.b -> end",
      "want.error -> end",
      "sum -> each",
      "each -> end",
    ],
  };
  const { file, warnings } = exportFlow(document, AT);
  assert.ok(file, JSON.stringify(refusals(document)));
  assert.deepEqual(
    warnings.map(({ path }) => path),
    ["/tags", "/strictInput", "/concurrency", "/nodes/2/onError", "/nodes/4/concurrency", "/nodes/4/onItemError"],
  );
  assert.equal(JSON.stringify(file).includes('"sg"'), false, "values of the server's environment stay on the server");
  const once = imported(file, { REGION: "sg" });
  assert.deepEqual([once.tags, once.strictInput, once.concurrency, once.env], [["orders", "朝"], true, { limit: 2 }, { REGION: "sg" }]);
  assert.equal(canonical(imported(exported(once), { REGION: "sg" })), canonical(once));
});

test("a text with values in it, where the vendor has a place for one value, becomes a text node before its node", () => {
  const document = {
    ...chain(),
    nodes: [
      START,
      { id: "way", type: "condition", cases: [{ port: "yes", rows: [{ left: "a {{ start.q }}", op: "eq", right: "ab" }] }] },
      END_TEXTS,
    ],
    edges: ["start -> way", "way.yes -> end", "way.else -> end"],
  };
  const { workflowNodes, workflowEdges } = objectOf(exported(document)["workflow"]);
  assert.deepEqual(
    listOf(workflowNodes).map((node) => [objectOf(node)["id"], objectOf(node)["type"]]),
    [
      ["start", "START"],
      ["way_text", "TEXT_PROCESS"],
      ["way", "CONDITION"],
      ["end_text", "TEXT_PROCESS"],
      ["end_text_2", "TEXT_PROCESS"],
      ["end", "END"],
    ],
  );
  assert.deepEqual(
    listOf(workflowEdges).map((edge) => `${String(objectOf(edge)["sourceHandle"])} ${String(objectOf(edge)["targetNodeID"])}`),
    [
      "source-start way_text",
      "source-way-yes end_text",
      "source-way-else end_text",
      "source-way_text way",
      "source-end_text end_text_2",
      "source-end_text_2 end",
    ],
  );
  const once = imported(exported(document));
  assert.equal(canonical(imported(exported(once))), canonical(once));
});

test("all that cannot be said is said at once, each with its place", () => {
  const document = chain(
    { id: "wait", type: "delay", ms: 5 },
    { id: "sum", type: "template", text: "{{ start.q + 1 }} of {{ wait }}" },
    { id: "ts", type: "code", language: "typescript", code: "return {}", inputs: { a: ["x", "{{ start.q }}"] } },
    { id: "fork", type: "condition", cases: [{ port: "yes", when: "{{ start.q }}" }] },
    { id: "ask", type: "http", connection: "crm", request: { url: "/x" } },
  );
  assert.deepEqual(
    refusals({
      ...document,
      edges: [...listOf(document["edges"]).filter((edge) => edge !== "fork -> ask"), "fork.yes -> ask", "fork.else -> ask"],
    }),
    [
      "/nodes/1/type: a delay node has no counterpart in .flow",
      "/nodes/2/text: `start.q + 1` computes, and .flow only names values: compute it in a code node, and name that node's output",
      "/nodes/2/text: `wait` is no value that .flow has a name for",
      "/nodes/3/language: .flow has code in JavaScript and Python, and none in typescript",
      "/nodes/3/inputs/a: a list or an object with values in it has no place here in .flow: make it in a code node, and name that node's output",
      "/nodes/4/cases/0/when: a case of .flow compares values: write rows, or compute the answer in a code node",
      "/nodes/5/connection: .flow has no place for it",
    ],
  );
});

test("what the vendor's rules forbid is refused at its node", () => {
  const twoEnds = chain();
  const other = { id: "other", type: "end", text: "" };
  const nodes = [...listOf(twoEnds["nodes"]), other];
  assert.deepEqual(refusals({ ...twoEnds, nodes, edges: ["start -> end", "start -> other"] }), [
    "/nodes: A workflow has exactly one END node; this one has 2.",
  ]);
  const named = chain({ id: "a", type: "template", name: "Same", text: "" }, { id: "b", type: "template", name: "Same", text: "" });
  assert.match(refusals(named).join("\n"), /^\/nodes\/2: .*Same/);
});

test("a draft that makes no sense is refused, and never thrown at", () => {
  for (const document of [
    {},
    { nodes: 1, edges: {} },
    { nodes: [null, 7, {}], edges: ["a -> b", 1] },
    { nodes: [{ id: "a", type: "loop", body: 1 }], edges: [] },
  ]) {
    assert.notDeepEqual(refusals(document), []);
  }
});

test("what a node says of how it runs comes through under millrace; a Jinja template has no counterpart", () => {
  const envelope = { skipIf: "{{ start.q == null }}", cache: { ttlMs: 1_000 }, concurrency: { limit: 2, key: "{{ start.q }}" } };
  const { nodes } = imported(exported(chain({ id: "t", name: "t", type: "template", text: "a", ...envelope })));
  const { skipIf, cache, concurrency } = nodes[1] as WorkflowNode;
  assert.deepEqual({ skipIf, cache, concurrency }, envelope);
  assert.deepEqual(refusals(chain({ id: "t", name: "t", type: "template", jinja: "a {{ b }}" })), [
    "/nodes/1/jinja: a Jinja template has no counterpart in .flow: write text",
  ]);
});
