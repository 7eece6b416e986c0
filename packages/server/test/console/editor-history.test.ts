import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { comesTrue, inChromium, owner, visit } from "#testing/chromium";
import { isSaved, node } from "#testing/editor";
import { startTestServer, type TestServer } from "#testing/server";
import { choose } from "#testing/shortcut-rows";
import { document, start } from "#testing/workflows";

// All that people do to a graph, taken back and done again.

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const STEPS = ["one", "two", "three", "four", "five"];
const ROW = document(
  "changed at random",
  [
    start({ topic: { type: "string" } }),
    ...STEPS.map((id, n) => ({ id, type: "template", text: n === 0 ? "{{ start.topic }}" : `{{ ${STEPS[n - 1]}.text }}` })),
    { id: "end", type: "end", output: { text: "{{ five.text }}" } },
  ],
  ["start", ...STEPS].map((id, n) => `${id} -> ${[...STEPS, "end"][n]}`),
);

const MUTATIONS = 200;

/** Numbers that are the same each time. */
function draws(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * limit);
  };
}

const nodes = (page: Page) => page.locator(".react-flow__node");
const idsOf = (page: Page) => nodes(page).evaluateAll((all) => all.map((one) => String(one.getAttribute("data-id"))));

async function drag(page: Page, id: string, by: number): Promise<void> {
  await page.keyboard.press("1");
  const box = (await node(page, id).boundingBox()) ?? assert.fail(`${id} is not drawn`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + by, box.y + box.height / 2 + by / 2, { steps: 4 });
  await page.mouse.up();
  // Until the page's next task a click counts as the end of the drag.
  await page.evaluate("new Promise((done) => setTimeout(done))");
}

/** One node more or less than there were. */
async function becomes(page: Page, count: number): Promise<void> {
  await comesTrue(page, `document.querySelectorAll(".react-flow__node").length === ${count}`);
}

async function remove(page: Page, count: number): Promise<void> {
  await page.keyboard.press("Delete");
  const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete" });
  // Nobody is asked about a node that nothing reads.
  if ((await confirm.count()) > 0) await confirm.click();
  await becomes(page, count - 1);
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole("tabpanel").locator(".cm-content").first().click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(text);
}

async function rename(page: Page, id: string): Promise<void> {
  await page.getByLabel("Id in expressions").fill(id);
  await page.getByLabel("Id in expressions").press("Enter");
  await node(page, id).waitFor();
}

/** As many nodes as fit on a screen are kept. */
const MOST_NODES = 14;

/** By pointer, by keyboard and by the forms of the panel. */
async function change(page: Page, nth: number, draw: (limit: number) => number): Promise<void> {
  const ids = await idsOf(page);
  const passing = ids.filter((id) => id !== "start" && id !== "end");
  const id = passing[draw(passing.length)] ?? assert.fail("nothing is left");
  await choose(page, id);
  const kind = draw(12);
  const count = ids.length;
  if (count > MOST_NODES || (kind === 0 && passing.length > 2)) return remove(page, count);
  if (kind <= 2) return drag(page, id, 20 + draw(60));
  if (kind === 3) return page.keyboard.press(["ArrowLeft", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"][draw(4)] ?? "");
  if (kind === 4) return page.keyboard.press("Shift+L");
  if (kind === 5) return page.getByLabel("Name of the node").fill(`Name ${nth} 名前`);
  if (kind === 6) return write(page, ` ${nth}.`);
  if (kind === 7) return rename(page, `n${nth}`);
  if (kind === 8) await page.keyboard.press("Control+d");
  else if (kind === 9)
    await page.getByRole("complementary", { name: "Nodes to add" }).getByRole("button", { name: "Text template" }).click();
  else {
    await page.keyboard.press("Control+c");
    await page.keyboard.press("Control+v");
  }
  await becomes(page, count + 1);
}

async function savedText(page: Page, id: string): Promise<string> {
  await isSaved(page);
  return JSON.stringify((await (await owner(server)).call("GET", `/api/v1/workflows/${id}`)).json["document"]);
}

/** Presses the keys until the button of the same says that there is nothing more, and loads the page anew half way. */
async function all(page: Page, button: string, keys: string, half: number): Promise<number> {
  const more = page.getByRole("button", { name: button });
  let times = 0;
  for (; await more.isEnabled(); times++) {
    if (times === half) await reload(page);
    await page.keyboard.press(keys);
  }
  return times;
}

async function reload(page: Page): Promise<void> {
  await isSaved(page);
  await page.reload();
  await node(page, "start").waitFor();
  await choose(page, "start");
}

test("C8: 200 changes by pointer and keyboard, all undone and all redone, over reloads: the same bytes", inChromium, async () => {
  const { id = "" } = await server.app.authoring.deploy("default", ROW, { publish: false });
  const draw = draws(11);
  await visit(server, {}, async (page) => {
    await page.goto(`/workflows/${id}/edit`);
    await node(page, "start").waitFor();
    const before = await savedText(page, id ?? "");
    for (let nth = 0; nth < MUTATIONS; nth++) {
      if (nth === MUTATIONS / 2) await reload(page);
      await change(page, nth, draw);
    }
    const after = await savedText(page, id ?? "");
    assert.notEqual(after, before);
    await choose(page, "start");
    const undone = await all(page, "Undo", "Control+z", 90);
    assert.equal(await savedText(page, id ?? ""), before);
    assert.ok(undone > MUTATIONS / 2, `${undone} steps`);
    await choose(page, "start");
    assert.equal(await all(page, "Redo", "Control+Shift+Z", 90), undone);
    assert.equal(await savedText(page, id ?? ""), after);
  });
});
