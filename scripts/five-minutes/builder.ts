import type { Locator } from "playwright-core";
import { openBrowser } from "./page.ts";
import { Terminal } from "./terminal.ts";
import { sees, until, type Walk } from "./walk.ts";

/** Seconds that the script may take, with a person's pauses. */
export const BUDGET_S = 240;

type Page = Awaited<ReturnType<typeof openBrowser>>["page"];

/** From a template to a workflow of one's own, which is published, broken and mended, without a line on the command line. */
export async function builder(walk: Walk): Promise<void> {
  const terminal = new Terminal();
  const japanese = await openBrowser("ja");
  const visitor = await openBrowser();
  try {
    const server = terminal.start("npx millrace dev --port 0");
    const [, url = ""] = await server.seen(/API +(http:\S+)\/v1/);
    const { page } = visitor;
    await openConsole(walk, { page, japanese: japanese.page, url });
    await runTemplate(walk, page);
    await addModel(walk, page);
    await runAndPin(walk, page);
    await rename(walk, page);
    await publish(walk, page);
    await callIt(walk, page);
    await breakIt(walk, page);
    await replay(walk, page);
  } finally {
    await japanese.close();
    await visitor.close();
    await terminal.close();
  }
}

async function openConsole(walk: Walk, { page, japanese, url }: { page: Page; japanese: Page; url: string }): Promise<void> {
  await walk.step(0, "open the console, in the browser's language", async () => {
    await japanese.goto(url);
    await japanese.getByRole("heading", { name: "ホーム", level: 1 }).waitFor();
    await page.goto(url);
    await page.getByRole("heading", { name: "Home", level: 1 }).waitFor();
    return "ホーム of a Japanese browser, Home of an English one";
  });
  await walk.step(10, "the template Today's news", async () => {
    await page.getByRole("button", { name: "Template", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Use Today's news" }).click();
    await node(page, "summaries").waitFor();
    return `the editor, with ${await page.locator(".react-flow__node").count()} nodes`;
  });
}

const node = (page: Page, id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`);
const panel = (page: Page): Locator => page.getByRole("tabpanel");
const saved = (page: Page): Promise<void> =>
  page
    .getByRole("status")
    .filter({ hasText: /^Saved/ })
    .first()
    .waitFor();

/** Shows all nodes, and chooses one. */
async function choose(page: Page, id: string): Promise<void> {
  await page.getByRole("button", { name: "Fit the view" }).click();
  await node(page, id).locator("p").first().click();
  await node(page, id).and(page.locator(".selected")).waitFor();
}

async function runDraft(page: Page, outcome: RegExp, at: string): Promise<void> {
  const drawer = page.getByRole("region", { name: "Run of the draft" });
  if (!(await drawer.isVisible())) await page.getByRole("button", { name: "Run", exact: true }).first().click();
  await drawer.getByRole("tab", { name: "Input" }).click();
  await drawer.getByLabel("topic").fill("News");
  await drawer.getByRole("button", { name: "Run", exact: true }).click();
  await node(page, at).getByText(outcome).waitFor();
}

async function runTemplate(walk: Walk, page: Page): Promise<void> {
  await walk.step(20, "Run", async () => {
    await runDraft(page, /^Succeeded/, "end");
    const lit = await page.locator(".react-flow__node").filter({ hasText: "Succeeded" }).count();
    return `${lit} nodes light up`;
  });
  await walk.step(35, "click a node", async () => {
    await choose(page, "choose");
    await page.getByRole("tab", { name: "Input" }).and(page.locator("[aria-controls$=panel]")).first().click();
    await panel(page).getByText('"News"').first().waitFor();
    await page.getByRole("tab", { name: "Output" }).click();
    await panel(page).getByText("Harbour Post").first().waitFor();
    return "what it was given, and what it gave";
  });
}

async function addModel(walk: Walk, page: Page): Promise<void> {
  await walk.step(60, "drag from a handle to a model, {{ picks a variable", async () => {
    const handle = node(page, "choose").locator(".react-flow__handle.source");
    const box = await handle.boundingBox();
    if (!box) throw new Error("the node has no handle");
    await handle.hover();
    await page.mouse.down();
    await page.mouse.move(box.x + 40, box.y + 110, { steps: 5 });
    await page.mouse.up();
    await page.getByRole("combobox").fill("model");
    await page.getByRole("combobox").press("Enter");
    await node(page, "llm").waitFor();
    await page.keyboard.press("c");
    await page.getByRole("combobox").fill("end");
    await page.getByRole("combobox").press("Enter");
    const prompt = panel(page).locator(".cm-content").first();
    await prompt.click();
    await page.keyboard.type("A headline on {{topic");
    const offer = page.getByRole("option", { name: /start\.topic/ });
    const shown = await offer.innerText();
    await offer.click();
    await page.locator(".cm-chip").getByText("start.topic").waitFor();
    await saved(page);
    return `a chip; offered: ${shown.replaceAll(/\s+/g, " ").slice(0, 60)}`;
  });
}

async function runAndPin(walk: Walk, page: Page): Promise<void> {
  await walk.step(80, "run that node only", async () => {
    await page.getByRole("button", { name: "Run this node" }).click();
    await node(page, "llm")
      .getByText(/^Succeeded/)
      .waitFor();
    await page.getByRole("tab", { name: "Last run" }).click();
    await panel(page).getByText("Succeeded").first().waitFor();
    return "its output";
  });
  await walk.step(95, "pin it", async () => {
    await page.getByRole("button", { name: "Pin the output" }).click();
    const badge = node(page, "llm").getByLabel("Pinned, draft only");
    await badge.waitFor();
    return "Pinned, draft only";
  });
}

async function rename(walk: Walk, page: Page): Promise<void> {
  const id = page.getByLabel("Id in expressions");
  await walk.step(110, "rename a node that others read", async () => {
    await choose(page, "choose");
    await id.fill("picked");
    await id.press("Enter");
    await node(page, "picked").waitFor();
    await page.getByRole("button", { name: /^Problems 0/ }).waitFor();
    await choose(page, "summaries");
    await page.locator(".cm-chip").getByText("picked.articles").waitFor();
    return "Problems 0, and the reference follows";
  });
  await walk.step(130, "undo, redo", async () => {
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(".cm-chip").getByText("choose.articles").waitFor();
    await page.getByRole("button", { name: "Redo" }).click();
    await page.locator(".cm-chip").getByText("picked.articles").waitFor();
    await saved(page);
    return "there and back";
  });
}

async function publish(walk: Walk, page: Page): Promise<void> {
  await walk.step(150, "publish with a note", async () => {
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Note").fill("with a headline");
    await dialog.getByRole("button", { name: "Publish" }).click();
    return page
      .getByText(/^1\.0\.\d+ is live/)
      .first()
      .innerText();
  });
}

async function callIt(walk: Walk, page: Page): Promise<void> {
  const editor = page.url();
  await walk.step(165, "the API page, Try it", async () => {
    await page.getByRole("link", { name: "API", exact: true }).click();
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByRole("button", { name: "Create the key" }).click();
    await page.getByRole("button", { name: "Send" }).click();
    const answer = page.getByText(/^HTTP \d+/).first();
    return sees(await answer.innerText(), /HTTP 200/)[0];
  });
  await page.goto(editor);
  await node(page, "picked").waitFor();
}

async function breakIt(walk: Walk, page: Page): Promise<void> {
  await walk.step(200, "break it", async () => {
    await choose(page, "picked");
    await writeCode(page, "throw new Error('no articles today');");
    await runDraft(page, /^Failed/, "picked");
    await choose(page, "picked");
    const failure = panel(page).getByRole("status").filter({ hasText: "code_error" });
    await failure.getByText("no articles today").first().waitFor();
    await failure.getByRole("button", { name: "Edit the field" }).waitFor();
    return "code_error at the node: no articles today; Edit the field";
  });
}

/** The source is the one field with numbered lines. */
async function writeCode(page: Page, text: string): Promise<void> {
  const setup = page.getByRole("tab", { name: "Setup" });
  if ((await setup.getAttribute("aria-selected")) !== "true") await setup.click();
  await panel(page).locator(".cm-editor:has(.cm-lineNumbers) .cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
  await saved(page);
}

async function replay(walk: Walk, page: Page): Promise<void> {
  await walk.step(230, "mend it, replay from where it failed", async () => {
    await writeCode(page, "return { articles: [{ title: 'Mended', text: 'All is well.' }] };");
    await page.getByRole("region", { name: "Run of the draft" }).getByRole("link").first().click();
    await page.getByRole("heading", { level: 1 }).getByText("Failed").waitFor();
    const failed = page.url();
    await page.getByRole("button", { name: "Replay", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("where it failed", { exact: true }).check();
    await dialog.getByLabel("the draft", { exact: true }).check();
    await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    await page.getByText("Replay of").waitFor();
    await page.getByRole("heading", { level: 1 }).getByText("Succeeded").waitFor();
    const mended = page.url();
    await page.goto(failed);
    const back = page.getByText("Replayed as").locator("..").getByRole("link").first();
    await until("the link of the original", 10_000, async () => mended.endsWith(String(await back.getAttribute("href"))));
    return "Succeeded, linked both ways";
  });
}
