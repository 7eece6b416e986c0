import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** Stops of the tabulator on a page at most, before something is out of reach. */
const MOST_STOPS = 80;

/** What has the focus: its role or tag, and its name. Inside a shadow root it is what has it there. */
const FOCUSED = `(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return "body";
  const labelled = (at.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => at.getRootNode().getElementById(id)?.textContent ?? "");
  const name = at.getAttribute("aria-label") ?? (labelled.join(" ").trim() || (at.labels?.[0]?.textContent ?? at.textContent ?? ""));
  return (at.getAttribute("role") ?? at.tagName.toLowerCase()) + " " + name.trim();
})()`;

const focusOf = (page: Page) => page.evaluate<string>(FOCUSED);

/** Goes there as a person does, from stop to stop. */
async function tabTo(page: Page, what: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press(key);
    const focus = await focusOf(page);
    if (what.test(focus)) return;
    seen.push(focus);
  }
  assert.fail(`${what} is not reached: ${seen.join(" | ")}`);
}

/** Pictures that the page draws at most until the focus is where it is to be: it moves a moment after what moves it. */
const MOST_FRAMES = 600;

async function focusIs(page: Page, what: RegExp): Promise<void> {
  for (let frame = 0; frame < MOST_FRAMES; frame++) {
    if (what.test(await focusOf(page))) return;
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
  assert.fail(`${await focusOf(page)} has the focus, not ${what}`);
}

async function chooseByName(page: Page, title: RegExp, text: string): Promise<void> {
  await focusIs(page, title);
  await page.keyboard.insertText(text);
  await page.keyboard.press("Enter");
}

test("C54: by keyboard alone: create, add, connect, configure, run, publish, open the run", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/workflows");
    await page.getByRole("button", { name: "New", exact: true }).waitFor();
    await tabTo(page, /^button New$/);
    await page.keyboard.press("Enter");
    await focusIs(page, /^menuitem/);
    assert.match(await focusOf(page), /Blank/);
    await page.keyboard.press("Enter");
    await focusIs(page, /^input Name/);
    await page.keyboard.insertText("by keyboard");
    await page.keyboard.press("Enter");

    await page.locator('.react-flow__node[data-id="start"]').waitFor();
    await page.keyboard.press("Control+f");
    await chooseByName(page, /^combobox Find in this workflow/, "start");
    await focusIs(page, /start, Start/);
    await page.keyboard.press("a");
    await chooseByName(page, /^combobox Add a node/, "Text template");
    await focusIs(page, /Text template/);
    await page.keyboard.press("c");
    await chooseByName(page, /^combobox Connect/, "end");
    await focusIs(page, /Text template/);

    await page.keyboard.press("F2");
    await focusIs(page, /^input Name of the node/);
    await page.keyboard.insertText("Greeting");
    await tabTo(page, /^textbox Text/);
    await page.keyboard.insertText("Hello from the keys");
    // The first closes what completes, if that is open.
    await page.keyboard.press("Escape");
    if ((await focusOf(page)) === "textbox Text") await page.keyboard.press("Escape");
    await focusIs(page, /^\S+ Greeting, Text template/);
    await page.getByRole("button", { name: /^Problems 0/ }).waitFor();

    await page.keyboard.press("Control+Enter");
    await focusIs(page, /^button Run/);
    await page.keyboard.press("Control+Enter");
    await page.getByRole("region", { name: "Run of the draft" }).getByText("Succeeded").waitFor();

    await page.keyboard.press("Control+Shift+P");
    await tabTo(page, /^textarea Note/);
    await page.keyboard.insertText("made without a pointer");
    await tabTo(page, /^button Publish/);
    await page.keyboard.press("Enter");
    await page.getByText("1.0.0 is live").waitFor();
    await page.getByRole("dialog").filter({ hasText: "Note" }).waitFor({ state: "detached" });
    assert.notEqual(await focusOf(page), "body", "a dialog gives the focus back");

    await tabTo(page, /^a [0-9a-f]{8}/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/runs\//);
    await page
      .getByRole("region", { name: "Timeline of the run" })
      .getByRole("button", { name: /^Greeting: Succeeded/ })
      .waitFor();
  });
  const { json } = await (await owner(server)).call("GET", "/api/v1/workflows/by keyboard".replace(" ", "%20"));
  const { nodes, edges } = json["document"] as unknown as { nodes: { name?: string; text?: string }[]; edges: string[] };
  assert.equal(json["liveVersion"], "1.0.0");
  assert.ok(nodes.some(({ name, text }) => name === "Greeting" && text === "Hello from the keys"));
  assert.equal(edges.length, 3);
});

test("C22: Ctrl+K goes to anything, not while one types in a field, nor while an input method composes", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/workflows");
    const field = page.getByPlaceholder(/name/i).first();
    await field.fill("by");
    await field.dispatchEvent("keydown", { key: "k", ctrlKey: true, isComposing: true, bubbles: true });
    assert.equal(await page.getByRole("dialog").count(), 0);
    for (const keys of ["?", "Control+k"]) {
      await field.press(keys);
      assert.equal(await page.getByRole("dialog").count(), 0, keys);
    }
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("Control+k");
    await focusIs(page, /^combobox/);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await field.inputValue(), "by?");
  });
});
