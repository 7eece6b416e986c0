import type { Page } from "playwright-core";

// What tests of the editor do again and again.

/** On the canvas. */
export const node = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);

/** What the bar says of the draft: Saving, Saved, Offline. */
export const pill = (page: Page, text: RegExp) => page.getByRole("status").filter({ hasText: text }).first();

/** Resolves when the draft is saved. */
export const isSaved = (page: Page) => pill(page, /^Saved/).waitFor();

/** Of a workflow with a node `start`. */
export async function openEditor(page: Page, workflow: string): Promise<void> {
  await page.goto(`/workflows/${workflow}/edit`);
  await node(page, "start").waitFor();
}

/** Writes what is looked for into the list of what can be added, and takes the first. */
export async function chooseKind(page: Page, text: string): Promise<void> {
  await page.getByRole("combobox").fill(text);
  await page.getByRole("combobox").press("Enter");
}
