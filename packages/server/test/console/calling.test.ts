import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { comesTrue, inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start, todayNews } from "#testing/workflows";

// The pages of whoever calls a workflow: the API page and the keys.

let server: TestServer;
let workflow: string;
before(async () => {
  server = await startTestServer({ settings: { egressAllow: "localhost,127.0.0.1" } });
  workflow = (await server.publish(todayNews)).id;
});
after(() => server.close());

async function newKey(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByRole("button", { name: "Create the key" }).click();
}

/** What is seen of the page and what its fields hold. */
async function held(page: Page): Promise<string> {
  const fields = await page
    .locator("input, textarea")
    .evaluateAll((list) => list.map((field) => (field as unknown as { value: string }).value));
  return `${await page.content()}\n${fields.join("\n")}`;
}

/** Every text with a button beside it that copies it: what the clipboard has then is the text. */
async function copies(page: Page): Promise<readonly string[]> {
  const copied: string[] = [];
  for (const block of await page.locator("div:has(> section > pre)").all()) {
    await page.evaluate("navigator.clipboard.writeText('')");
    await block.getByRole("button").click();
    await comesTrue(page, "navigator.clipboard.readText().then((text) => text !== '')");
    const shown = await block.locator("pre").textContent();
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), shown);
    copied.push(String(shown));
  }
  return copied;
}

test("C37: what is copied is what is shown; a key that was made on the page is in it until it is left", inChromium, async () => {
  await visit(server, {}, async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`/workflows/${workflow}/api`);
    await newKey(page);
    await page.getByText("In the snippet until you leave this page.").waitFor();
    const texts: string[] = [];
    for (const tool of ["curl", "TypeScript", "Python", "CLI"]) {
      await page.getByRole("button", { name: tool, exact: true }).click();
      const [snippet = ""] = await copies(page);
      texts.push(snippet);
    }
    const keys = texts.map((text) => /mr_[A-Za-z0-9_-]{40}/.exec(text)?.[0] ?? "none");
    assert.equal(new Set(keys).size, 1);
    const [key = ""] = keys;
    assert.ok((await held(page)).includes(key));
    await page.getByRole("link", { name: "Versions" }).click();
    await page.getByRole("button", { name: "1.0.0", exact: true }).waitFor();
    assert.ok(!(await held(page)).includes(key));
    await page.goBack();
    await page.getByRole("region", { name: "Snippet" }).getByText("MILLRACE_API_KEY").waitFor();
    assert.ok(!(await held(page)).includes(key));
    await page.goto("/keys");
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("todayNews").check();
    await page.getByRole("button", { name: "Create the key" }).click();
    await page.getByRole("region", { name: "Your new key" }).waitFor();
    const once = await copies(page);
    assert.equal(once.length, 2);
    assert.match(once[0] ?? "", /^mr_[A-Za-z0-9_-]{40}$/);
  });
});

test("C37, C39: a key is in the page only until it is left; the list knows its ends", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/keys");
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name", { exact: true }).fill("ship");
    await page.getByLabel("todayNews").check();
    await page.getByRole("button", { name: "Create the key" }).click();
    const shown = await page.getByRole("region", { name: "Your new key" }).innerText();
    assert.match(shown, /^mr_[A-Za-z0-9_-]{40}$/);
    assert.equal((await server.invoke(shown, { input: { topic: "Tides" } })).status, 200);
    await page.getByRole("button", { name: "I stored it" }).click();
    await page
      .getByRole("row", { name: /ship/ })
      .getByText(`${shown.slice(0, 6)}…${shown.slice(-4)}`)
      .waitFor();
    await page.getByRole("row", { name: /ship/ }).getByRole("img", { name: "1 run, 0 failed" }).waitFor();
    await page.getByLabel("State").selectOption({ label: "Expired" });
    await page.getByText("No key matches.").waitFor();
    await page.getByLabel("State").selectOption({ label: "Working" });
    assert.ok(!(await page.content()).includes(shown));
    await page.reload();
    await page.getByRole("row", { name: /ship/ }).waitFor();
    assert.ok(!(await page.content()).includes(shown));
  });
});

test("C40: a key that is revoked is refused at once, and one that is rotated works beside the new one", inChromium, async () => {
  const { key } = await server.app.apiKeys.create("default", { name: "old", workflows: [workflow] });
  await visit(server, {}, async (page) => {
    await page.goto("/keys");
    await page.getByRole("button", { name: "Actions for old" }).click();
    await page.getByRole("menuitem", { name: "Rotate…" }).click();
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    const fresh = await page.getByRole("region", { name: "Your new key" }).innerText();
    for (const one of [key, fresh]) assert.equal((await server.invoke(one, { input: { topic: "Tides" } })).status, 200);
    await page.getByRole("button", { name: "I stored it" }).click();
    const row = page.getByRole("row", { name: new RegExp(`${fresh.slice(0, 6)}…${fresh.slice(-4)}`) });
    await row.getByRole("button", { name: "Actions for old" }).click();
    await page.getByRole("menuitem", { name: "Revoke…" }).click();
    await page.getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByText("old is revoked").waitFor();
    assert.equal((await server.invoke(fresh, { input: { topic: "Tides" } })).status, 401);
  });
});

test("C38: the form is of the Start node; a run that outlasts the hold is told as RUNNING, with a link to it", inChromium, async () => {
  const brief = await startTestServer({ settings: { syncHoldMs: "50" } });
  const asking = document(
    "asking",
    [
      start({ order: { type: "integer" }, reason: { type: "string" } }, ["order"]),
      { id: "ask", type: "approval", title: "Refund {{ start.order }} ({{ start.reason }})?" },
      { id: "end", type: "end", output: {} },
    ],
    ["start -> ask", "ask.approve -> end"],
  );
  try {
    const { id } = await brief.publish(asking);
    await visit(brief, {}, async (page) => {
      await page.goto(`/workflows/${id}/api`);
      await newKey(page);
      await page.getByText("In the snippet until you leave this page.").waitFor();
      await page.getByLabel(/^order/).fill("8841");
      await page.getByLabel(/^reason/).fill("damaged");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("HTTP 200").waitFor();
      const body = JSON.parse(await page.getByRole("region", { name: "Body" }).innerText());
      assert.deepEqual([body.status, body.output], ["RUNNING", undefined]);
      await page.getByText("Open the run").locator("..").getByRole("link").click();
      await page.waitForURL(`**/runs/${body.workflowRunId}`);
      await page.getByText("Refund 8841 (damaged)?").first().waitFor();
    });
  } finally {
    await brief.close();
  }
});

test("C38: what is tried is the real call: a wrong input gets the answer that a program gets", inChromium, async () => {
  await visit(server, { expected: /status of 400/ }, async (page) => {
    await page.goto(`/workflows/${workflow}/api`);
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Requests a minute").fill("60");
    await page.getByRole("button", { name: "Create the key" }).click();
    await page.getByText("60 requests in 1 min").waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("HTTP 200").waitFor();
    await page.getByText(/^59 requests left, all again in \d+ sec$/).waitFor();
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    await page.getByLabel("JSON", { exact: true }).fill('{"topic": 1}');
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("HTTP 400").waitFor();
    assert.match(await page.getByRole("region", { name: "Body" }).innerText(), /"path": "\/input\/topic"/);
  });
});
