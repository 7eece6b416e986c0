import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { Page } from "playwright-core";
import { generateRuns } from "#store/sqlite/testing/generated-runs";
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

const ITERATIONS = 500;

/** A batch of a template: each of its iterations has a row, and so has the node in it. */
const BATCH = document(
  "a thousand spans",
  [
    start({ items: { type: "array" } }),
    {
      id: "each",
      type: "batch",
      items: "{{ start.items }}",
      collect: "{{ shout.text }}",
      body: { nodes: [{ id: "shout", type: "template", text: "{{ item }}!" }], edges: [] },
    },
    { id: "end", type: "end", output: {} },
  ],
  ["start -> each", "each -> end"],
);

test("C23: of a thousand spans those in sight are mounted, and the last is reached by a scroll and by a key", inChromium, async () => {
  const { key } = await server.publish(BATCH);
  const items = Array.from({ length: ITERATIONS }, (_, n) => `item ${n}`);
  const { json } = await server.invoke(key, { input: { items } });
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${String(json["workflowRunId"])}`);
    const rows = page.getByRole("region", { name: "Timeline of the run" }).locator("[data-key]");
    await rows.nth(5).waitFor();
    const mounted = async () => assert.ok((await rows.count()) < 100, `${await rows.count()} rows are mounted`);
    await mounted();
    const last = rows.filter({ hasText: `${ITERATIONS} item ${ITERATIONS - 1}` });
    assert.equal(await last.count(), 0);
    await page.mouse.move(400, 600);
    while ((await last.count()) === 0) await page.mouse.wheel(0, 2_000);
    await last.click();
    await page.waitForURL(/span=/);
    await page.keyboard.press("ArrowDown");
    await rows.and(page.locator("[aria-pressed=true]")).filter({ hasText: "shout" }).waitFor();
    await mounted();
  });
});

test("what is further down than a page of a list is found, filtered and chosen like the rest", inChromium, async () => {
  const deploy = (name: string) =>
    server.app.authoring.deploy("default", document(name, [start({}), { id: "end", type: "end", output: {} }], ["start -> end"]), {
      publish: false,
    });
  await deploy("the first of many");
  for (let n = 0; n < 100; n += 1) await deploy(`one of many ${n}`);
  await visit(server, {}, async (page) => {
    await page.goto("/workflows");
    const row = page.getByRole("row", { name: /the first of many/ });
    await page.getByRole("row").nth(20).waitFor();
    assert.equal(await row.count(), 0);
    await page.getByLabel("Filter by name").fill("the first");
    await row.waitFor();
    await page.goto("/runs");
    await page.getByLabel("Workflow", { exact: true }).getByRole("option", { name: "the first of many" }).waitFor({ state: "attached" });
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("the first");
    await page.getByRole("option", { name: /the first of many/ }).waitFor();
  });
});

const HISTORY = 20_000;

test("C47: of a long history Runs asks for a page, and Usage for its sums", inChromium, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-history-"));
  const first = await startTestServer({ dataDir });
  const { id } = await first.publish(BATCH);
  await first.close();
  generateRuns(dataDir, [{ workflowId: id, workflowName: BATCH["name"] as string }], HISTORY);
  const second = await startTestServer({ dataDir });
  try {
    await visit(second, {}, async (page) => {
      const answers: number[] = [];
      page.on("response", async (response) => {
        if (new URL(response.url()).pathname.startsWith("/api/")) answers.push((await response.body().catch(() => Buffer.of())).length);
      });
      await page.goto("/runs");
      await page.getByRole("row").nth(20).waitFor();
      assert.ok((await page.getByRole("row").count()) < 100);
      await page.goto("/usage?hours=720");
      const shows = (table: string, count: number) =>
        page
          .getByRole("table", { name: table })
          .getByRole("cell", { name: count.toLocaleString("en"), exact: true })
          .waitFor();
      await shows("Runs, by workflow", HISTORY);
      await shows("Paid, by group", HISTORY / 10);
      assert.ok(Math.max(...answers) < 100_000, `an answer has ${Math.max(...answers)} bytes`);
    });
  } finally {
    await second.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
