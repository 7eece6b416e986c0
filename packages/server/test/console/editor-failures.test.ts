import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isJsonObject, type JsonObject } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";
import { inChromium, owner, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** Cannot be evaluated: what is given is a number. */
const FAILS = "{{ start.value.toUpperCase() }}";

interface Seed {
  readonly config: JsonObject;
  /** Of its error. */
  readonly type: string;
  /** What is offered first. */
  readonly help: "Open connections" | "Edit the field" | "Pin the output";
  /** That its panel names. */
  readonly field: string;
  /** What stood there, as the panel tells it; in an expression that cannot be evaluated, what it reads. */
  readonly value: string;
  readonly port?: string;
  /** Stands in the body of a loop. */
  readonly inLoop?: true;
}

const expression = (field: string, config: JsonObject, more: Partial<Seed> = {}): Seed => ({
  config,
  field,
  value: "start.value 5",
  type: "expression_error",
  help: "Edit the field",
  ...more,
});
const body = { nodes: [{ id: "inner", type: "template", text: "x" }], edges: [] };

const IN_LOOP = { help: "Pin the output", inLoop: true } as const;

/** A failure of each kind of node that can fail by itself. */
const SEEDS: Readonly<Record<string, Seed>> = {
  agent: expression("prompt", { prompt: FAILS }),
  aggregate: expression("groups.a.0", { groups: { a: [FAILS] } }, { help: "Pin the output" }),
  approval: expression("title", { title: FAILS }, { port: "approve" }),
  audio: expression("prompt", { prompt: FAILS }, { help: "Pin the output" }),
  batch: expression("items", { items: FAILS, body }),
  break: expression("skipIf", { skipIf: FAILS }, IN_LOOP),
  code: {
    config: { code: "throw new Error('no luck');" },
    type: "code_error",
    help: "Edit the field",
    field: "code",
    value: `value "throw new Error('no luck');"`,
  },
  condition: expression("skipIf", { cases: [{ port: "a", when: true }], skipIf: FAILS }, { port: "a", help: "Pin the output" }),
  database: {
    config: { connection: "gone", sql: "select 1" },
    type: "missing_reference",
    help: "Open connections",
    field: "connection",
    value: 'value "gone"',
  },
  continue: expression("skipIf", { skipIf: FAILS }, IN_LOOP),
  delay: expression("forMs", { forMs: FAILS }),
  end: expression("output.a", { output: { a: FAILS } }, { help: "Pin the output" }),
  extract: expression("text", { text: FAILS, schema: { type: "object", properties: { a: { type: "string" } } } }),
  "file-parse": expression("file", { file: FAILS }, { help: "Pin the output" }),
  http: {
    config: { request: { url: "http://127.0.0.1:9/" } },
    type: "egress_denied",
    help: "Edit the field",
    field: "request.url",
    value: 'value "http://127.0.0.1:9/"',
  },
  intent: expression("query", { query: FAILS, intents: [{ port: "a", text: "x" }] }, { port: "a" }),
  knowledge: expression("query", { query: FAILS, collections: [] }),
  list: expression("items", { items: FAILS }, { help: "Pin the output" }),
  llm: {
    config: { model: "gone/model", prompt: "x" },
    type: "llm_unavailable",
    help: "Open connections",
    field: "model",
    value: 'value "gone/model"',
  },
  loop: expression("items", { items: FAILS, body }),
  next: expression("skipIf", { skipIf: FAILS }, IN_LOOP),
  set: expression("assign.sum", { assign: { sum: FAILS } }, IN_LOOP),
  signal: expression("signal", { signal: FAILS }),
  split: expression("text", { text: FAILS, delimiters: ["."] }),
  template: expression("text", { text: FAILS }),
  tool: { config: { tool: "gone/op" }, type: "missing_reference", help: "Open connections", field: "tool", value: 'value "gone/op"' },
  workflow: { config: { workflow: "gone" }, type: "missing_reference", help: "Open connections", field: "workflow", value: 'value "gone"' },
};

/** Those do nothing that could fail. */
const OTHERS = ["comment", "start"];

interface Failed {
  readonly workflow: string;
  readonly run: string;
}

/** The node as `node`, in what surrounds it so that it fails. */
function around(type: string, { config, port, inLoop }: Seed): JsonObject {
  const node = { id: "node", type, ...config };
  const given = start({ value: {} });
  const end = { id: "end", type: "end", output: {} };
  const name = `failing ${type}`;
  if (type === "end") return document(name, [given, node], ["start -> node"]);
  if (!inLoop) return document(name, [given, node, end], ["start -> node", `node${port === undefined ? "" : `.${port}`} -> end`]);
  const variables = { sum: { type: "number", value: 0 } };
  const each = { id: "each", type: "loop", items: [1], variables, body: { nodes: [node], edges: [] } };
  return document(name, [given, each, end], ["start -> each", "each -> end"]);
}

async function fail(type: string, seed: Seed): Promise<Failed> {
  const flow = around(type, seed);
  const { id = "" } = await server.app.authoring.deploy("default", flow, { publish: false });
  const { json, text } = await (await owner(server)).call("POST", `/api/v1/workflows/${id}/draft/runs`, { body: { input: { value: 5 } } });
  assert.ok(json["workflowRunId"], `${type}: ${text}`);
  return { workflow: id ?? "", run: String(json["workflowRunId"]) };
}

test("C18: every kind of node has its failure seeded here", () => {
  assert.deepEqual([...Object.keys(SEEDS), ...OTHERS].sort(), [...nodeSpecs.keys()].sort());
});

test("C18: a failure of each kind stands on its node and in its panel: type, page, and what helps", inChromium, async () => {
  await visit(server, {}, async (page) => {
    for (const [type, seed] of Object.entries(SEEDS)) {
      const { workflow, run } = await fail(type, seed);
      await page.goto(`/workflows/${workflow}/edit?run=${run}`);
      const node = page.locator('.react-flow__node[data-id="node"]');
      await node.getByText(new RegExp(`Failed .*${seed.type}`)).waitFor();
      assert.match((await node.getAttribute("aria-label")) ?? "", /Failed/, type);
      await node.locator("p").first().click();
      const panel = page.getByRole("tabpanel", { name: "Setup" });
      const failure = panel.getByRole("status").filter({ hasText: seed.type });
      assert.equal(await failure.getByRole("link", { name: seed.type }).getAttribute("href"), `/errors/${seed.type}`, type);
      const help =
        seed.help === "Open connections"
          ? failure.getByRole("link", { name: seed.help })
          : failure.getByRole("button", { name: seed.help });
      await help.waitFor();
      await failure.getByText(`field ${seed.field}`, { exact: true }).waitFor();
      await failure.getByRole("term").waitFor();
      assert.equal((await failure.locator("dl").innerText()).replace(/\s+/g, " "), seed.value, type);
      const { json } = await (await owner(server)).call("GET", `/api/v1/runs/${run}`);
      const message = isJsonObject(json["error"]) ? String(json["error"]["message"]) : "";
      await failure.getByText(message, { exact: true }).waitFor();
    }
  });
});

test("the panel of a failed node leads to its field", inChromium, async () => {
  const { workflow, run } = await fail("http", SEEDS["http"] ?? assert.fail("no seed"));
  await visit(server, {}, async (page) => {
    await page.goto(`/workflows/${workflow}/edit?run=${run}`);
    await page.locator('.react-flow__node[data-id="node"]').locator("p").first().click();
    const panel = page.getByRole("tabpanel", { name: "Setup" });
    await panel.getByRole("button", { name: "Edit the field" }).click();
    await panel.locator(".cm-content:focus", { hasText: "http://127.0.0.1:9/" }).waitFor();
  });
});

test("a run is opened in the editor with its data", inChromium, async () => {
  const { run } = await fail("code", SEEDS["code"] ?? assert.fail("no seed"));
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${run}`);
    await page.getByRole("link", { name: "Open in editor" }).click();
    await page
      .locator('.react-flow__node[data-id="node"]')
      .getByText(/Failed .*code_error/)
      .waitFor();
    await page.locator('.react-flow__node[data-id="start"]').getByText("Succeeded").waitFor();
  });
});
