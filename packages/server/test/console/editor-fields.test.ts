import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { isSaved, node } from "#testing/editor";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const NODES: readonly JsonObject[] = [
  start({ topic: { type: "string" }, ms: { type: "integer" } }),
  { id: "ask", type: "llm", name: "Ask", prompt: "About {{ start.topic }}" },
  { id: "rest", type: "delay", forMs: 5 },
  { id: "call", type: "workflow", name: "Call", workflow: "gone" },
  { id: "end", type: "end", output: { text: "{{ ask.text }}" } },
];
const EDGES = ["start -> ask", "ask -> rest", "rest -> call", "call -> end"];

async function saved(id: string, node: string): Promise<JsonObject> {
  const { json } = await (await owner(server)).call("GET", `/api/v1/workflows/${id}`);
  const { nodes } = json["document"] as unknown as { readonly nodes: readonly JsonObject[] };
  return nodes.find((one) => one["id"] === node) ?? {};
}

async function draft(name: string): Promise<string> {
  const { id } = await server.app.authoring.deploy("default", document(name, NODES, EDGES), { publish: false });
  return id ?? "";
}

async function openNode(page: Page, workflow: string, id: string): Promise<void> {
  await page.goto(`/workflows/${workflow}/edit`);
  await node(page, id).click();
  await page.getByLabel("Name of the node").waitFor();
}

/** Tags that are given in the workflow's settings are chips of the list, and narrow it by its address. */
async function tagged(page: Page, id: string): Promise<void> {
  await page.getByRole("button", { name: "Workflow settings" }).click();
  const dialog = page.getByRole("dialog", { name: "Workflow settings" });
  const tags = dialog.getByRole("combobox", { name: "Tags" });
  await tags.fill("  orders ");
  await tags.press("Enter");
  await tags.fill("orders");
  await tags.press("Enter");
  await tags.fill("朝の便");
  await tags.dispatchEvent("keydown", { key: "Enter", isComposing: true });
  assert.equal(await dialog.getByRole("listitem").count(), 1);
  await tags.press("Enter");
  await dialog.getByLabel("Description").fill("What came in.");
  await dialog.getByRole("listitem").filter({ hasText: "朝の便" }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await isSaved(page);
  const { json } = await (await owner(server)).call("GET", `/api/v1/workflows/${id}`);
  assert.deepEqual([json["tags"], json["description"]], [["orders", "朝の便"], "What came in."]);
  await page.goto("/workflows");
  await page.getByRole("link", { name: "Only those with the tag 朝の便" }).click();
  await page.waitForURL(/tag=/);
  await page.reload();
  const rows = page.getByRole("table", { name: "Workflows" }).getByRole("row");
  await page.getByLabel("Tag", { exact: true }).locator("option:checked", { hasText: "朝の便 (1)" }).waitFor({ state: "attached" });
  await rows.getByRole("rowheader", { name: "kept" }).waitFor();
  assert.equal(await rows.count(), 2);
  await page.getByLabel("Filter by name").fill("ＫＥＰＴ no");
  await page.getByText("No workflow matches.").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.waitForURL((url) => url.search === "");
}

test("runs of a workflow are limited by its settings: for whom, how many wait and how long", inChromium, async () => {
  const id = await draft("limited");
  await visit(server, {}, async (page) => {
    await page.goto(`/workflows/${id}/edit`);
    await page.getByRole("button", { name: "Workflow settings" }).click();
    const dialog = page.getByRole("dialog", { name: "Workflow settings" });
    const key = dialog.getByRole("textbox", { name: "For each value of" });
    assert.equal(await key.count(), 0, "without a limit there is nobody whom it holds for");
    await dialog.getByLabel("Runs at once").fill("2");
    await key.click();
    await page.keyboard.type("{{start.topi");
    await dialog.getByText("unknown variable start.topi").first().waitFor();
    await page.keyboard.type("c");
    await dialog.getByText("unknown variable start.topi").first().waitFor({ state: "detached" });
    await dialog.getByLabel("Runs that may wait").fill("10");
    await dialog.getByLabel("Longest wait, ms").fill("5000");
    await isSaved(page);
  });
  const { json } = await (await owner(server)).call("GET", `/api/v1/workflows/${id}`);
  const { concurrency } = json["document"] as unknown as { readonly concurrency: JsonObject };
  assert.deepEqual(concurrency, { limit: 2, key: "{{ start.topic }}", queue: 10, queueTimeoutMs: 5_000 });
});

test("a node is passed over, kept and limited by fields of its form", inChromium, async () => {
  const id = await draft("kept");
  await visit(server, {}, async (page) => {
    await openNode(page, id, "ask");
    await page.getByText("Skip, cache, limit").click();
    await page.getByRole("textbox", { name: "Skip if" }).click();
    await page.keyboard.type("=start.topic == null");
    await page.getByLabel("Keep results").check();
    await page.getByLabel("For how long (ms)").fill("60000");
    await page.getByLabel("Limit attempts at once").check();
    await page.getByLabel("Attempts at once", { exact: true }).fill("4");
    await isSaved(page);
    await tagged(page, id);
  });
  const { skipIf, cache, concurrency } = await saved(id, "ask");
  assert.deepEqual(
    { skipIf, cache, concurrency },
    { skipIf: "{{ start.topic == null }}", cache: { ttlMs: 60_000 }, concurrency: { limit: 4 } },
  );
});

test(
  "what a node calls by name is chosen of what there is; a name that is not there says so, and any can be written",
  inChromium,
  async () => {
    const id = await draft("named");
    await draft("another");
    await visit(server, {}, async (page) => {
      await openNode(page, id, "ask");
      const model = page.getByRole("combobox", { name: "Model", exact: true });
      await model.selectOption("offline/extractive");
      await page.getByText("≈ 0 credits a call").waitFor();
      await page.getByRole("link", { name: "Connect a provider…" }).first().waitFor();
      // Beside the panel it is out of sight: a click that scrolls to it is one of a mouse under which the canvas scrolls back.
      await page.getByRole("button", { name: "Fit the view" }).click();
      await node(page, "call").click();
      const workflow = page.getByRole("combobox", { name: "Workflow", exact: true });
      await workflow.locator("option", { hasText: "gone (not there)" }).waitFor({ state: "attached" });
      await workflow.selectOption("another");
      await isSaved(page);
    });
    assert.equal((await saved(id, "ask"))["model"], "offline/extractive");
    assert.equal((await saved(id, "call"))["workflow"], "another");
  },
);

test("= at the start of a field asks for an expression, and what follows is written into it", inChromium, async () => {
  const id = await draft("equals");
  await visit(server, {}, async (page) => {
    await openNode(page, id, "rest");
    const field = page.getByRole("tabpanel").locator('[data-field="forMs"]');
    await field.getByRole("textbox").fill("");
    await page.keyboard.press("=");
    await field.locator(".cm-content").waitFor();
    await page.keyboard.type("start.ms");
    await isSaved(page);
  });
  assert.equal((await saved(id, "rest"))["forMs"], "{{ start.ms }}");
});

test("while Shift is held, the nodes that the chosen one reads and those that read it are marked", inChromium, async () => {
  const id = await draft("links");
  await visit(server, {}, async (page) => {
    await openNode(page, id, "ask");
    await page.keyboard.down("Shift");
    await node(page, "start").getByText("Is read").waitFor();
    await node(page, "end").getByText("Reads it").waitFor();
    assert.equal(
      await node(page, "rest")
        .getByText(/Is read|Reads it/)
        .count(),
      0,
    );
    await page.keyboard.up("Shift");
    await node(page, "start").getByText("Is read").waitFor({ state: "detached" });
  });
});

test("C10: an edge that is drawn to nowhere asks which node follows", inChromium, async () => {
  const workflow = await draft("a loose end");
  await visit(server, {}, async (page) => {
    await openNode(page, workflow, "rest");
    const handle = node(page, "rest").locator(".react-flow__handle.source");
    const box = (await handle.boundingBox()) ?? assert.fail("no handle");
    await handle.hover();
    await page.mouse.down();
    await page.mouse.move(box.x + 20, box.y + 150, { steps: 5 });
    await page.mouse.up();
    await page.getByRole("combobox").fill("code");
    await page.getByRole("combobox").press("Enter");
    await node(page, "code").waitFor();
    await isSaved(page);
  });
  const { json } = await (await owner(server)).call("GET", `/api/v1/workflows/${workflow}`);
  assert.ok(JSON.stringify(json["document"]).includes('"rest -> code"'));
});
