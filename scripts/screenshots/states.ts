import type { Page } from "playwright-core";
import type { Seeded } from "./seed.ts";
import type { Shown } from "./shown.ts";

// What a page shows only after somebody has done something: dialogs, menus, words at the edge, nothing found. The steps go by places and
// not by words, for they are taken in every language.

const state = (name: string, path: string, prepare: (page: Page) => Promise<unknown>): Shown => ({
  name,
  path,
  signedOut: false,
  prepare,
});

export function statesOf({ news, base }: Seeded): readonly Shown[] {
  const editor = `/workflows/${news}/edit`;
  return [
    state("search", "/workflows", search),
    state("workflow-menu", "/workflows", rowMenu),
    state("workflow-delete", "/workflows", deleteWorkflow),
    state("workflow-templates", "/workflows", templates),
    state("import-problems", "/workflows", importFile),
    state("toast", `/workflows/${news}/api`, toggleApi),
    state("publish", editor, publish),
    state("key-new", "/keys", firstAction),
    state("alert-new", "/alerts", firstAction),
    state("knowledge-delete", `/knowledge/${base}`, firstAction),
    state("runs-none", "/runs?user=nobody", nothing),
    state("run-missing", "/runs/00000000-0000-7000-8000-000000000000", nothing),
  ];
}

async function nothing(): Promise<void> {}

const dialog = (page: Page) => page.getByRole("dialog").last().waitFor();

async function search(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await dialog(page);
  await page.getByRole("dialog").getByRole("combobox").fill("news");
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
