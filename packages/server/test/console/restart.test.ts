import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { inChromium, settled, visit } from "#testing/chromium";
import { document, start } from "#testing/workflows";
import { Project } from "../cli/harness.ts";

// A server that is stopped while somebody edits, and started again over the same data.

let project: Project;
before(() => {
  project = new Project();
});
after(() => project.dispose());

const FLOW = document(
  "edited",
  [
    start({ topic: { type: "string" } }),
    { id: "shout", type: "template", name: "Shout", text: "{{ start.topic }}!" },
    { id: "end", type: "end", output: { text: "{{ shout.text }}" } },
  ],
  ["start -> shout", "shout -> end"],
);

const node = (page: Page) => page.locator('.react-flow__node[data-id="shout"]');
const pill = (page: Page, text: RegExp) => page.getByRole("status").filter({ hasText: text }).first();

const draftIsKept = (page: Page) =>
  page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().endsWith("/draft") && answer.ok());

/** What the server has of the draft. */
const draft = (page: Page, id: string) => page.evaluate<string>(`fetch("/api/v1/workflows/${id}").then((answer) => answer.text())`);

test("C6: edits that the stopped server did not get are put back over a reload after its restart, and are saved", inChromium, async () => {
  const first = await project.dev(["--port", "0"]);
  const [, port = ""] = /API +http:\/\/[^:\s]+:(\d+)/.exec(first.stdout() + first.stderr()) ?? [];
  await visit({ port: Number(port) }, { expected: /ERR_|status of/ }, async (page) => {
    await page.goto("/workflows");
    await settled(page);
    const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ document: FLOW }) };
    const made = await page.evaluate<{ readonly id: string }>(
      `fetch("/api/v1/workflows", ${JSON.stringify(asked)}).then((answer) => answer.json())`,
    );
    await page.goto(`/workflows/${made.id}/edit`);
    await node(page).click();
    const kept = draftIsKept(page);
    await page.getByLabel("Name of the node").fill("Saved");
    await kept;
    await pill(page, /^Saved/).waitFor();
    assert.match(await draft(page, made.id), /"Saved"/);
    assert.equal(await first.end("SIGTERM"), 0);
    await page.getByLabel("Name of the node").fill("Unsaved");
    await pill(page, /^Offline/).waitFor();
    await page.goto("about:blank");
    await project.dev(["--port", port]);
    await page.goto("/workflows");
    await settled(page);
    assert.doesNotMatch(await draft(page, made.id), /"Unsaved"/);
    const keptAgain = draftIsKept(page);
    await page.goto(`/workflows/${made.id}/edit`);
    await page.getByText("that had not been saved have been put back").waitFor();
    await page.getByRole("button", { name: "Keep them" }).waitFor();
    await node(page).getByText("Unsaved").waitFor();
    await keptAgain;
    await pill(page, /^Saved/).waitFor();
    assert.match(await draft(page, made.id), /"Unsaved"/);
  });
});
