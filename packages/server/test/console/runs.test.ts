import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, failing, start } from "#testing/workflows";

const LOOP = document(
  "looping",
  [
    start({}),
    {
      id: "each",
      type: "batch",
      items: ["Hawaii", "News", "AI"],
      onItemError: "null",
      collect: "{{ one.item }}",
      body: {
        nodes: [
          {
            id: "one",
            type: "code",
            inputs: { item: "{{ item }}" },
            code: "if (inputs.item === 'News') throw new Error('no luck'); return inputs;",
          },
        ],
        edges: [],
      },
    },
    { id: "end", type: "end", output: {} },
  ],
  ["start -> each", "each -> end"],
);

const ASK = document(
  "asking",
  [start({}), { id: "ask", type: "approval", title: "Refund order 8841" }, { id: "end", type: "end", output: {} }],
  ["start -> ask", "ask.approve -> end"],
);

const STEPS = ["one", "two", "three", "four", "five"];
const ROW = document(
  "row",
  [start({}), ...STEPS.map((id) => ({ id, type: "template", text: id })), { id: "end", type: "end", output: {} }],
  ["start", ...STEPS].map((id, at) => `${id} -> ${[...STEPS, "end"][at]}`),
);

let server: TestServer;
const keys: Record<string, string> = {};
before(async () => {
  server = await startTestServer();
  for (const flow of [echo, failing, LOOP, ASK, ROW]) keys[String(flow["name"])] = (await server.publish(flow)).key;
});
after(() => server.close());

async function run(name: string, input: object = {}, isAsync = false): Promise<string> {
  const { json } = await server.invoke(keys[name] ?? "", { input, isAsync, userId: `user of ${name}` });
  return String(json["workflowRunId"]);
}

test("C34: filters are in the address, survive a reload, and narrow the list", inChromium, async () => {
  const failed = await run("failing");
  await run("echo", { value: 1 });
  await visit(server, {}, async (page) => {
    await page.goto("/runs");
    await page.getByRole("row").nth(2).waitFor();
    await page.getByLabel("Status", { exact: true }).selectOption({ label: "Failed" });
    await page.waitForURL(/status=FAILED/);
    await page.getByRole("link", { name: `${failed.slice(0, 8)}…${failed.slice(-4)}` }).waitFor();
    await page.getByText("user of echo").waitFor({ state: "detached" });
    await page.reload();
    await page.getByText("code_error").first().waitFor();
    assert.equal(await page.getByText("user of echo").count(), 0);
    await page.getByLabel("User").fill("nobody");
    await page.getByLabel("User").press("Enter");
    await page.getByText("No runs match.").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await page.getByText("user of echo").first().waitFor();
  });
});

test("a cell of the list is kept alone or left out, by pointer and by keyboard", inChromium, async () => {
  await run("failing");
  await run("echo", { value: 1 });
  await visit(server, {}, async (page) => {
    const table = page.getByRole("table", { name: "Runs" });
    const cell = (name: string) => table.getByRole("button", { name, exact: true });
    await page.goto("/runs");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Key" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Tokens" }).click();
    await page.keyboard.press("Escape");
    await page.reload();
    await table.getByRole("columnheader", { name: "Key" }).waitFor();
    assert.equal(await table.getByRole("columnheader", { name: "Tokens" }).count(), 0);
    await table.getByRole("button", { name: /^mr_/ }).first().click();
    await page.getByRole("menuitem", { name: /^Only mr_/ }).waitFor();
    await page.keyboard.press("Escape");
    await cell("code_error").first().click();
    await page.getByRole("menuitem", { name: "Without code_error" }).click();
    await cell("code_error").first().waitFor({ state: "detached" });
    await cell("user of echo").first().waitFor();
    await page.reload();
    await cell("user of echo").first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Without user of echo" }).waitFor();
    await page.keyboard.press("Escape");
    await table.locator("button:focus", { hasText: "user of echo" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Without user of echo" }).waitFor();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await cell("user of echo").first().waitFor({ state: "detached" });
    assert.equal(await page.getByLabel("Condition on values").inputValue(), 'run.error != "code_error" and run.user != "user of echo"');
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await cell("Failed").first().click();
    await page.getByRole("menuitem", { name: "Only Failed" }).click();
    await page.waitForURL(/status=FAILED/);
    await cell("user of echo").first().waitFor({ state: "detached" });
  });
});

test("by keyboard alone: j goes to a run, Enter opens it, j and k go on to its neighbours, r asks what to replay", inChromium, async () => {
  const earlier = await run("failing");
  const id = await run("failing");
  await visit(server, {}, async (page) => {
    await page.goto("/runs?status=FAILED");
    await page.getByText("code_error").first().waitFor();
    await page.keyboard.press("j");
    await page.locator("tr[aria-current]").waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/runs/${id}`));
    await page.getByRole("heading", { level: 1 }).getByText("failing").waitFor();
    await page.getByText(/^key mr_\S+…\S{4}$/).waitFor();
    await page.getByText("Trigger: API", { exact: true }).waitFor();
    await page.keyboard.press("j");
    await page.waitForURL(new RegExp(`/runs/${earlier}`));
    await page.getByText(earlier, { exact: true }).waitFor();
    await page.keyboard.press("k");
    await page.waitForURL(new RegExp(`/runs/${id}`));
    await page.getByText(id, { exact: true }).waitFor();
    await page.keyboard.press("r");
    await page.getByRole("dialog").getByText("Runs again").waitFor();
    await page.getByRole("dialog").getByText("Boom").waitFor();
  });
});

test("C29: the iterations of a loop carry their items; a failure in one does not paint the others", inChromium, async () => {
  const id = await run("looping");
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${id}`);
    await page.getByRole("button", { name: /^1 Hawaii: Succeeded/ }).waitFor();
    await page.getByRole("button", { name: /^2 News: Failed/ }).waitFor();
    await page.getByRole("button", { name: /^3 AI: Succeeded/ }).waitFor();
    await page
      .getByRole("button", { name: /^one: Succeeded/ })
      .first()
      .click();
    await page.waitForURL(/span=each/);
    await page.getByText('"Hawaii"').waitFor();
    const drawn = (key: string) => page.locator(`.react-flow__node[data-id="${key}"]`);
    await drawn("one")
      .getByText(/Failed.*1\/3/)
      .waitFor();
    await page.getByRole("button", { name: "Show each iteration" }).click();
    await drawn("each[1]/one")
      .getByText(/Failed/)
      .waitFor();
    await drawn("each[2]/one")
      .getByText(/Succeeded/)
      .waitFor();
    await drawn("each[2]/one").click();
    await page.waitForURL(/span=each%5B2%5D%2Fone/);
    await page.getByText('"AI"').waitFor();
  });
});

test("C31: a replay is previewed, links to its original and the original to it", inChromium, async () => {
  const id = await run("failing");
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${id}`);
    await page.getByRole("button", { name: "Replay", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("where it failed").waitFor();
    await dialog.getByText("start", { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    await page.getByText("Replay of").waitFor();
    await page.getByRole("button", { name: /^start: Succeeded/ }).click();
    await page.getByText("copied, 0 credits").waitFor();
    await page.getByRole("link", { name: "Compare with the original" }).click();
    await page.getByRole("heading", { name: "Compare two runs" }).waitFor();
    await page.getByText("Boom").waitFor();
  });
});

test("C27: a cancelled run reads Cancelled and names who cancelled it", inChromium, async () => {
  const id = await run("asking", {}, true);
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${id}`);
    await page.getByText("Waiting", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Cancel run" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel run" }).click();
    await page.getByText("Cancelled", { exact: true }).first().waitFor();
    await page.getByText("Cancelled by owner@example.com.").first().waitFor();
  });
});

test("C27: cancelling stops the runs that were called, too; on the wire both failed, as cancelled", inChromium, async () => {
  const { key: keyBelow } = await server.publish({ ...ASK, name: "asked below" });
  const calling = document(
    "calling",
    [start({}), { id: "call", type: "workflow", workflow: "asked below" }, { id: "end", type: "end", output: {} }],
    ["start -> call", "call -> end"],
  );
  const { key } = await server.publish(calling);
  const id = String((await server.invoke(key, { input: {}, isAsync: true })).json["workflowRunId"]);
  await visit(server, {}, async (page) => {
    await page.goto("/runs?trigger=workflow");
    const row = page.getByRole("row", { name: /Waiting.*asked below/ });
    const below = new URL(String(await row.getByRole("link").first().getAttribute("href")), "http://here").pathname;
    await page.goto(`/runs/${id}`);
    await page.getByRole("button", { name: "Cancel run" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel run" }).click();
    await page.getByText("Cancelled by owner@example.com.").first().waitFor();
    await page.goto(below);
    await page.getByRole("heading", { level: 1 }).getByText("Cancelled", { exact: true }).waitFor();
    for (const [reader, one] of [
      [key, id],
      [keyBelow, below.split("/").at(-1)],
    ] as const) {
      const { json } = await server.query(reader, one);
      assert.deepEqual([json["status"], (json["error"] as { type?: string })?.type], ["FAILED", "cancelled"]);
    }
  });
});

test("C34: the list needs no scrolling to the side at 1024 px, and its boxes are one below the other", inChromium, async () => {
  await run("failing");
  await visit(server, { width: 1024 }, async (page) => {
    await page.goto("/runs");
    const table = page.getByRole("table", { name: "Runs" });
    await table.getByText("code_error").first().waitFor();
    assert.equal(
      await table.locator("..").evaluate((frame: { scrollWidth: number; clientWidth: number }) => frame.scrollWidth - frame.clientWidth),
      0,
    );
    const boxes = await Promise.all([0, 1].map((at) => table.getByRole("checkbox").nth(at).boundingBox()));
    assert.equal(boxes[0]?.x, boxes[1]?.x);
  });
});

test("C34: whatever its width, the list fits, and says what became of which run", inChromium, async () => {
  await run("failing");
  await visit(server, { width: 1440 }, async (page) => {
    await page.goto("/runs");
    const table = page.getByRole("table", { name: "Runs" });
    await table.getByText("Failed").first().waitFor();
    const columns: string[] = [];
    for (const width of [1440, 1340, 1280, 1200, 1100, 1024, 800, 640]) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
      const beyond = await table
        .locator("..")
        .evaluate((frame: { scrollWidth: number; clientWidth: number }) => frame.scrollWidth - frame.clientWidth);
      assert.equal(beyond, 0, String(width));
      columns.push((await table.getByRole("columnheader").allTextContents()).filter((title) => title !== "").join(" "));
    }
    assert.equal(columns[0], "Status Run Workflow User Accepted Duration Tokens Credits Error");
    assert.equal(columns.at(-1), "Status Run Workflow");
  });
});

test("C36: at 375 px the graph of a run is seen whole, and the ways to its neighbours are beside its id", inChromium, async () => {
  await run("echo", { value: 1 });
  const id = await run("row");
  await visit(server, { width: 375, height: 812, touch: true }, async (page) => {
    await page.goto(`/runs/${id}`);
    const graph = page.getByRole("region", { name: "Graph" }).locator(".react-flow");
    await graph.locator(".react-flow__node").first().waitFor();
    const [frame, last] = await Promise.all([graph, graph.locator('[data-id="end"]')].map((one) => one.boundingBox()));
    assert.ok(frame && last && last.x + last.width <= frame.x + frame.width, JSON.stringify({ frame, last }));
    const [copy, next] = await Promise.all(
      [/^Copy/, /^Next/].map((name) => page.locator("main header").getByRole("button", { name }).first().boundingBox()),
    );
    assert.equal(copy?.y, next?.y);
  });
});

test("C49: an approval at 375 px resumes the run; whoever comes second is told who was first", inChromium, async () => {
  const id = await run("asking", {}, true);
  await visit(server, { width: 375, height: 812, touch: true, expected: /409/ }, async (page, context) => {
    await page.goto("/approvals");
    const second = await context.newPage();
    await second.goto(`/runs/${id}`);
    await second.getByRole("button", { name: "Approve" }).waitFor();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Nothing waits for a decision.").waitFor();
    await second
      .getByText(/owner@example\.com chose Approve/)
      .or(second.getByText("Succeeded", { exact: true }))
      .first()
      .waitFor();
    await page.goto("/approvals?status=DECIDED");
    await page
      .getByText(/owner@example\.com chose Approve/)
      .first()
      .waitFor();
    await page.goto(`/runs/${id}`);
    await page.getByText("Succeeded", { exact: true }).first().waitFor();
    const beyond = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    assert.equal(beyond, 0);
  });
});

test("C49: a second decision, of a page that has not heard of the first, is refused and names who was first", inChromium, async () => {
  const id = await run("asking", {}, true);
  await visit(server, { width: 375, height: 812, touch: true, expected: /409|ERR_FAILED/ }, async (page, context) => {
    const late = await context.newPage();
    await late.route("**/api/v1/events**", (route) => route.abort());
    await late.goto(`/runs/${id}`);
    await late.getByRole("button", { name: "Reject" }).waitFor();
    await page.goto(`/runs/${id}`);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Succeeded", { exact: true }).first().waitFor();
    await late.getByRole("button", { name: "Reject" }).click();
    await late
      .getByText(/^Decided already: approve, by .*owner@example\.com/)
      .first()
      .waitFor();
    assert.equal((await server.query(keys["asking"] ?? "", id)).json["status"], "SUCCEED");
  });
});

test("C32: a replay of many shows its progress, and its counts add up", inChromium, async () => {
  for (let n = 0; n < 5; n += 1) await run("failing");
  await visit(server, {}, async (page) => {
    await page.goto("/runs?status=FAILED");
    await page.getByRole("button", { name: "All matching" }).click();
    await page.getByRole("menuitem", { name: "Replay all failed that match" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Replay all failed that match" }).click();
    await page.getByText("Replaying runs · Done").waitFor();
    const count = async (name: string) => Number(await page.locator("dl div", { hasText: name }).locator("dd").first().textContent());
    const [matched, done, failed, skipped, left] = await Promise.all(["Matched", "Done", "Failed", "Skipped", "Still to come"].map(count));
    assert.ok((matched ?? 0) >= 5);
    assert.equal(matched, (done ?? 0) + (failed ?? 0) + (skipped ?? 0) + (left ?? 0));
  });
});
