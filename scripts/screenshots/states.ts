import type { Page } from "playwright-core";
import { OWNER, type Seeded } from "./seed.ts";
import type { Shown } from "./shown.ts";

// What a page shows only after somebody has done something: dialogs, menus, words at the edge, nothing found. The steps go by places and
// not by words, for they are taken in every language.

const state = (name: string, path: string, prepare: (page: Page) => Promise<unknown>): Shown => ({
  name,
  path,
  account: OWNER,
  prepare,
});

export function statesOf({ news, base, scratch }: Seeded): readonly Shown[] {
  const editor = `/workflows/${news}/edit`;
  return [
    state("search", "/workflows", (page) => search(page)),
    state("workflow-menu", "/workflows", rowMenu),
    state("workflow-delete", "/workflows", deleteWorkflow),
    state("workflow-templates", "/workflows", templates),
    state("import-problems", "/workflows", importFile),
    state("toast", `/workflows/${news}/api`, toggleApi),
    state("publish", editor, publish),
    state("workflow-settings", editor, settings),
    state("picker", `/workflows/${scratch}/edit`, picker),
    state("completion", `/workflows/${scratch}/edit`, completion),
    state("conflict", `/workflows/${scratch}/edit`, (page) => conflict(page, scratch)),
    state("key-new", "/keys", firstAction),
    state("alert-new", "/alerts", firstAction),
    state("knowledge-delete", `/knowledge/${base}`, firstAction),
    state("runs-none", "/runs?user=nobody", nothing),
    state("run-missing", "/runs/00000000-0000-7000-8000-000000000000", nothing),
  ];
}

/** Beside the draft's history, which a clock draws. */
async function settings(page: Page): Promise<void> {
  await page.locator("button:has(svg.lucide-settings-2)").click();
  await page.getByRole("dialog").locator(".cm-content").waitFor();
}

/** Of a workflow whose names are long. */
export function longStates(workflow: string): readonly Shown[] {
  return [
    state("much-editor-node", `/workflows/${workflow}/edit`, (page) => choose(page, "ask", 3)),
    state("much-search", "/workflows", (page) => search(page, "quarterly")),
    state("much-delete", "/workflows", deleteWorkflow),
    state("much-key-new", "/keys", firstAction),
  ];
}

/** A node that is chosen: on a phone the outline stands in the place of the canvas, and shows no fields. */
async function choose(page: Page, id: string, row: number): Promise<void> {
  await page.locator(`.react-flow__node[data-id="${id}"]`).or(page.getByRole("treeitem").nth(row)).first().click();
}

/** Writes into the text of a node, where there are fields. */
async function write(page: Page, text: string): Promise<void> {
  await choose(page, "refuse", 2);
  const field = page.getByRole("tabpanel").locator(".cm-content").first();
  if ((page.viewportSize()?.width ?? 0) < 640) return;
  await field.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(text);
  await page.locator(".cm-tooltip-autocomplete, [role=listbox]").first().waitFor();
}

const picker = (page: Page) => write(page, " {{");
const completion = (page: Page) => write(page, " {{ start.");

/** Somebody else saves while this page is about to: the dialog that compares both. */
async function conflict(page: Page, workflow: string): Promise<void> {
  await choose(page, "refuse", 2);
  if ((page.viewportSize()?.width ?? 0) < 640) return;
  const held = Promise.withResolvers<void>();
  await page.route("**/draft", async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.locator("#node-name").fill("Say no, politely");
  await page.evaluate(`(async () => {
    const at = "/api/v1/workflows/${workflow}";
    const { document, revision } = await (await fetch(at)).json();
    const nodes = document.nodes.map((node) => (node.id === "score" ? { ...node, name: "Points " + revision } : node));
    const headers = { "Content-Type": "application/json" };
    await fetch(at + "/draft?other", { method: "PUT", headers, body: JSON.stringify({ document: { ...document, nodes }, ifRevision: revision }) });
  })()`);
  held.resolve();
  await page.locator("main [role=alert] button").first().click();
  await dialog(page);
  await page.unroute("**/draft");
}

async function nothing(): Promise<void> {}

const dialog = (page: Page) => page.getByRole("dialog").last().waitFor();

async function search(page: Page, words = "news"): Promise<void> {
  await page.keyboard.press("Control+k");
  await dialog(page);
  await page.getByRole("dialog").getByRole("combobox").fill(words);
  await page.getByRole("option").first().waitFor();
}

async function rowMenu(page: Page): Promise<void> {
  await page.locator("main tbody [aria-haspopup=menu]").first().click();
  await page.getByRole("menuitem").first().waitFor();
}

async function deleteWorkflow(page: Page): Promise<void> {
  await rowMenu(page);
  await page.getByRole("menuitem").last().click();
  await page.getByRole("alertdialog").or(page.getByRole("dialog")).first().waitFor();
}

async function templates(page: Page): Promise<void> {
  await page.locator("main header [aria-haspopup=menu]").click();
  await page.getByRole("menuitem").nth(1).click();
  await dialog(page);
}

/** A file that cannot be read: the word at the edge says why. */
async function importFile(page: Page): Promise<void> {
  const buffer = Buffer.from("{ no JSON");
  await page.locator("main input[type=file]").setInputFiles({ name: "broken.json", mimeType: "application/json", buffer });
  await toast(page);
}

/** Off and on again: the second word is the one that is pictured, and the server is as it was. */
async function toggleApi(page: Page): Promise<void> {
  const button = page.locator("main button:not([role])").first();
  await button.click();
  await toast(page);
  await button.click();
}

const toast = (page: Page) =>
  page.locator("[data-base-ui-portal] [aria-modal=false], [data-base-ui-portal] [role=dialog]").first().waitFor();

async function publish(page: Page): Promise<void> {
  await page.locator("main button.bg-accent").first().click();
  await dialog(page);
}

/** What the page's head offers last: its main action, or its only one. */
async function firstAction(page: Page): Promise<void> {
  await page.locator("main header").first().getByRole("button").last().click();
  await page.getByRole("dialog").or(page.getByRole("alertdialog")).first().waitFor();
}
