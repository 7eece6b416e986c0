import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { inChromium, type Look, visit } from "#testing/chromium";
import { Project, type Running, urlOf } from "./harness.ts";

// The console's editor is open while the file of its workflow changes: a person's two windows.

const greet = (workflow: string, name: string, text = "Hello") => `format: millrace/1
name: ${workflow}

# What it needs.
nodes:
  - id: start
    type: start

  - id: say
    type: template
    name: ${name}
    text: "${text}"

  - id: end
    type: end
    output: { greeting: "{{ say.text }}" } # said

edges:
  - start -> say
  - say -> end
`;

const node = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const says = (page: Page, name: string) => node(page, "say").getByText(name, { exact: true }).waitFor();

describe("the editor beside the file", inChromium, () => {
  let project: Project;
  let dev: Running;
  before(async () => {
    project = new Project();
    for (const name of ["followed", "held", "broken"]) project.write(`flows/${name}.yaml`, greet(name, "First"));
    dev = await project.dev();
  });
  after(() => project.dispose());

  /** The editor of the workflow, open. */
  const edit = (workflow: string, look: Look, use: (page: Page, file: string) => Promise<void>) =>
    visit({ port: Number(new URL(urlOf(dev)).port) }, look, async (page) => {
      await page.goto((await project.run(["open", workflow])).stdout.trim());
      await says(page, "First");
      await use(page, `flows/${workflow}.yaml`);
    });

  /** Edits the text of the node, in the editor. */
  const write = async (page: Page, text: string) => {
    await node(page, "say").click();
    const field = page.getByRole("tabpanel").locator(".cm-content").first();
    await field.fill(text);
  };

  test("an edit of the file is on the canvas by itself; undo takes it back, and that goes into the file", () =>
    edit("followed", {}, async (page, file) => {
      project.write(file, greet("followed", "Second"));
      await says(page, "Second");
      project.write(file, greet("followed", "Third", "Good day"));
      await says(page, "Third");
      await page.getByRole("button", { name: "Undo" }).click();
      await says(page, "Second");
      await dev.seen(/written to flows\/followed\.yaml/);
      assert.equal(project.read(file), greet("followed", "Second"));
    }));

  test("a file that changes while the editor holds what is not saved is a conflict: both sides are shown, and neither is lost", () =>
    edit("held", { expected: /\b409\b/ }, async (page, file) => {
      const held = Promise.withResolvers<void>();
      await page.route("**/draft", async (route) => {
        await held.promise;
        await route.continue();
      });
      await write(page, "Mine");
      project.write(file, greet("held", "Theirs"));
      await dev.seen(/held {3}published 1\.0\.1/);
      held.resolve();
      await page.getByRole("alert").filter({ hasText: "This draft was saved by the server" }).waitFor();
      await says(page, "First");
      assert.equal(project.read(file), greet("held", "Theirs"));
      await page.getByRole("button", { name: "Compare" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.locator("section").nth(1).waitFor();
      const sides = await dialog.locator("section").allInnerTexts();
      assert.match(sides[0] ?? "", /Yours[\s\S]*text/);
      assert.match(sides[1] ?? "", /Theirs[\s\S]*name/);
      await dialog.getByRole("button", { name: "Take theirs" }).click();
      await says(page, "Theirs");
      await page.getByRole("button", { name: "Undo" }).click();
      await says(page, "First");
      await dev.seen(/written to flows\/held\.yaml/);
      assert.equal(project.read(file), greet("held", "First", "Mine"));
    }));

  test("a draft and a file with a mistake that both changed are told in the editor with what keeps either, until one is kept", () =>
    edit("broken", {}, async (page, file) => {
      project.write(file, greet("broken", "Second", "{{ start.nme }}"));
      await dev.seen(/flows\/broken\.yaml:\d+:\d+ unknown_variable/);
      await write(page, "Mine");
      const told = page.getByRole("alert").filter({ hasText: "flows/broken.yaml and this draft both changed" });
      await told.waitFor();
      assert.equal(project.read(file), greet("broken", "Second", "{{ start.nme }}"));
      const keeps = (await told.locator("code").allInnerTexts()).join("\n");
      assert.equal(keeps, "millrace deploy flows/broken.yaml\nmillrace pull broken --yes");
      assert.match(dev.stderr(), /broken {3}conflict: [\s\S]*millrace deploy flows\/broken\.yaml .* millrace pull broken --yes/);
      assert.equal((await project.run(["pull", "broken", "--yes"])).status, 0);
      await told.waitFor({ state: "detached" });
      await says(page, "First");
      assert.equal(project.read(file), greet("broken", "First", "Mine"));
    }));
});
