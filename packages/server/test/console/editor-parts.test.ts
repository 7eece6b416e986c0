import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { chooseKind, isSaved, node, openEditor } from "#testing/editor";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

interface Part extends JsonObject {
  readonly nodes: readonly JsonObject[];
  readonly edges: readonly string[];
}

async function draft(name: string, nodes: readonly JsonObject[], edges: readonly string[]): Promise<string> {
  const { id } = await server.app.authoring.deploy("default", document(name, nodes, edges), { publish: false });
  return id ?? "";
}

async function saved(id: string): Promise<Part> {
  const { json } = await (await owner(server)).call("GET", `/api/v1/workflows/${id}`);
  return json["document"] as Part;
}

const palette = (page: Page) => page.getByRole("complementary", { name: "Nodes to add" });

const EACH = [
  start({ names: { type: "array" } }),
  {
    id: "each",
    type: "batch",
    items: "{{ start.names }}",
    collect: "{{ loud.text }}",
    body: {
      nodes: [
        { id: "greet", type: "template", text: "Hello {{ item }}" },
        { id: "loud", type: "template", text: "{{ greet.text }}!" },
      ],
      edges: ["greet -> loud"],
    },
  },
  { id: "end", type: "end", output: { all: "{{ each.results }}" } },
];
const WAYS = ["start -> each", "each -> end"];

const SAMPLES = new URL("../../src/flow/testing/samples/", import.meta.url);

/** As a person drops a file from a folder: what the browser makes of it, at the element that is there. */
function dropFile(page: Page, name: string, text: string): Promise<void> {
  const dropping = `([name, text]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name));
    for (const type of ["dragover", "drop"])
      document.querySelector("main h1").dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }`;
  return page.evaluate(`(${dropping})(${JSON.stringify([name, text])})`);
}

test("a .flow file that is dropped on the list is a workflow of it, and opens in the editor", inChromium, async () => {
  await visit(server, { expected: /status of 400/ }, async (page) => {
    await page.goto("/workflows");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await dropFile(page, "nested-conditions.flow", readFileSync(new URL("nested-conditions.flow", SAMPLES), "utf8"));
    const listed = page.getByRole("link", { name: "nested_conditions" });
    await listed.first().click();
    await node(page, "start").waitFor();
    await page.goto("/workflows");
    await listed.first().waitFor();
    await dropFile(page, "broken.flow", "{oops");
    await page.getByText("This is no JSON: line 1, column 2 does not fit.").first().waitFor();
    await listed.first().waitFor();
  });
});

test("a node is put between two inside of a container, in its place", inChromium, async () => {
  const id = await draft("inside", EACH, WAYS);
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await page.getByRole("button", { name: "Insert between greet and loud" }).dispatchEvent("click");
    await chooseKind(page, "template");
    await node(page, "template").waitFor();
    await page.getByRole("tabpanel").locator(".cm-content").first().click();
    await page.keyboard.insertText("dear {{ greet.text }}");
    await isSaved(page);
  });
  const body = (await saved(id)).nodes.find((one) => one["id"] === "each")?.["body"];
  assert.ok(body);
  const { nodes, edges } = body as unknown as Part;
  assert.deepEqual(nodes.map((one) => one["id"]).toSorted(), ["greet", "loud", "template"]);
  assert.deepEqual([...edges].toSorted(), ["greet -> template", "template -> loud"]);
});

test("code is written in its own editor, and runs as it was written", inChromium, async () => {
  const code = { id: "double", type: "code", inputs: { n: "{{ start.n }}" }, code: "return { m: 0 };" };
  const nodes = [start({ n: { type: "number" } }), code, { id: "end", type: "end", output: { m: "{{ double.m }}" } }];
  const id = await draft("coding", nodes, ["start -> double", "double -> end"]);
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await node(page, "double").click();
    const source = page.getByRole("tabpanel").locator(".cm-content", { hasText: "return" });
    await source.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("return { m: inputs.n * 2 };");
    await isSaved(page);
    await page.getByRole("button", { name: "Run", exact: true }).first().click();
    const drawer = page.getByRole("region", { name: "Run of the draft" });
    await drawer.getByLabel("n", { exact: true }).fill("21");
    await drawer.getByRole("button", { name: "Run", exact: true }).click();
    await drawer.getByText('"m": 42').waitFor();
  });
  assert.equal((await saved(id)).nodes[1]?.["code"], "return { m: inputs.n * 2 };");
});

test("a note is added, written and there again; Tidy up takes a heap apart", inChromium, async () => {
  const layout = Object.fromEntries(EACH.map(({ id }) => [String(id), [0, 0]]));
  const heap = { ...document("noted", EACH, WAYS), layout };
  const { id } = await server.app.authoring.deploy("default", heap, { publish: false });
  assert.ok(id);
  await visit(server, {}, async (page) => {
    await openEditor(page, id);
    await page.getByRole("button", { name: "Tidy up" }).click();
    await isSaved(page);
    await palette(page).getByRole("button", { name: "Comment" }).click();
    await page.getByLabel("Text of the note").fill("Ask Ada before you change this.");
    await isSaved(page);
    await page.reload();
    await page.locator(".react-flow__node", { hasText: "Ask Ada before you change this." }).waitFor();
  });
  const { nodes, layout: tidied } = await saved(id);
  assert.equal(nodes.find((one) => one["type"] === "comment")?.["text"], "Ask Ada before you change this.");
  const columns = EACH.map((one) => (tidied as JsonObject)[String(one["id"])] as readonly number[]).map(([x = 0]) => x);
  assert.deepEqual([new Set(columns).size, columns.toSorted((left, right) => left - right)], [EACH.length, columns], "from left to right");
});
