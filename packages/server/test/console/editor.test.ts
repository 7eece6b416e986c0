import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { chooseKind, isSaved, node, openEditor, pill } from "#testing/editor";
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
  { id: "end", type: "end", output: { text: "{{ shout.text }}" } },
];
const EDGES = ["start -> shout", "shout -> end"];

let count = 0;

/** A draft of its own for each test. */
async function draft(nodes: readonly JsonObject[] = NODES, edges: readonly string[] = EDGES): Promise<string> {
  count += 1;
  const { id } = await server.app.authoring.deploy("default", document(`editor ${count}`, nodes, edges), { publish: false });
  return id ?? "";
}

interface Saved {
  readonly revision: number;
  readonly document: { readonly name: string; readonly nodes: readonly JsonObject[]; readonly edges: readonly string[] };
}

async function saved(id: string): Promise<Saved> {
  const { json } = await (await owner(server)).call("GET", `/api/v1/workflows/${id}`);
  return json as unknown as Saved;
}

const field = (page: Page) => page.getByRole("tabpanel").locator(".cm-content").first();
const focused = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]:focus`).waitFor();

/** The new node is where nothing else is. */
async function standsAlone(page: Page, id: string): Promise<void> {
  const all = await page.locator(".react-flow__node").all();
  const boxes = await Promise.all(
    all.map(async (each) => ({ id: await each.getAttribute("data-id"), ...((await each.boundingBox()) ?? assert.fail("not drawn")) })),
  );
  const own = boxes.find((box) => box.id === id) ?? assert.fail(`no node ${id}`);
  for (const box of boxes) {
    if (box.id === id) continue;
    const apart = box.x >= own.x + own.width || own.x >= box.x + box.width || box.y >= own.y + own.height || own.y >= box.y + box.height;
    assert.ok(apart, `${id} stands on ${box.id}`);
  }
}

test(
  "C10: Tab, a port, an edge and the palette each add a node that is connected, alone at its place and focused",
  inChromium,
  async () => {
    const id = await draft();
    await visit(server, {}, async (page) => {
      await openEditor(page, id);
      await node(page, "shout").click();
      await page.keyboard.press("Tab");
      await chooseKind(page, "code");
      await node(page, "code").waitFor();
      await focused(page, "code");
      await standsAlone(page, "code");

      await page.keyboard.press("1");
      await node(page, "start").hover();
      await node(page, "start").getByRole("button", { name: "Add after “next”" }).click();
      await chooseKind(page, "http");
      await node(page, "http").waitFor();
      await focused(page, "http");
      await standsAlone(page, "http");

      await page.getByRole("button", { name: "Insert between shout and end" }).dispatchEvent("click");
      await chooseKind(page, "delay");
      await node(page, "delay").waitFor();
      await focused(page, "delay");
      await standsAlone(page, "delay");

      await node(page, "delay").click();
      await page.getByRole("complementary", { name: "Nodes to add" }).getByRole("button", { name: "Split" }).click();
      await node(page, "split").waitFor();
      await focused(page, "split");
      await standsAlone(page, "split");
      await isSaved(page);
    });
    const { edges } = (await saved(id)).document;
    for (const edge of ["shout -> code", "start -> http", "shout -> delay", "delay -> end", "delay -> split"])
      assert.ok(edges.includes(edge), edge);
    assert.ok(!edges.includes("shout -> end"));
  },
);

test("C10: a node that is dragged from the palette follows the loose end beside it", inChromium, async () => {
  const id = await draft();
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await node(page, "shout").click();
    await page.keyboard.press("Tab");
    await chooseKind(page, "code");
    await node(page, "code").waitFor();
    const pane = page.locator(".react-flow__pane");
    const box = (await pane.boundingBox()) ?? assert.fail("no pane");
    const item = page.getByRole("complementary", { name: "Nodes to add" }).getByRole("button", { name: "Text template" });
    await item.dragTo(pane, { targetPosition: { x: box.width / 2, y: box.height - 60 } });
    await node(page, "template").waitFor();
    await standsAlone(page, "template");
    await focused(page, "template");
    await isSaved(page);
  });
  assert.ok((await saved(id)).document.edges.includes("code -> template"));
});

test("C9: the pill reads Saving and then Saved; Offline while there is no server, and the edit is not lost", inChromium, async () => {
  const id = await draft();
  await visit(server, { expected: /ERR_FAILED|Failed to load/ }, async (page, context) => {
    await openEditor(page, id);
    await node(page, "shout").click();
    const held = Promise.withResolvers<void>();
    await context.route("**/draft", (route) => held.promise.then(() => route.continue()), { times: 1 });
    await page.getByLabel("Name of the node").fill("Louder");
    await pill(page, /^Saving/).waitFor();
    held.resolve();
    await isSaved(page);
    await context.route("**/draft", (route) => route.abort());
    await page.getByLabel("Name of the node").fill("Loudest");
    await pill(page, /^Offline/).waitFor();
    await context.unroute("**/draft");
    await isSaved(page);
  });
  assert.equal((await saved(id)).document.nodes[1]?.["name"], "Loudest");
});

test("C5: two tabs edit one draft: the second is told, and both sides can be reached whatever it chooses", inChromium, async () => {
  for (const choice of ["Keep mine", "Take theirs", "Compare"]) {
    const id = await draft();
    await visit(server, { expected: /409/ }, async (page, context) => {
      await openEditor(page, id);
      const other = await context.newPage();
      await openEditor(other, id);
      // What is typed here is on its way while the other tab saves.
      const late = Promise.withResolvers<void>();
      await page.route("**/draft", async (route) => {
        await late.promise;
        await route.continue();
      });
      await node(page, "shout").click();
      await page.getByLabel("Name of the node").fill("Mine");
      await node(other, "shout").click();
      await other.getByLabel("Name of the node").fill("Theirs");
      await isSaved(other);
      late.resolve();
      const banner = page.getByRole("alert").filter({ hasText: "This draft was saved by owner@example.com" });
      await banner.waitFor();
      await pill(page, /^Conflict/).waitFor();
      await banner.getByRole("button", { name: choice }).click();
      if (choice === "Compare") await page.getByRole("dialog").getByRole("button", { name: "Keep mine" }).click();
      await banner.waitFor({ state: "detached" });
      await isSaved(page);
      const name = choice === "Take theirs" ? "Theirs" : "Mine";
      assert.equal(await page.getByLabel("Name of the node").inputValue(), name);
    });
    const kept = await history(id);
    assert.ok(kept.includes("Theirs") && kept.includes("Mine"), `${choice}: ${kept.join(", ")}`);
  }
});

/** Names of the node in all states that the history of the draft has. */
async function history(id: string): Promise<readonly string[]> {
  const browser = await owner(server);
  const at = `/api/v1/workflows/${id}/draft/history`;
  const rows = (await browser.call("GET", at)).json["data"] as unknown as readonly { readonly entry: number }[];
  const entries = await Promise.all(rows.map(({ entry }) => browser.call("GET", `${at}/${entry}`)));
  return entries.map(({ json }) => String((json as unknown as Saved).document.nodes[1]?.["name"]));
}

test("C8: undo takes back what the page did, over a reload, and redo brings it again, byte for byte", inChromium, async () => {
  const id = await draft();
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    const before = JSON.stringify((await saved(id)).document);
    await node(page, "shout").click();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+L");
    await page.getByLabel("Name of the node").fill("Other");
    await node(page, "shout").click();
    await page.keyboard.press("Control+d");
    await node(page, "shout2").waitFor();
    await isSaved(page);
    const after = JSON.stringify((await saved(id)).document);
    await page.reload();
    await node(page, "shout2").waitFor();
    const undo = page.getByRole("button", { name: "Undo" });
    while (await undo.isEnabled()) await undo.click();
    await node(page, "shout2").waitFor({ state: "detached" });
    await isSaved(page);
    assert.equal(JSON.stringify((await saved(id)).document), before);
    const redo = page.getByRole("button", { name: "Redo" });
    while (await redo.isEnabled()) await redo.click();
    await node(page, "shout2").waitFor();
    await isSaved(page);
    assert.equal(JSON.stringify((await saved(id)).document), after);
  });
});

test("C6: what was not saved when the browser went is there again, and is saved", inChromium, async () => {
  const id = await draft();
  await visit(server, { expected: /ERR_FAILED|Failed to load/ }, async (page, context) => {
    await openEditor(page, id);
    await context.setOffline(true);
    await node(page, "shout").click();
    await page.getByLabel("Name of the node").fill("Unsaved");
    await pill(page, /^Offline/).waitFor();
    await page.close();
    await context.setOffline(false);
    assert.notEqual((await saved(id)).document.nodes[1]?.["name"], "Unsaved");
    const again = await context.newPage();
    await openEditor(again, id);
    await again.getByText("that had not been saved have been put back").waitFor();
    await node(again, "shout").getByText("Unsaved").waitFor();
    await isSaved(again);
  });
  assert.equal((await saved(id)).document.nodes[1]?.["name"], "Unsaved");
});

test("C6: what was typed as the page was left is there again, though a save was under way that arrives late", inChromium, async () => {
  const id = await draft();
  await visit(server, { expected: /409|ERR_ABORTED/ }, async (page) => {
    await openEditor(page, id);
    const holder = new DatabaseSync(join(server.dataDir, "millrace.db"));
    holder.exec("BEGIN IMMEDIATE");
    await node(page, "shout").click();
    await page.getByLabel("Name of the node").fill("First words");
    await page.waitForRequest("**/draft");
    // Both within one task: nothing of what is typed can be under way when the page goes.
    await page.getByLabel("Name of the node").focus();
    await page.evaluate(`document.activeElement.select(); document.execCommand("insertText", false, "Last words"); location.reload();`);
    await node(page, "shout").getByText("Last words").waitFor();
    holder.exec("COMMIT");
    holder.close();
    await isSaved(page);
  });
  assert.equal((await saved(id)).document.nodes[1]?.["name"], "Last words");
});

test("C7: back and forth between two workflows, each draft has its own edits alone", inChromium, async () => {
  const [first, second] = [await draft(), await draft()];
  await visit(server, {}, async (page) => {
    await openEditor(page, first);
    await openEditor(page, second);
    for (const name of ["one", "two", "three"]) {
      await node(page, "shout").click();
      await page.getByLabel("Name of the node").fill(`second ${name}`);
      await page.goBack();
      await page.waitForURL(`**/${first}/edit`);
      await node(page, "shout").click();
      await page.getByLabel("Name of the node").fill(`first ${name}`);
      await page.goForward();
      await page.waitForURL(`**/${second}/edit`);
    }
    await node(page, "shout").getByText("second").waitFor();
    await isSaved(page);
    await page.goBack();
    await node(page, "shout").getByText("first three").waitFor();
    await isSaved(page);
  });
  assert.equal((await saved(first)).document.nodes[1]?.["name"], "first three");
  assert.equal((await saved(second)).document.nodes[1]?.["name"], "second three");
});

test("C13: a node that is read is deleted after its usages were shown, and undo brings all of it back", inChromium, async () => {
  const id = await draft();
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    const before = JSON.stringify((await saved(id)).document);
    await node(page, "shout").click();
    await page.keyboard.press("Delete");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Read in 1 place").waitFor();
    await dialog.getByText("output.text").waitFor();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await node(page, "shout").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Publish: 3 errors" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await node(page, "shout").waitFor();
    await isSaved(page);
    assert.equal(JSON.stringify((await saved(id)).document), before);
  });
});

test(
  "C15, C16: the picker finds by half-width kana, puts the reference in, and a fault is underlined where it is",
  inChromium,
  async () => {
    const [first = {}, shout = {}, end = {}] = NODES;
    const id = await draft(
      [first, { ...shout, name: "ニュース" }, { id: "last", type: "template", text: "" }, end],
      ["start -> shout", "shout -> last", "last -> end"],
    );
    await visit(server, {}, async (page) => {
      await openEditor(page, id);
      await node(page, "last").click();
      await field(page).click();
      await page.keyboard.insertText("About ");
      await page.keyboard.type("{{");
      await page.keyboard.insertText("ﾆｭｰｽ");
      await page.getByRole("option", { name: /shout\.text/ }).waitFor();
      assert.equal(await page.getByRole("option", { name: /^end/ }).count(), 0);
      await page.getByRole("option", { name: /shout\.text/ }).click();
      await page.locator(".cm-chip").getByText("shout.text").waitFor();
      await page.keyboard.press("Control+End");
      await page.keyboard.type(" {{start.nothing");
      await page.locator(".cm-lintRange-error").waitFor();
      await page.getByText("unknown variable start.nothing").first().waitFor();
      await isSaved(page);
    });
    assert.equal((await saved(id)).document.nodes[2]?.["text"], "About {{ shout.text }} {{ start.nothing }}");
  },
);

test("C17: an error holds publishing back and is counted; a warning does not", inChromium, async () => {
  const [first = {}, shout = {}, end = {}] = NODES;
  const id = await draft([first, { ...shout, text: "{{ start.nothing }}" }, end]);
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await page.getByRole("button", { name: "Publish: 1 error" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("1 error has to be mended first.").waitFor();
    assert.ok(await dialog.getByRole("button", { name: "Publish" }).isDisabled());
    await dialog.getByRole("button", { name: "Show" }).click();
    await page.getByRole("button", { name: /unknown variable start\.nothing/ }).click();
    await field(page).waitFor();
    await field(page).click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("hello");
    // With the error its line under the field goes, and what is below moves up.
    await page.getByRole("button", { name: "Publish", exact: true }).waitFor();
    await page.getByText("Errors, retry, time limit").click();
    await page.getByLabel("After the last attempt").selectOption("branch");
    await page.getByRole("button", { name: /^Problems 1/ }).waitFor();
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await dialog.getByLabel("Note").fill("first");
    await dialog.getByRole("button", { name: "Publish" }).click();
    await page.getByText("1.0.0 is live").waitFor();
  });
});

test("C54, C59: by keyboard alone nodes are added, connected and named, and each says what it is", inChromium, async () => {
  const id = await draft([start({}), { id: "end", type: "end", output: {} }], []);
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await node(page, "start").focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Name of the node").waitFor();
    await page.keyboard.press("c");
    await chooseKind(page, "end");
    await page.getByRole("button", { name: /^Problems 0/ }).waitFor();
    const names = await page.locator(".react-flow__node").evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
    assert.deepEqual(names, ["start, Start, 0 problems", "end, End, 0 problems"]);
    await isSaved(page);
  });
  assert.deepEqual((await saved(id)).document.edges, ["start -> end"]);
});

test("C58: on a phone the editor is the outline, without a scroll to the side", inChromium, async () => {
  const id = await draft();
  await visit(server, { width: 375, height: 720, touch: true }, async (page) => {
    await page.goto(`/workflows/${id}/edit`);
    await page.getByRole("treeitem", { name: "Shout Text template" }).waitFor();
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.equal(width, 375);
  });
});
