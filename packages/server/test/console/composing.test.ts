import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { inChromium, owner, settled, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start, todayNews } from "#testing/workflows";

// Whoever writes with an input method ends a word with Enter: that is no Enter of the page's.

const ASK = document(
  "asking",
  [start({ order: { type: "string" } }), { id: "ask", type: "approval", title: "Go on?" }, { id: "end", type: "end", output: {} }],
  ["start -> ask", "ask.approve -> end"],
);

let server: TestServer;
/** Pages with fields, and what is clicked there to see more of them. */
let places: readonly (readonly [path: string, ...clicks: string[]])[];
before(async () => {
  server = await startTestServer();
  const { id, key } = await server.publish(todayNews);
  const run = String((await server.invoke(key, { input: { topic: "AI" } })).json["workflowRunId"]);
  const asking = await server.publish(ASK);
  await server.invoke(asking.key, { input: { order: "8841" }, isAsync: true });
  const base = (await (await owner(server)).call("POST", "/api/v1/knowledge", { body: { name: "handbook" } })).json["id"];
  places = [
    ["/workflows"],
    ["/workflows", "New", "Blank"],
    ["/workflows", "New", "Paste JSON or YAML"],
    ["/runs"],
    ["/runs", "More filters"],
    ["/runs?show=requests"],
    [`/runs/${run}`, "Replay"],
    ["/approvals"],
    ["/keys"],
    ["/keys", "New key"],
    ["/webhooks", "Send test event…"],
    ["/alerts", "New alert"],
    ["/connections", "New connection"],
    ["/connections", "New secret"],
    ["/knowledge", "New base"],
    [`/knowledge/${String(base)}`],
    ["/usage", "New budget"],
    ["/members"],
    ["/audit"],
    [`/workflows/${id}/api`],
    [`/workflows/${id}/edit`, "Run"],
    [`/workflows/${id}/edit`, "Workflow settings"],
  ];
});
after(() => server.close());

const FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file], :disabled), textarea:not(:disabled), .cm-content";

const TWO_FRAMES = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))";

/** What an Enter could have brought about: another address, a dialog more or less, a word that was taken. */
const STATE = `JSON.stringify([location.href, ...["[role=dialog]", "[role=dialog] li", "tr"].map((one) => document.querySelectorAll(one).length)])`;

/** Something that is not sent yet is in the field which has the focus then. */
async function write(page: Page, nth: number): Promise<void> {
  await page.evaluate(`(() => {
    document.querySelectorAll(${JSON.stringify(FIELDS)})[${nth}].focus();
    document.execCommand("insertText", false, "1");
  })()`);
  await settled(page);
}

/** Enter as an input method sends it, by either sign of it; with Ctrl too, which sends where Enter alone is a line. */
async function compose(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    for (const [isComposing, keyCode] of [[true, 13], [true, 229], [false, 229]])
      for (const ctrlKey of [false, true]) {
        const given = { key: "Enter", code: "Enter", keyCode, isComposing, ctrlKey, bubbles: true, cancelable: true, composed: true };
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", given));
      }
  })()`);
  await page.evaluate(TWO_FRAMES);
}

/** Resolves with how many fields there were. */
async function sendsNothing(page: Page, where: string): Promise<number> {
  const sent: string[] = [];
  const fields = await page.locator(FIELDS).count();
  page.on("request", (request) => {
    // What is typed into a draft saves itself.
    if (request.method() !== "GET" && !request.url().endsWith("/draft")) sent.push(`${request.method()} ${request.url()}`);
  });
  for (let nth = 0; nth < fields; nth++) {
    await write(page, nth);
    const before = await page.evaluate(STATE);
    sent.length = 0;
    await compose(page);
    assert.equal(await page.evaluate(STATE), before, `${where}, field ${nth}`);
    assert.deepEqual(sent, [], `${where}, field ${nth}`);
  }
  return fields;
}

test("C55: Enter while an input method composes sends nothing, in any field of any page and dialog", inChromium, async () => {
  await visit(server, { expected: /status of 40\d/ }, async (page) => {
    const empty: string[] = [];
    for (const [path, ...clicks] of places) {
      await page.goto(path);
      await settled(page);
      for (const name of clicks) {
        const button = page.getByRole("button", { name, exact: true }).or(page.getByRole("menuitem", { name, exact: true }));
        await button.first().click();
      }
      await settled(page);
      const where = [path, ...clicks].join(" › ");
      if ((await sendsNothing(page, where)) === 0) empty.push(where);
    }
    assert.deepEqual(empty, [], "each has a field");
    await page.goto(places[0]?.[0] ?? "/");
    await settled(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("runs");
    await page.getByRole("option").first().waitFor();
    await sendsNothing(page, "Go to anything");
  });
});

test("C55: nor in the fields of the pages before the sign-in", inChromium, async () => {
  await visit(server, { as: null, expected: /status of 40\d/ }, async (page) => {
    for (const path of ["/login", "/setup#unknown", "/join#unknown"]) {
      await page.goto(path);
      await settled(page);
      await sendsNothing(page, path);
    }
  });
});
