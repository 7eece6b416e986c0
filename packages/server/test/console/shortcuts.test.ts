import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { inChromium, settled, visit } from "#testing/chromium";
import { node } from "#testing/editor";
import { startTestServer, type TestServer } from "#testing/server";
import { choose, EDGES, EDITOR, EVERYWHERE, LAYOUT, NODES, type Row, RUNS, type Surroundings } from "#testing/shortcut-rows";
import { document, failing, start } from "#testing/workflows";

// The table of shortcuts, row by row: what stands on the sheet behind `?`, and that each key of it does so and nothing while one types.

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const ASKING = document(
  "asking",
  [start({}), { id: "ask", type: "approval", title: "Go on?" }, { id: "end", type: "end", output: {} }],
  ["start -> ask", "ask.approve -> end"],
);

async function draft(flow: JsonObject): Promise<string> {
  return (await server.app.authoring.deploy("default", flow, { publish: false })).id ?? "";
}

const SIGNS: Readonly<Record<string, string>> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
const shown = (keys: string) =>
  keys === "+"
    ? "+"
    : keys
        .split("+")
        .map((part) => SIGNS[part] ?? part)
        .join(" ");

async function openEditor(page: Page): Promise<void> {
  await page.goto(`/workflows/${await draft(document("keys", NODES, EDGES, { layout: LAYOUT }))}/edit`);
  await node(page, "start").waitFor();
}

const around = (page: Page, context: BrowserContext): Surroundings => ({
  context,
  openAsking: async () => void (await page.goto(`/workflows/${await draft(ASKING)}/edit`)),
});

test("C22: the sheet lists the rows of the table, with their keys, and no others", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/runs");
    await settled(page);
    await page.keyboard.press("?");
    const listed = page.getByRole("dialog", { name: "Keyboard shortcuts" }).locator("dl > div");
    await listed.first().waitFor();
    const rows = await Promise.all(
      (await listed.all()).map(async (one) => [await one.locator("dt").innerText(), await one.locator("kbd").allInnerTexts()]),
    );
    const wanted = Object.entries({ ...EVERYWHERE, ...RUNS, ...EDITOR }).map(([title, { keys }]) => [title, keys.map(shown)]);
    assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(wanted));
    assert.equal(rows.length, wanted.length);
  });
});

test("C22: each row of the table works in the editor, by each of its keys", inChromium, async () => {
  await visit(server, {}, async (page, context) => {
    await openEditor(page);
    for (const { keys, works } of Object.values({ ...EVERYWHERE, ...EDITOR }))
      for (const one of keys) await works(page, one, around(page, context));
  });
});

test("C22: each row of the table works in the list of runs", inChromium, async () => {
  const { key } = await server.publish(failing);
  for (let n = 0; n < 2; n++) await server.invoke(key, { input: {} });
  await visit(server, {}, async (page, context) => {
    await page.goto("/runs");
    await page.locator("tbody tr").nth(1).waitFor();
    for (const { keys, works } of Object.values(RUNS)) for (const one of keys) await works(page, one, around(page, context));
  });
});

/** All that a shortcut could change, in one text. */
const SEEN = `JSON.stringify([
  location.href,
  document.querySelectorAll("[role=dialog]").length,
  document.querySelector(".react-flow__viewport")?.style.transform,
  [...document.querySelectorAll(".react-flow__node")].map((node) => [node.dataset.id, node.className, node.style.transform, node.innerText]),
  [...document.querySelectorAll("[role=region], [role=tree], .react-flow__minimap, tr[aria-current]")].map((one) => one.className),
  [...document.querySelectorAll("main [aria-pressed=true]")].map((one) => one.outerHTML),
  [...document.querySelectorAll("input, textarea, select")].map((one) => one.value),
  document.body.innerText.includes("Already saved"),
])`;

/** Sends the keys to what has the focus, as a browser does whose input method may be composing; resolves with what is seen while they are held. */
const SEND = `async ({ key, ctrlKey, shiftKey, altKey, isComposing }) => {
  const given = { key, ctrlKey, shiftKey, altKey, isComposing, keyCode: isComposing ? 229 : 0, bubbles: true, cancelable: true, composed: true };
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", given));
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const seen = ${SEEN};
  document.activeElement.dispatchEvent(new KeyboardEvent("keyup", given));
  return seen;
}`;

/** Nothing of what the keys are for happens where one types. */
async function ignores(page: Page, at: Locator, rows: Readonly<Record<string, Row>>, isComposing: boolean): Promise<void> {
  await at.focus();
  const before = await page.evaluate(SEEN);
  for (const [title, { keys }] of Object.entries(rows))
    for (const one of keys) {
      const parts = one === "+" ? ["+"] : one.split("+");
      const last = parts.at(-1) ?? "";
      const [ctrlKey, shiftKey, altKey] = ["Ctrl", "Shift", "Alt"].map((held) => parts.includes(held));
      const key = last === "Space" ? " " : shiftKey || last.length > 1 ? last : last.toLowerCase();
      // Escape leaves a field of the panel.
      await at.focus();
      const event = JSON.stringify({ key, ctrlKey, shiftKey, altKey, isComposing });
      assert.equal(await page.evaluate(`(${SEND})(${event})`), before, `${title} ${one}`);
    }
}

test("C22: none fires while an input method composes, nor while one types", inChromium, async () => {
  const { key } = await server.publish(failing);
  await server.invoke(key, { input: {} });
  await visit(server, {}, async (page) => {
    await openEditor(page);
    await choose(page, "shout");
    await ignores(page, node(page, "shout"), { ...EVERYWHERE, ...RUNS, ...EDITOR }, true);
    await ignores(page, page.getByLabel("Name of the node"), { ...EVERYWHERE, ...EDITOR }, true);
    for (const field of ["Name of the node", "Name of the workflow"])
      await ignores(page, page.getByLabel(field), { ...EVERYWHERE, ...EDITOR }, false);
    await page.goto("/runs");
    await page.locator("tbody tr").first().waitFor();
    await page.keyboard.press("j");
    await ignores(page, page.locator("tbody tr a").first(), RUNS, true);
    for (const field of [page.getByLabel("User"), page.getByLabel("Status", { exact: true })])
      await ignores(page, field, { ...EVERYWHERE, ...RUNS }, false);
  });
});
