import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { comesTrue } from "#testing/chromium";
import { node } from "#testing/editor";
import { start } from "#testing/workflows";

// The rows of the table of shortcuts as people know it: what stands on the sheet, and what each of the keys is to do.

export const NODES = [
  start({ topic: { type: "string" } }),
  { id: "shout", type: "template", name: "Shout", text: "{{ start.topic }}!" },
  { id: "check", type: "condition", cases: [{ port: "yes", rows: [{ left: "{{ shout.text }}", op: "neq", right: "" }] }] },
  { id: "plain", type: "template", name: "Plain", text: "x" },
  { id: "rest", type: "delay", name: "Rest", forMs: 5 },
  { id: "end", type: "end", output: { text: "{{ plain.text }}" } },
];
export const EDGES = ["start -> shout", "shout -> check", "check.yes -> plain", "check.else -> rest", "plain -> end", "rest -> end"];
/** Not as tidying up would have it. */
export const LAYOUT = { start: [0, 0], shout: [270, 40], check: [540, 0], plain: [810, -120], rest: [810, 160], end: [1_080, 0] };

const hasFocus = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]:focus`).waitFor();
const gone = { state: "detached" } as const;
const selected = (page: Page) => page.locator(".react-flow__node.selected");
const drawer = (page: Page) => page.getByRole("region", { name: "Run of the draft" });
const undo = (page: Page) => page.getByRole("button", { name: "Undo" }).click();

/** Wherever it stands, the panel may be over it. */
export async function choose(page: Page, id: string): Promise<void> {
  await node(page, id).dispatchEvent("click");
  await node(page, id).focus();
  await node(page, id).and(selected(page)).waitFor();
}

/** The keys of the sheet, as a keyboard has them: a letter is a capital where Shift is held, and small elsewhere. */
function press(page: Page, keys: string): Promise<void> {
  const parts = keys === "+" ? ["+"] : keys.split("+");
  const last = parts.at(-1) ?? "";
  const letter = /^[A-Za-z]$/.test(last);
  const key = letter && !parts.includes("Shift") ? last.toLowerCase() : last;
  return page.keyboard.press([...parts.slice(0, -1).map((part) => (part === "Ctrl" ? "Control" : part)), key].join("+"));
}

/** Where a node stands in the graph, whatever part of it is seen. */
async function placeOf(page: Page, id: string): Promise<readonly number[]> {
  const transform = await node(page, id).evaluate((one: { style: { transform: string } }) => one.style.transform);
  return [...transform.matchAll(/-?[\d.]+/g)].map(Number);
}

const VIEW = "document.querySelector('.react-flow__viewport').style.transform";
const viewOf = (page: Page) => page.evaluate<string>(VIEW);
const scaleOf = async (page: Page) => Number(/scale\(([\d.]+)\)/.exec(await viewOf(page))?.[1]);
const viewIs = (page: Page, condition: string) => comesTrue(page, `((view) => ${condition})(${VIEW})`);

/** Drags over the whole pane, from a corner where nothing is. */
async function dragPane(page: Page): Promise<void> {
  const box = (await page.locator(".react-flow__pane").boundingBox()) ?? assert.fail("no pane");
  await page.mouse.move(box.x + 15, box.y + 15);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
  await page.mouse.move(box.x + box.width - 80, box.y + box.height - 80, { steps: 5 });
  await page.mouse.up();
  // What draws the graph takes no click until a timer that it sets here has run: no person is as fast, and a test is.
  await page.evaluate("new Promise((run) => setTimeout(run))");
}

/** What the keys of a row are to bring about, on the page where they are for something. */
export interface Surroundings {
  readonly context: BrowserContext;
  /** Opens the editor at a draft whose runs wait for somebody. */
  readonly openAsking: () => Promise<void>;
}

type Work = (page: Page, keys: string, around: Surroundings) => Promise<void>;

/** A dialog that asks for something, which Escape closes. */
const asks =
  (name: RegExp, from = "shout"): Work =>
  async (page, keys) => {
    await choose(page, from);
    await press(page, keys);
    await page.getByRole("combobox", { name }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor(gone);
  };

const moves =
  (distance: number): Work =>
  async (page, keys) => {
    await choose(page, "rest");
    const [x = 0, y = 0] = await placeOf(page, "rest");
    await press(page, keys);
    const by = { Left: [-1, 0], Right: [1, 0], Up: [0, -1], Down: [0, 1] }[/Arrow(\w+)/.exec(keys)?.[1] ?? ""] ?? [];
    const wanted = [x + (by[0] ?? 0) * distance, y + (by[1] ?? 0) * distance];
    await page.locator(`.react-flow__node[data-id="rest"][style*="translate(${wanted[0]}px"]`).waitFor();
    assert.deepEqual(await placeOf(page, "rest"), wanted, keys);
    await undo(page);
  };

const WALKS: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "Alt+ArrowLeft": ["shout", "start"],
  "Alt+ArrowRight": ["shout", "check"],
  "Alt+ArrowUp": ["rest", "plain"],
  "Alt+ArrowDown": ["plain", "rest"],
};

async function clipboard(page: Page, context: BrowserContext): Promise<string> {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  return page.evaluate<string>("navigator.clipboard.readText()");
}

const removes: Work = async (page, keys, { context }) => {
  await choose(page, "rest");
  await press(page, keys);
  await node(page, "rest").waitFor(gone);
  if (keys === "Ctrl+X") assert.match(await clipboard(page, context), /"rest"/);
  await undo(page);
  await node(page, "rest").waitFor();
};

const redoes: Work = async (page, keys) => {
  await choose(page, "rest");
  await page.keyboard.press("Control+d");
  await node(page, "rest2").waitFor();
  await undo(page);
  await node(page, "rest2").waitFor(gone);
  await press(page, keys);
  await node(page, "rest2").waitFor();
  await undo(page);
  await node(page, "rest2").waitFor(gone);
};

/** In the mode that the key is for, a drag does what it says. */
const drags =
  (mode: "h" | "v", held: "Space" | null, what: "moves" | "selects"): Work =>
  async (page) => {
    await page.keyboard.press("1");
    await choose(page, "rest");
    await page.keyboard.press(mode);
    const view = await viewOf(page);
    if (held) await page.keyboard.down(held);
    // As somebody who drags once the pointer is a hand.
    if (what === "moves") await page.locator(".react-flow__pane.draggable").waitFor();
    await dragPane(page);
    if (held) await page.keyboard.up(held);
    if (what === "moves") await viewIs(page, `view !== ${JSON.stringify(view)}`);
    else {
      await selected(page).nth(2).waitFor();
      assert.equal(await viewOf(page), view);
    }
    await page.keyboard.press("h");
    await page.keyboard.press("1");
  };

const toggles =
  (shown: (page: Page) => ReturnType<Page["locator"]>): Work =>
  async (page, keys) => {
    await choose(page, "shout");
    await press(page, keys);
    await shown(page).waitFor();
    await press(page, keys);
    await shown(page).waitFor(gone);
  };

/** Of a draft that waits for somebody, the second time stops it. */
const runs: Work = async (page, keys, { openAsking }) => {
  await openAsking();
  await choose(page, "start");
  await press(page, keys);
  await drawer(page).waitFor();
  await press(page, keys);
  await node(page, "ask").getByText("Waiting").waitFor();
  await press(page, keys);
  await drawer(page).getByRole("status").getByText("Cancelled").waitFor();
};

const pins: Work = async (page, keys) => {
  await choose(page, "plain");
  await page.keyboard.press("Alt+Enter");
  await node(page, "plain").getByText("Succeeded").waitFor();
  await press(page, keys);
  await node(page, "plain").getByLabel("Pinned, draft only").waitFor();
  await press(page, keys);
  await node(page, "plain").getByLabel("Pinned, draft only").waitFor(gone);
};

export interface Row {
  readonly keys: readonly string[];
  readonly works: Work;
}

const row = (keys: string, works: Work): Row => ({ keys: keys.split(" "), works });

export const EVERYWHERE: Readonly<Record<string, Row>> = {
  "Go to anything": row("Ctrl+K", asks(/./)),
  "This sheet": row("?", async (page, keys) => {
    await choose(page, "shout");
    await press(page, keys);
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor(gone);
  }),
  Close: row("Escape", async (page, keys) => {
    for (const open of ["?", "Control+k", "a", "c", "Control+f", "Control+Shift+P"]) {
      await choose(page, "shout");
      await page.keyboard.press(open);
      await page.getByRole("dialog").waitFor();
      await press(page, keys);
      await page.getByRole("dialog").waitFor(gone);
    }
  }),
};

export const RUNS: Readonly<Record<string, Row>> = {
  "Next run": row("j", async (page, keys) => {
    await press(page, keys);
    await page.locator("tbody tr[aria-current]").and(page.locator("tbody tr").first()).waitFor();
    await press(page, keys);
    await page.locator("tbody tr[aria-current]").and(page.locator("tbody tr").nth(1)).waitFor();
  }),
  "Previous run": row("k", async (page, keys) => {
    await press(page, keys);
    await page.locator("tbody tr[aria-current]").and(page.locator("tbody tr").first()).waitFor();
  }),
  Filter: row("f", async (page, keys) => {
    await press(page, keys);
    await page.getByLabel("Status", { exact: true }).and(page.locator(":focus")).waitFor();
    await page.getByRole("heading", { level: 1 }).click();
  }),
  Replay: row("r", async (page, keys) => {
    await press(page, keys);
    await page.getByRole("dialog").getByText("Runs again").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor(gone);
  }),
  "Open the run": row("Enter", async (page, keys) => {
    await page.getByRole("heading", { level: 1 }).click();
    await press(page, keys);
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  }),
};

export const EDITOR: Readonly<Record<string, Row>> = {
  "Add a node": row("Tab A", asks(/^Add a node/)),
  "Connect from the selected node": row("C", asks(/^Connect/)),
  Rename: row("F2", async (page, keys) => {
    await choose(page, "shout");
    await press(page, keys);
    await page.getByLabel("Name of the node").and(page.locator(":focus")).waitFor();
  }),
  Duplicate: row("Ctrl+D", async (page, keys) => {
    await choose(page, "rest");
    await press(page, keys);
    await node(page, "rest2").waitFor();
    await undo(page);
    await node(page, "rest2").waitFor(gone);
  }),
  Delete: row("Delete Backspace", removes),
  Copy: row("Ctrl+C", async (page, keys, { context }) => {
    await choose(page, "shout");
    await press(page, keys);
    assert.match(await clipboard(page, context), /"shout"/);
  }),
  Cut: row("Ctrl+X", removes),
  Paste: row("Ctrl+V", async (page, keys) => {
    await choose(page, "rest");
    await page.keyboard.press("Control+c");
    await press(page, keys);
    await node(page, "rest2").waitFor();
    await undo(page);
    await node(page, "rest2").waitFor(gone);
  }),
  "Select all": row("Ctrl+A", async (page, keys) => {
    await choose(page, "shout");
    await press(page, keys);
    await selected(page)
      .nth(NODES.length - 1)
      .waitFor();
  }),
  Undo: row("Ctrl+Z", async (page, keys) => {
    await choose(page, "rest");
    await page.keyboard.press("Control+d");
    await node(page, "rest2").waitFor();
    await press(page, keys);
    await node(page, "rest2").waitFor(gone);
  }),
  Redo: row("Ctrl+Shift+Z Ctrl+Y", redoes),
  "Find in the workflow": row("Ctrl+F", asks(/^Find in this workflow/)),
  "An expression, at the start of a field": row("=", async (page, keys) => {
    await choose(page, "rest");
    const field = page.getByRole("tabpanel").locator('[data-field="forMs"]');
    await field.getByRole("textbox").fill("");
    await press(page, keys);
    await field.locator(".cm-content").waitFor();
    // One step or two, as fast as it was done.
    while (await page.getByRole("button", { name: "Undo" }).isEnabled()) await undo(page);
  }),
  Move: row("ArrowLeft ArrowRight ArrowUp ArrowDown", moves(10)),
  "Move ten times as far": row("Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown", moves(100)),
  "Walk along the graph": row(Object.keys(WALKS).join(" "), async (page, keys) => {
    const [from, to] = WALKS[keys] ?? assert.fail(keys);
    await choose(page, from);
    await press(page, keys);
    await hasFocus(page, to);
  }),
  "Tidy up": row("Shift+L", async (page, keys) => {
    await choose(page, "shout");
    const before = await placeOf(page, "shout");
    await press(page, keys);
    await comesTrue(page, `!document.querySelector('[data-id="shout"]').style.transform.includes("(${before[0]}px, ${before[1]}px)")`);
    await undo(page);
  }),
  "Fit to the window": row("1", async (page, keys) => {
    await page.keyboard.press("0");
    await viewIs(page, 'view.includes("scale(1)")');
    await press(page, keys);
    await viewIs(page, '!view.includes("scale(1)")');
    const pane = (await page.locator(".react-flow__pane").boundingBox()) ?? assert.fail("no pane");
    for (const { id } of NODES) {
      const box = (await node(page, String(id)).boundingBox()) ?? assert.fail(`${id} is not drawn`);
      assert.ok(box.x >= pane.x && box.x + box.width <= pane.x + pane.width && box.y >= pane.y, `${id} is out of sight`);
    }
  }),
  "Actual size": row("0", async (page, keys) => {
    await page.keyboard.press("-");
    await viewIs(page, '!view.includes("scale(1)")');
    await press(page, keys);
    await viewIs(page, 'view.includes("scale(1)")');
  }),
  "Zoom in": row("+", async (page, keys) => {
    await page.keyboard.press("0");
    await viewIs(page, 'view.includes("scale(1)")');
    await press(page, keys);
    await viewIs(page, '!view.includes("scale(1)")');
    assert.ok((await scaleOf(page)) > 1);
  }),
  "Zoom out": row("-", async (page, keys) => {
    await page.keyboard.press("0");
    await viewIs(page, 'view.includes("scale(1)")');
    await press(page, keys);
    await viewIs(page, '!view.includes("scale(1)")');
    assert.ok((await scaleOf(page)) < 1);
  }),
  "Hand mode": row("H", drags("h", null, "moves")),
  "Select mode": row("V", drags("v", null, "selects")),
  "Move the view (hold, and drag)": row("Space", drags("v", "Space", "moves")),
  Minimap: row(
    "M",
    toggles((page) => page.locator(".react-flow__minimap")),
  ),
  Outline: row(
    "O",
    toggles((page) => page.getByRole("tree", { name: "Outline" })),
  ),
  "Show what a node reads, and who reads it (hold)": row("Shift", async (page, keys) => {
    await choose(page, "shout");
    await page.keyboard.down(keys);
    await node(page, "start").getByText("Is read").waitFor();
    await page.keyboard.up(keys);
    await node(page, "start").getByText("Is read").waitFor(gone);
  }),
  "Run the node": row("Alt+Enter", async (page, keys) => {
    await choose(page, "plain");
    await press(page, keys);
    await node(page, "plain").getByText("Succeeded").waitFor();
  }),
  "Pin the output": row("P", pins),
  "Saved by itself: note a version": row("Ctrl+S", async (page, keys) => {
    await choose(page, "shout");
    await press(page, keys);
    await page.getByText("Already saved").waitFor();
  }),
  Publish: row("Ctrl+Shift+P", async (page, keys) => {
    await choose(page, "shout");
    await press(page, keys);
    await page.getByRole("dialog", { name: "Publish the draft" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Publish the draft" }).waitFor(gone);
  }),
  Problems: row(
    "Ctrl+Shift+M",
    toggles((page) => page.getByRole("region", { name: "Problems" })),
  ),
  "Run or stop the draft": row("Ctrl+Enter", runs),
};
