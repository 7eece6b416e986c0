import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start, todayNews } from "#testing/workflows";

// The list of runs as one looks for something in it, what runs failed of, what was refused, and jobs over many.

const topics = document(
  "topics",
  [start({ topic: { type: "string" } }, ["topic"]), { id: "end", type: "end", output: { topic: "{{ start.topic }}" } }],
  ["start -> end"],
);

const asks = (url: string) =>
  document(
    "asks",
    [start({}), { id: "ask", type: "http", retry: { maxAttempts: 1 }, request: { url } }, { id: "end", type: "end", output: {} }],
    ["start -> ask", "ask -> end"],
  );

let server: TestServer;
let asked: Server;
/** What the receiver does: it fails whoever asks, or leaves them waiting. */
let answers = true;
const keys: Record<string, string> = {};
before(async () => {
  asked = createServer((_request, response) => {
    if (answers) response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => asked.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(asked.address() as AddressInfo).port}`;
  server = await startTestServer({ settings: { egressAllow: host } });
  for (const flow of [topics, asks(`http://${host}/`), todayNews]) keys[String(flow["name"])] = (await server.publish(flow)).key;
});
after(async () => {
  asked.closeAllConnections();
  await server.close();
  asked.close();
});

const short = (id: string) => `${id.slice(0, 8)}…${id.slice(-4)}`;
const runOf = async (topic: string) => String((await server.invoke(keys["topics"] ?? "", { input: { topic } })).json["workflowRunId"]);
const shownRuns = (page: Page) => page.getByRole("table", { name: "Runs" }).getByRole("link");

/** As many runs are shown, and no more. */
async function exactly(page: Page, count: number): Promise<void> {
  await shownRuns(page)
    .nth(count - 1)
    .waitFor();
  await shownRuns(page).nth(count).waitFor({ state: "detached" });
}

test("C34: a condition on values gives exactly the runs that match, in the address and over a reload", inChromium, async () => {
  const [ai, , more] = [await runOf("AI in mills"), await runOf("Weather"), await runOf("More AI")];
  await visit(server, {}, async (page) => {
    await page.goto("/runs");
    await page.getByRole("button", { name: "More filters" }).click();
    await page.getByLabel("Condition on values").fill('input.topic ~ "AI"');
    await page.getByLabel("Condition on values").press("Enter");
    await page.waitForURL(/where=/);
    const found = [short(String(more)), short(String(ai))];
    await page.getByText("Weather").waitFor({ state: "detached" });
    await exactly(page, 2);
    assert.deepEqual(await shownRuns(page).allTextContents(), found);
    await page.reload();
    await exactly(page, 2);
    assert.deepEqual(await shownRuns(page).allTextContents(), found);
    assert.equal(await page.getByLabel("Condition on values").inputValue(), 'input.topic ~ "AI"');
    assert.ok(await page.getByRole("button", { name: "All matching" }).isDisabled(), "a job would take more than the search has found");
    await page.getByLabel("Seconds >").fill("１０００");
    await page.getByLabel("Seconds >").press("Enter");
    await page.waitForURL(/latency=1000/);
    await page.getByText("No runs match.").waitFor();
    await page.getByRole("button", { name: "Slow", exact: true }).click();
    await page.waitForURL(/latency=10&|latency=10$/);
  });
});

test("C34: filters, a range of time and the chosen span are there again after a reload, by the address alone", inChromium, async () => {
  const run = String(await runOf("kept"));
  await visit(server, {}, async (page, context) => {
    await page.goto("/runs");
    await shownRuns(page).first().waitFor();
    await page.getByLabel("Status", { exact: true }).selectOption({ label: "Succeeded" });
    await page.getByLabel("Time").selectOption({ label: "Last hour" });
    await page.getByLabel("Workflow", { exact: true }).selectOption({ label: "topics" });
    await page.waitForURL((url) => ["status=", "time=", "workflow="].every((one) => url.search.includes(one)));
    await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
    await shownRuns(page).first().waitFor();
    const before = await shownRuns(page).allTextContents();
    const elsewhere = await context.newPage();
    for (const again of [page, elsewhere]) {
      await again.goto(page.url());
      await exactly(again, before.length);
      for (const [label, text] of [
        ["Status", "Succeeded"],
        ["Time", "Last hour"],
        ["Workflow", "topics"],
      ] as const)
        await again.getByLabel(label, { exact: true }).locator("option:checked", { hasText: text }).waitFor({ state: "attached" });
    }
    await page.goto(`/runs/${run}`);
    await page
      .getByRole("region", { name: "Timeline of the run" })
      .getByRole("button", { name: /^end: Succeeded/ })
      .click();
    await page.waitForURL(/span=end/);
    await page.reload();
    await page.locator('[aria-pressed="true"]').filter({ hasText: "end" }).waitFor();
    await page.locator('.react-flow__node.selected[data-id="end"]').waitFor();
  });
});

test("what runs failed of is told by type and node, and leads to the runs", inChromium, async () => {
  for (let n = 0; n < 3; n++) await server.invoke(keys["asks"] ?? "", { input: {} });
  await visit(server, {}, async (page) => {
    await page.goto("/runs");
    await page.getByRole("tab", { name: "Errors" }).click();
    await page.waitForURL(/show=errors/);
    const row = page.getByRole("row", { name: /http_500/ });
    await row.getByRole("cell", { name: "ask", exact: true }).waitFor();
    await row.getByRole("cell", { name: "3", exact: true }).waitFor();
    await row.getByRole("link", { name: "Show runs" }).click();
    await page.waitForURL(/error=http_500/);
    await exactly(page, 3);
  });
});

test("C33: a request that was refused is under Requests with its requestId, while one looks", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/runs?show=requests");
    await page.getByText(/^No request was refused/).waitFor();
    const refused = await server.invoke(keys["todayNews"] ?? "", { input: { topic: 1 } });
    assert.equal(refused.status, 400);
    const id = String(refused.json["requestId"]);
    const row = page.getByRole("row", { name: new RegExp(id) });
    await row.getByText("invalid_input").waitFor();
    await row.getByText("todayNews").waitFor();
    await page.getByLabel("Request id").fill("req_other");
    await page.getByLabel("Request id").press("Enter");
    await page.getByText("No refused request matches.").waitFor();
    await page.getByLabel("Request id").fill(id);
    await page.getByLabel("Request id").press("Enter");
    await row.waitFor();
  });
});

test("C32: a replay of 100 failed runs shows its progress, Stop ends it, and its counts add up", inChromium, async () => {
  await Promise.all(Array.from({ length: 100 }, () => server.invoke(keys["asks"] ?? "", { input: {} })));
  // What is replayed now waits for an answer, and the job for what it has begun.
  answers = false;
  await visit(server, {}, async (page) => {
    await page.goto("/runs?status=FAILED");
    await page.getByRole("button", { name: "All matching" }).click();
    await page.getByRole("menuitem", { name: "Replay all failed that match" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Replay all failed that match" }).click();
    await page.waitForURL(/job=/);
    await page.getByText(/^[1-9]\d* of \d+$/).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Replaying runs · Stopped").waitFor();
    const count = async (name: string) => Number(await page.locator("dl div", { hasText: name }).locator("dd").first().textContent());
    const [matched = 0, ...others] = await Promise.all(["Matched", "Done", "Failed", "Skipped", "Still to come"].map(count));
    assert.ok(matched >= 100, String(matched));
    assert.equal(
      others.reduce((sum, one) => sum + one, 0),
      matched,
    );
    assert.ok((others.at(-1) ?? 0) > 0, "it was stopped before its end");
    await page.reload();
    await page.getByText("Replaying runs · Stopped").waitFor();
  });
});
