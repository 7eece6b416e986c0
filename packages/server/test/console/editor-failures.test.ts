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
  readonly port?: string;
}

const expression = (config: JsonObject, more: Partial<Seed> = {}): Seed => ({
  config,
  type: "expression_error",
  help: "Edit the field",
  ...more,
});
const body = { nodes: [{ id: "inner", type: "template", text: "x" }], edges: [] };

/** A failure of each kind of node that can fail by itself. */
const SEEDS: Readonly<Record<string, Seed>> = {
  agent: expression({ prompt: FAILS }),
  aggregate: expression({ groups: { a: [FAILS] } }, { help: "Pin the output" }),
  approval: expression({ title: FAILS }, { port: "approve" }),
  audio: expression({ prompt: FAILS }, { help: "Pin the output" }),
  batch: expression({ items: FAILS, body }),
  code: { config: { code: "throw new Error('no luck');" }, type: "code_error", help: "Edit the field" },
  condition: expression({ cases: [{ port: "a", when: true }], skipIf: FAILS }, { port: "a", help: "Pin the output" }),
  database: { config: { connection: "gone", sql: "select 1" }, type: "missing_reference", help: "Open connections" },
  delay: expression({ forMs: FAILS }),
  extract: expression({ text: FAILS, schema: { type: "object", properties: { a: { type: "string" } } } }),
  "file-parse": expression({ file: FAILS }, { help: "Pin the output" }),
  http: { config: { request: { url: "http://127.0.0.1:9/" } }, type: "egress_denied", help: "Edit the field" },
  intent: expression({ query: FAILS, intents: [{ port: "a", text: "x" }] }, { port: "a" }),
  knowledge: expression({ query: FAILS, collections: [] }),
  list: expression({ items: FAILS }, { help: "Pin the output" }),
  llm: { config: { model: "gone/model", prompt: "x" }, type: "llm_unavailable", help: "Open connections" },
  loop: expression({ items: FAILS, body }),
  signal: expression({ signal: FAILS }),
  split: expression({ text: FAILS, delimiters: ["."] }),
  template: expression({ text: FAILS }),
  tool: { config: { tool: "gone/op" }, type: "missing_reference", help: "Open connections" },
  workflow: { config: { workflow: "gone" }, type: "missing_reference", help: "Open connections" },
};

/** Those take part in a loop's body alone, or do nothing that could fail. */
const OTHERS = ["break", "comment", "continue", "next", "set", "start", "end"];

interface Failed {
  readonly workflow: string;
  readonly run: string;
}

async function fail(type: string, { config, port }: Seed): Promise<Failed> {
  const nodes = [start({ value: {} }), { id: "node", type, ...config }, { id: "end", type: "end", output: {} }];
  const flow = document(`failing ${type}`, nodes, ["start -> node", `node${port === undefined ? "" : `.${port}`} -> end`]);
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
      const { json } = await (await owner(server)).call("GET", `/api/v1/runs/${run}`);
      const message = isJsonObject(json["error"]) ? String(json["error"]["message"]) : "";
      await failure.getByText(message, { exact: true }).waitFor();
    }
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
