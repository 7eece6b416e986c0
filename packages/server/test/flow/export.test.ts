import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { ExportAnswer, JsonObject } from "@millrace/contract";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

// Export over HTTP: what comes out is imported again, and both workflows are run on the same input.

let server: TestServer;
let admin: string;
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
});
after(() => server.close());

async function exported(workflow: string, query: string): Promise<ExportAnswer> {
  const { status, json, text } = await server.call("GET", `/api/v1/workflows/${encodeURIComponent(workflow)}/export?${query}`, {
    key: admin,
  });
  assert.equal(status, 200, text);
  return json as unknown as ExportAnswer;
}

async function importText(body: string): Promise<void> {
  const { status, text } = await server.call("POST", "/api/v1/import?publish=true", { key: admin, body });
  assert.equal(status, 200, text);
}

/** The ended run without what differs from run to run. */
async function run(workflow: string, input: JsonObject): Promise<unknown> {
  const { key } = await server.app.apiKeys.create("default", { workflows: [workflow] });
  const { json } = await server.invoke(key, { input, userId: "u-1" });
  return [json["status"], json["output"] ?? (json["error"] as JsonObject)["type"]];
}

/** The exported file under another name, imported beside the first. */
async function importCopy(content: string): Promise<string> {
  const file = JSON.parse(content) as JsonObject;
  const name = `${String(file["name"])} copy`;
  await importText(JSON.stringify({ ...file, name }));
  return name;
}

const SAMPLES: readonly (readonly [file: string, name: string, inputs: readonly JsonObject[]])[] = [
  ["demo-workflow", "Demo Workflow", [{ q: "a" }, { q: "z" }]],
  ["loop-running-total", "loop_running_total", [{ amounts: [10, 0, 5, -1, 7], labels: ["a", "b", "c", "d", "e"] }]],
  ["intent-support-router", "intent_support_router", [{ message: "Where is it?", orderId: "A7" }, { message: "hm" }]],
  [
    "nested-conditions",
    "nested_conditions",
    [
      { country: "JP", weight: 25 },
      { country: "US", weight: 30 },
    ],
  ],
];

for (const [file, name, inputs] of SAMPLES) {
  test(`${file}.flow, L30: what is exported of it runs as it does`, async () => {
    await importText(readFileSync(new URL(`../../src/flow/testing/samples/${file}.flow`, import.meta.url), "utf8"));
    const { fileName, content, warnings } = await exported(name, "format=flow");
    assert.deepEqual([fileName, warnings], [`${name}.flow`, []]);
    const copy = await importCopy(content);
    for (const input of inputs) assert.deepEqual(await run(copy, input), await run(name, input));
  });
}

/** A loop in a loop, branches, code, and values of many types. */
const native = document(
  "pricing",
  [
    start({ orders: { type: "array" }, rate: { type: "number" } }),
    {
      id: "orders",
      type: "loop",
      items: "{{ start.orders }}",
      variables: { sum: { type: "number", value: 0 } },
      collect: "{{ line.text }}",
      body: {
        nodes: [
          { id: "empty", type: "condition", cases: [{ port: "skip", rows: [{ left: "{{ item.lines }}", op: "is_empty" }] }] },
          { id: "skip", type: "continue" },
          {
            id: "lines",
            type: "batch",
            items: "{{ item.lines }}",
            collect: "{{ price.total }}",
            body: {
              nodes: [
                {
                  id: "price",
                  type: "code",
                  inputs: { line: "{{ item }}", rate: "{{ start.rate }}" },
                  code: "return { total: inputs.line.n * inputs.line.price * inputs.rate, more: 1 }",
                },
              ],
              edges: [],
            },
          },
          {
            id: "add",
            type: "code",
            inputs: { all: "{{ lines.items }}", sum: "{{ loop.sum }}" },
            code: "return { sum: inputs.all.reduce((a, b) => a + b, inputs.sum), n: inputs.all.length }",
          },
          { id: "keep", type: "set", assign: { sum: "{{ add.sum }}" } },
          { id: "line", type: "template", text: "{{ index }}/{{ item.id }}: {{ add.n }} lines, {{ add.sum }}" },
        ],
        edges: ["empty.skip -> skip", "empty.else -> lines", "lines -> add", "add -> keep", "keep -> line"],
      },
    },
    {
      id: "end",
      type: "end",
      output: {
        sum: "{{ orders.sum }}",
        lines: "{{ orders.items }}",
        first: "{{ orders.items[0] }}",
        say: "{{ orders.count }} orders, {{ orders.sum }}",
      },
    },
  ],
  ["start -> orders", "orders -> end"],
);

test("a native document runs as its exported file does, and the file has its places", async () => {
  await importText(JSON.stringify({ ...native, layout: { start: [5, 6] } }));
  const { content } = await exported("pricing", "format=flow&version=live");
  const [{ x, y }] = (JSON.parse(content) as { workflow: { workflowNodes: [{ x: number; y: number }] } }).workflow.workflowNodes;
  assert.deepEqual([x, y], [5, 6]);
  const copy = await importCopy(content);
  const input = {
    rate: 2,
    orders: [
      {
        id: "a",
        lines: [
          { n: 1, price: 10 },
          { n: 2, price: 5 },
        ],
      },
      { id: "b", lines: [] },
      { id: "c", lines: [{ n: 3, price: 1 }] },
    ],
  };
  const expected = [
    "SUCCEED",
    { sum: 46, lines: ["0/a: 2 lines, 40", "2/c: 1 lines, 46"], first: "0/a: 2 lines, 40", say: "3 orders, 46" },
  ];
  assert.deepEqual(await run("pricing", input), expected);
  assert.deepEqual(await run(copy, input), expected);
});

test("without a format the document itself is exported, the draft or a version, and imports as it was", async () => {
  await importText(JSON.stringify(document("twoFaces", [start({}), { id: "end", type: "end", text: "one" }], ["start -> end"])));
  const changed = document("twoFaces", [start({}), { id: "end", type: "end", text: "two" }], ["start -> end"]);
  const imported = await server.call("POST", "/api/v1/import", { key: admin, body: JSON.stringify(changed) });
  assert.equal(imported.status, 200, imported.text);
  const textOf = ({ content }: ExportAnswer) => (JSON.parse(content) as { nodes: JsonObject[] }).nodes[1]?.["text"];
  const draft = await exported("twoFaces", "");
  assert.deepEqual([draft.fileName, draft.content], ["twoFaces.json", `${JSON.stringify(changed, null, 2)}\n`]);
  assert.deepEqual(
    [textOf(await exported("twoFaces", "version=1.0.0")), textOf(await exported("twoFaces", "version=live"))],
    ["one", "one"],
  );
});

test("what .flow cannot say is refused with every place and reason; what is not there, with its name", async () => {
  const waits = document(
    "waits",
    [
      start({ q: {} }),
      { id: "wait", type: "delay", ms: 5 },
      { id: "sum", type: "template", text: "{{ start.q + 1 }}" },
      { id: "end", type: "end", text: "{{ sum.text }}" },
    ],
    ["start -> wait", "wait -> sum", "sum -> end"],
  );
  const drafted = await server.call("POST", "/api/v1/import", { key: admin, body: JSON.stringify(waits) });
  assert.equal(drafted.status, 200, drafted.text);
  const refused = await server.call("GET", "/api/v1/workflows/waits/export?format=flow", { key: admin });
  assert.deepEqual([refused.status, refused.json["type"], refused.json["code"]], [422, "/errors/not_exportable", 422]);
  assert.deepEqual(refused.json["errors"], [
    { path: "/nodes/1/type", code: "not_exportable", message: "wait: a delay node has no counterpart in .flow" },
    {
      path: "/nodes/2/text",
      code: "not_exportable",
      message: "sum: `start.q + 1` computes, and .flow only names values: compute it in a code node, and name that node's output",
    },
  ]);
  const typeOf = async (path: string) => (await server.call("GET", `/api/v1/workflows/${path}`, { key: admin })).json["type"];
  assert.equal(await typeOf("waits/export?version=live"), "/errors/no_published_version");
  assert.equal(await typeOf("waits/export?version=9.9.9"), "/errors/version_unknown");
  assert.equal(await typeOf("nowhere/export"), "/errors/not_found");
  assert.equal(await typeOf("waits/export?format=pdf"), "/errors/invalid_request");
});

test("an exported file names the values of the environment and holds none; imported again, the workflow keeps its own", async () => {
  const secretive = document(
    "regional",
    [start({}), { id: "end", type: "end", output: { region: "{{ env.REGION }}" } }],
    ["start -> end"],
    { env: { REGION: "sg-1" } },
  );
  await importText(JSON.stringify(secretive));
  const { content } = await exported("regional", "format=flow");
  assert.doesNotMatch(content, /sg-1/);
  await importText(content);
  assert.deepEqual(await run("regional", {}), ["SUCCEED", { region: "sg-1" }]);
});
