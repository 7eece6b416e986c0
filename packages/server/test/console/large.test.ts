import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { Page } from "playwright-core";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

// What is large stays light: how much a page draws does not grow with what it shows. Times are the bench's (`npm run bench -- console`).

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** Templates in rows, each reading the one before it. */
async function chain(size: number): Promise<string> {
  const ids = Array.from({ length: size - 2 }, (_, n) => `step${n}`);
  const all = ["start", ...ids, "end"];
  const text = (n: number) => (n === 0 ? "{{ start.topic }}" : `{{ step${n - 1}.text }}.`);
  const nodes: JsonObject[] = [
    start({ topic: { type: "string" } }),
    ...ids.map((id, n) => ({ id, type: "template", name: `Step ${n}`, text: text(n) })),
    { id: "end", type: "end", output: { text: `{{ ${ids.at(-1)}.text }}` } },
  ];
  const edges = all.slice(1).map((id, n) => `${all[n]} -> ${id}`);
  const layout = Object.fromEntries(all.map((id, n) => [id, [(n % 20) * 320, Math.floor(n / 20) * 140]]));
  const { id } = await server.app.authoring.deploy("default", document(`chain of ${size}`, nodes, edges, { layout }), { publish: false });
  return id ?? "";
}

/** Opens the editor at a node that was found by its name. */
async function openAt(page: Page, id: string, name: string): Promise<void> {
  await page.goto(`/workflows/${id}/edit`);
  await page.locator(".react-flow__node").first().waitFor();
  await page.keyboard.press("Control+f");
  await page.getByRole("dialog").getByRole("combobox").fill(name);
  await page.keyboard.press("Enter");
  await page.locator(".react-flow__node.selected").waitFor();
}

/** How often the functions of the page's scripts ran that have a text in their source. */
async function calls(page: Page, marker: string, work: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const sources = new Map<string, Promise<string>>();
  session.on("Debugger.scriptParsed", ({ scriptId }) => {
    sources.set(
      scriptId,
      session.send("Debugger.getScriptSource", { scriptId }).then(({ scriptSource }) => scriptSource),
    );
  });
  await session.send("Debugger.enable");
  await session.send("Profiler.enable");
  await session.send("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await work();
  const { result } = await session.send("Profiler.takePreciseCoverage");
  const found: { readonly length: number; readonly count: number }[] = [];
  for (const { scriptId, functions } of result) {
    const source = (await sources.get(scriptId)) ?? "";
    for (const { ranges } of functions) {
      const [{ startOffset = 0, endOffset = 0, count = 0 } = {}] = ranges;
      if (source.slice(startOffset, endOffset).includes(marker)) found.push({ length: endOffset - startOffset, count });
    }
  }
  await session.detach();
  const [innermost] = found.toSorted((one, other) => one.length - other.length);
  assert.ok(innermost, `no function that ran has ${marker} in it`);
  return innermost.count;
}

test("a letter in a field draws its own node, and none of the two hundred others", inChromium, async () => {
  const id = await chain(200);
  await visit(server, {}, async (page) => {
    await openAt(page, id, "Step 100");
    const node = page.locator('.react-flow__node[data-id="step100"]');
    const marker = await node.locator("p").first().locator("xpath=../..").getAttribute("class");
    const field = page.getByRole("tabpanel").locator(".cm-content").first();
    await field.click();
    await page.keyboard.press("Control+End");
    await page.getByText(/^Saved/).waitFor();
    const drawn = await calls(page, String(marker), async () => {
      await page.keyboard.type("abcdef");
      await node.getByText(".abcdef").waitFor();
      await page.getByText(/^Saved/).waitFor();
    });
    assert.ok(drawn >= 1 && drawn <= 6, `${drawn} nodes were drawn for six letters`);
  });
});

for (const size of [200, 500, 1_000])
  test(`C59: of ${size} nodes those in sight are mounted, each with a name; the last is found and edited`, inChromium, async () => {
    const id = await chain(size);
    await visit(server, {}, async (page) => {
      await openAt(page, id, `Step ${size - 3}`);
      const nodes = page.locator(".react-flow__node");
      await nodes.and(page.locator(`[data-id="step${size - 3}"]`)).waitFor();
      const names = await nodes.evaluateAll((all) => all.map((node) => node.getAttribute("aria-label") ?? ""));
      assert.ok(names.length < 200, `${names.length} nodes are mounted`);
      for (const name of names) assert.match(name, /^(Step \d+, Text template|start, Start|end, End), 0 problems$/);
      await page.getByLabel("Name of the node").fill("The last");
      await nodes.and(page.getByLabel("The last, Text template, 0 problems")).waitFor();
    });
  });
