import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject, NodeTrace } from "@millrace/contract";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { node, openEditor } from "#testing/editor";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const NODES = [
  start({ topic: { type: "string" } }),
  { id: "shout", type: "template", name: "Shout", text: "{{ start.topic }}!" },
  { id: "twice", type: "code", inputs: { text: "{{ shout.text }}" }, code: "return { text: inputs.text + inputs.text };" },
  { id: "side", type: "template", text: "aside" },
  { id: "end", type: "end", output: { text: "{{ twice.text }}", side: "{{ side.text }}" } },
];
const EDGES = ["start -> shout", "shout -> twice", "twice -> side", "side -> end"];

let count = 0;

async function draft(nodes: readonly JsonObject[] = NODES, edges: readonly string[] = EDGES): Promise<string> {
  count += 1;
  const { id } = await server.app.authoring.deploy("default", document(`runs ${count}`, nodes, edges), { publish: false });
  return id ?? "";
}

interface Run {
  readonly id: string;
  readonly trigger: string;
  readonly output?: JsonObject;
  readonly nodes: readonly NodeTrace[];
}

/** The runs of a workflow, the newest first. */
async function runsOf(id: string): Promise<readonly Run[]> {
  const browser = await owner(server);
  const { json } = await browser.call("GET", `/api/v1/runs?workflow=${id}`);
  const headers = json["data"] as unknown as readonly { readonly id: string }[];
  return Promise.all(headers.map(async (run) => (await browser.call("GET", `/api/v1/runs/${run.id}`)).json as unknown as Run));
}

/** Nodes that a run executed, and did not take from somewhere else. */
const executed = (run: Run | undefined): readonly string[] =>
  (run?.nodes ?? []).filter(({ status, attempts }) => status === "SUCCEED" && attempts > 0).map(({ nodeId }) => nodeId);

/** Runs the draft with a topic, and waits for its end. */
async function run(page: Page, topic: string): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
  const drawer = page.getByRole("region", { name: "Run of the draft" });
  await drawer.getByLabel("topic").fill(topic);
  await drawer.getByRole("button", { name: "Run", exact: true }).click();
  await node(page, "end").getByText("Succeeded").waitFor();
}

test("C25: a draft run lights up the nodes, shows its result, and is a run with the trigger draft", inChromium, async () => {
  const id = await draft();
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await run(page, "AI");
    for (const each of ["start", "shout", "twice"]) await node(page, each).getByText("Succeeded").waitFor();
    await page.getByRole("region", { name: "Run of the draft" }).getByText('"text": "AI!AI!"').waitFor();
    assert.match((await node(page, "twice").getAttribute("aria-label")) ?? "", /twice, Code, Succeeded/);
  });
  const [only] = await runsOf(id);
  assert.equal(only?.trigger, "draft");
});

test("C19: up to here runs nothing that follows; this node runs it alone, on what was recorded", inChromium, async () => {
  const id = await draft();
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await run(page, "AI");
    await node(page, "shout").click();
    await page.getByRole("tab", { name: "Last run" }).click();
    await page.getByRole("button", { name: "Up to here" }).click();
    await node(page, "end").getByText("Succeeded").waitFor({ state: "detached" });
    await node(page, "shout").getByText("Succeeded").waitFor();
    await page.getByRole("tabpanel", { name: "Last run" }).getByText('"AI!"').waitFor();
  });
  const [upTo, whole] = await runsOf(id);
  assert.ok(executed(whole).includes("end"));
  assert.deepEqual(
    upTo?.nodes.map(({ nodeId }) => nodeId).filter((each) => ["twice", "side", "end"].includes(each) && executed(upTo).includes(each)),
    [],
  );
});

test(
  "C19: a node that calls nobody is run by itself, on what is recorded: its output is there, and nothing else ran",
  inChromium,
  async () => {
    const id = await draft();
    await visit(server, {}, async (page) => {
      await openEditor(page, id);
      await run(page, "AI");
      await node(page, "twice").click();
      await page.getByRole("tab", { name: "Last run" }).click();
      const tab = page.getByRole("tabpanel", { name: "Last run" });
      await tab.getByText('"AI!AI!"').waitFor();
      await page.getByRole("tab", { name: "Setup" }).click();
      await page.getByRole("tabpanel", { name: "Setup" }).locator('[data-field="code"] .cm-content').click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText("return { text: inputs.text + '?' };");
      await page.getByRole("tab", { name: "Last run" }).click();
      await page.getByRole("button", { name: "This node", exact: true }).click();
      await tab.getByText('"AI!?"').waitFor();
    });
    const [alone] = await runsOf(id);
    // Beside it there is the end of what is run, which gives its output.
    assert.deepEqual(
      executed(alone).filter((each) => each !== "draft_result"),
      ["twice"],
    );
  },
);

test("C20: a pin stands in for its node in runs of the draft, and no version has it", inChromium, async () => {
  const id = await draft();
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await run(page, "AI");
    await node(page, "shout").click();
    await page.keyboard.press("p");
    await node(page, "shout").getByLabel("Pinned, draft only").waitFor();
    const drawer = page.getByRole("region", { name: "Run of the draft" });
    await drawer.getByRole("tab", { name: "Input" }).click();
    await drawer.getByLabel("topic").fill("News");
    const acknowledged = page.waitForResponse(/draft\/runs$/);
    await drawer.getByRole("button", { name: "Run", exact: true }).click();
    await acknowledged;
    await node(page, "end").getByText("Succeeded").waitFor();
    await drawer.getByText('"text": "AI!AI!"').waitFor();
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("1.0.0 is live").waitFor();
  });
  const [pinned] = await runsOf(id);
  assert.equal(pinned?.output?.["text"], "AI!AI!");
  const { json } = await (await owner(server)).call("GET", `/api/v1/workflows/${id}/versions/1.0.0`);
  assert.ok(!JSON.stringify(json["document"]).includes("AI!"));
  const { key } = await server.app.apiKeys.create("default", { workflows: [id] });
  const answer = await server.invoke(key, { input: { topic: "News" } });
  assert.deepEqual(answer.json["output"], { text: "News!News!", side: "aside" });
});

test("C21: another value of a variable runs only what reads it", inChromium, async () => {
  const id = await draft();
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await run(page, "AI");
    const drawer = page.getByRole("region", { name: "Run of the draft" });
    await drawer.getByRole("tab", { name: "Variables" }).click();
    await drawer.getByRole("button", { name: "Edit" }).nth(1).click();
    await drawer.locator(".cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText('{"text":"x"}');
    await drawer.getByRole("button", { name: "Rerun what reads it" }).click();
    await drawer.getByRole("tab", { name: "Result" }).click();
    await drawer.getByText('"text": "xx"').waitFor();
  });
  const [rerun] = await runsOf(id);
  assert.deepEqual(
    executed(rerun).filter((each) => ["start", "shout", "side"].includes(each)),
    [],
  );
  assert.ok(executed(rerun).includes("twice"));
});
