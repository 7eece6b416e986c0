import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject, NodeTrace } from "@millrace/contract";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { startModelServer } from "#testing/model-server";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { connectModels, MODEL } from "../models/harness.ts";

const USAGE = { prompt_tokens: 610, completion_tokens: 202, total_tokens: 812 };

/** Asks a model, and fails behind it where it is told to. */
const asking = (text: string): JsonObject =>
  document(
    "asking a model",
    [
      start({}),
      { id: "ask", type: "llm", name: "Ask", model: MODEL, prompt: "What is new?" },
      { id: "check", type: "code", name: "Check", code: text },
      { id: "end", type: "end", output: { text: "{{ ask.text }}" } },
    ],
    ["start -> ask", "ask -> check", "check -> end"],
  );

const BROKEN = asking("throw new Error('no luck');");
const MENDED = asking("return { checked: true };");

const EACH = document(
  "asking for each",
  [
    start({}),
    {
      id: "each",
      type: "batch",
      items: ["a", "b", "c"],
      collect: "{{ call.text }}",
      body: { nodes: [{ id: "call", type: "workflow", name: "Call", workflow: "asked" }], edges: [] },
    },
    { id: "end", type: "end", output: {} },
  ],
  ["start -> each", "each -> end"],
);

const ASKED = document(
  "asked",
  [
    start({}),
    { id: "deep", type: "llm", name: "Deep", model: MODEL, prompt: "And now?" },
    { id: "end", type: "end", output: { text: "{{ deep.text }}" } },
  ],
  ["start -> deep", "deep -> end"],
);

let models: Awaited<ReturnType<typeof startModelServer>>;
let server: TestServer;
before(async () => {
  models = await startModelServer();
  models.onMessage(/./, { content: "Nothing much.", usage: USAGE });
  server = await startTestServer({ settings: { egressAllow: new URL(models.url).host, maxBodyBytes: String(64 * 1_048_576) } });
  await connectModels(server, models.url);
});
after(async () => {
  await server.close();
  await models.stop();
});

async function ran(key: string, input: JsonObject = {}): Promise<string> {
  return String((await server.invoke(key, { input })).json["workflowRunId"]);
}

interface Run extends JsonObject {
  readonly nodes: readonly (NodeTrace & JsonObject)[];
}

async function detail(id: string): Promise<Run> {
  return (await (await owner(server)).call("GET", `/api/v1/runs/${id}`)).json as Run;
}

const row = (page: Page, name: RegExp) => page.getByRole("region", { name: "Timeline of the run" }).getByRole("button", { name });
const inGraph = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);

test(
  "C28: a bar chooses the node in the graph and the reverse; the graph is of the version that ran, whatever came later",
  inChromium,
  async () => {
    const { id, key } = await server.publish(BROKEN);
    const run = await ran(key);
    const renamed = (name: string) =>
      document(
        "asking a model",
        [start({}), { id: name, type: "template", text: "x" }, { id: "end", type: "end", output: {} }],
        [`start -> ${name}`, `${name} -> end`],
      );
    for (const name of ["second", "third", "fourth"]) await server.app.authoring.deploy("default", renamed(name), { publish: true });
    await visit(server, {}, async (page) => {
      await page.goto(`/runs/${run}`);
      await row(page, /^Ask: Succeeded/).click();
      await page.waitForURL(/span=ask/);
      await page.locator('.react-flow__node.selected[data-id="ask"]').waitFor();
      await inGraph(page, "check").click();
      await page.waitForURL(/span=check/);
      assert.equal(await row(page, /^Check: Failed/).getAttribute("aria-pressed"), "true");
      await page.getByRole("heading", { name: "Graph of version 1.0.0, as it ran" }).waitFor();
      assert.equal(await inGraph(page, "fourth").count(), 0);
    });
    assert.equal((await (await owner(server)).call("GET", `/api/v1/workflows/${id}/versions/1.0.3`)).status, 200);
  },
);

test(
  "C58: at 375 px the graph of a run runs downwards, as large as its words need, and a tap on a node goes to what it did",
  inChromium,
  async () => {
    const { key } = await server.publish({ ...BROKEN, name: "on a phone" });
    const run = await ran(key);
    await visit(server, { width: 375, height: 812, touch: true }, async (page) => {
      await page.goto(`/runs/${run}`);
      await inGraph(page, "end").waitFor();
      const boxOf = (node: { getBoundingClientRect(): { x: number; y: number; width: number } }) => {
        const { x, y, width } = node.getBoundingClientRect();
        return { x, y, width };
      };
      const seen = await Promise.all(["start", "ask", "check", "end"].map((id) => inGraph(page, id).evaluate(boxOf)));
      assert.ok(
        seen.every(({ x, width }) => x >= 0 && x + width <= 375 && width >= 200),
        JSON.stringify(seen),
      );
      assert.ok(
        seen.every(({ y }, at) => at === 0 || y > (seen[at - 1]?.y ?? 0)),
        JSON.stringify(seen),
      );
      await inGraph(page, "ask").tap();
      await page.waitForURL(/span=ask/);
      await page.getByRole("heading", { name: "Ask", exact: true }).waitFor();
      await page.waitForFunction(
        "(() => { const all = [...document.querySelectorAll('main h2, main h3')]; const { top } = all.find((one) => one.textContent === 'Ask').getBoundingClientRect(); return top >= 0 && top < innerHeight; })()",
      );
      assert.equal(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0);
    });
  },
);

test("of a node that asks a model the page has what was said, and by whom", inChromium, async () => {
  const { key } = await server.publish({ ...MENDED, name: "what was said" });
  const run = await ran(key);
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${run}?span=ask`);
    const said = page.locator("details", { hasText: "Messages" });
    await said.locator("summary").click();
    await said.getByRole("listitem").nth(1).waitFor();
    const texts = await said.getByRole("listitem").allInnerTexts();
    assert.match(texts[0] ?? "", /User[\s\S]*What is new\?/);
    assert.match(texts[1] ?? "", /Model[\s\S]*Nothing much\./);
    assert.equal(texts.length, 2);
    await page.getByText("812 tokens (610 in, 202 out)").waitFor();
    await page.getByText(/first token after \d+ ms/).waitFor();
    await page.getByRole("button", { name: "Pin output in the draft" }).click();
    await page.getByText("The draft uses this output of ask in place of running it").waitFor();
    await row(page, /^Check: Succeeded/).click();
    await said.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Open the draft" }).click();
    await inGraph(page, "ask").getByLabel("Pinned, draft only").waitFor();
  });
});

test("where the model refused the key, the inspector leads to the connections", inChromium, async () => {
  const { key } = await server.publish({ ...MENDED, name: "refused by the model" });
  models.nextRequestError(401, { message: "bad key", type: "invalid_api_key" });
  const run = await ran(key);
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${run}?span=ask`);
    await page.getByRole("link", { name: "Open connections" }).click();
    await page.waitForURL(/\/connections$/);
  });
});

test("C24: of a value of 20 MB the page has 32 KB; it is saved whole, and the page stays small", inChromium, async () => {
  const text = "y".repeat(20 * 1_048_576);
  const flow = document(
    "large",
    [
      start({ text: {} }),
      { id: "copy", type: "template", name: "Copy", text: "{{ start.text }}" },
      { id: "end", type: "end", output: { length: "{{ copy.text.length }}" } },
    ],
    ["start -> copy", "copy -> end"],
  );
  const run = await ran((await server.publish(flow)).key, { text });
  await visit(server, {}, async (page, context) => {
    let most = 0;
    page.on("response", (response) => {
      if (response.url().includes(`/api/v1/runs/${run}`)) most = Math.max(most, Number(response.headers()["content-length"] ?? 0));
    });
    await page.goto(`/runs/${run}`);
    await row(page, /^Copy: Succeeded/).click();
    const output = page.getByRole("region", { name: "copy Output" });
    await output.waitFor();
    const shown = await output.innerText();
    assert.ok(shown.length > 32_000 && shown.length <= 32_768, `${shown.length} characters are shown`);
    assert.equal(await page.getByRole("button", { name: "Show all" }).count(), 0);
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download" }).click();
    const file = await saving;
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    assert.deepEqual(JSON.parse(Buffer.concat(chunks).toString("utf8")), { text });
    const session = await context.newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    assert.ok(usedSize < 300 * 1_048_576, `${usedSize} bytes`);
    assert.ok(most < 1_048_576, `an answer of ${most} bytes`);
  });
});

test(
  "C30: the header's tokens and credits are the sums over iterations, attempts and called runs, and those of the API",
  inChromium,
  async () => {
    await server.publish(ASKED);
    const { key } = await server.publish(EACH);
    const run = await ran(key);
    const { nodes, tokens, credits } = await detail(run);
    const paid = nodes.flatMap(({ usage = [] }) => usage);
    assert.equal(paid.length, 3);
    assert.equal(tokens, 3 * USAGE.total_tokens);
    assert.equal(
      paid.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
      tokens,
    );
    assert.equal(Number(paid.reduce((sum, one) => sum + Number(one.credits), 0).toFixed(4)), credits);
    await visit(server, {}, async (page) => {
      await page.goto(`/runs/${run}`);
      await page.getByText(`${Number(tokens).toLocaleString("en")} tokens (1,830 in, 606 out)`, { exact: true }).waitFor();
      await page.getByText(`${Number(credits).toLocaleString("en", { maximumFractionDigits: 4 })} credits`, { exact: true }).waitFor();
      await row(page, /^Call: Succeeded/)
        .first()
        .click();
      await page.getByText("610 tokens in, 202 out").waitFor();
    });
  },
);

test("a called run shows its steps in its place, and is linked", inChromium, async () => {
  await server.publish(ASKED);
  const run = await ran((await server.publish(EACH)).key);
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${run}`);
    await page.getByRole("button", { name: "Show the steps of the called run" }).first().click();
    await row(page, /^Deep: Succeeded/).click();
    await page.getByText("610 tokens in, 202 out").waitFor();
    await page.getByText("Input", { exact: true }).click();
    await page.getByRole("region", { name: "deep Input" }).getByText('"And now?"').waitFor();
    await page.getByRole("button", { name: "Hide the steps of the called run" }).click();
    await row(page, /^Deep: Succeeded/).waitFor({ state: "detached" });
    await row(page, /^Call: Succeeded/)
      .first()
      .click();
    await page.getByText("Called run").locator("..").getByRole("link").click();
    await page.getByRole("heading", { level: 1 }).getByText("asked").waitFor();
  });
});

test(
  "C31: all nine combinations of a replay run; what is behind them asks no model again, and both runs are linked",
  inChromium,
  async () => {
    const { key } = await server.publish(BROKEN);
    const run = await ran(key);
    await server.app.authoring.deploy("default", MENDED, { publish: true });
    await server.app.authoring.deploy("default", asking("return { draft: true };"), { publish: false });
    await visit(server, {}, async (page) => {
      for (const from of ["where it failed", "a node", "the start"])
        for (const version of ["the same version", "the live version", "the draft"]) {
          const before = models.getRequests().length;
          await page.goto(`/runs/${run}`);
          await page.getByRole("button", { name: "Replay", exact: true }).click();
          const dialog = page.getByRole("dialog");
          await dialog.getByLabel(from, { exact: true }).check();
          await dialog.getByLabel(version, { exact: true }).check();
          if (from === "a node") await dialog.getByRole("combobox").selectOption({ label: "Check" });
          await dialog.getByRole("button", { name: "Replay", exact: true }).click();
          await page.getByText("Replay of").waitFor();
          const outcome = version === "the same version" ? "Failed" : "Succeeded";
          await page.getByRole("heading", { level: 1 }).getByText(outcome).waitFor();
          const asked = models.getRequests().length - before;
          assert.equal(asked, from === "the start" ? 1 : 0, `${from}, ${version}`);
          if (from === "the start") continue;
          await row(page, /^Ask: Succeeded/).click();
          await page.getByText("copied, 0 credits").waitFor();
          await page.getByText("0 credits", { exact: true }).waitFor();
        }
      await page.goto(`/runs/${run}`);
      await page.getByText("Replayed as").waitFor();
      assert.ok((await page.getByText("Replayed as").locator("..").getByRole("link").count()) >= 9);
    });
  },
);
