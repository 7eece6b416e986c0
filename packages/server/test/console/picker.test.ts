import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inChromium, owner, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

// What a field offers to be read: in the browser, over a draft that has run.

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** `last` runs after `news` and beside `aside`. */
const FLOW = document(
  "picked from",
  [
    start({ topic: { type: "string" }, count: { type: "integer" }, tags: { type: "array", items: { type: "string" } } }),
    { id: "news", type: "template", name: "ニュース", text: "About {{ start.topic }}" },
    { id: "aside", type: "template", text: "beside" },
    { id: "last", type: "template", text: "" },
    { id: "after", type: "template", text: "behind" },
    { id: "end", type: "end", output: { text: "{{ last.text }}" } },
  ],
  ["start -> news", "start -> aside", "news -> last", "last -> after", "after -> end", "aside -> end"],
);

const INPUT = { topic: "tides", count: 42, tags: ["sea", "moon"] };

test("C15: the picker lists only what runs before the node, each with its type and what it was in the run", inChromium, async () => {
  const { id } = await server.app.authoring.deploy("default", FLOW, { publish: false });
  const person = await owner(server);
  const begun = await person.call("POST", `/api/v1/workflows/${id}/draft/runs`, { body: { input: INPUT } });
  const run = String(begun.json["workflowRunId"]);
  assert.match((await person.call("GET", `/api/v1/runs/${run}/events`)).text, /SUCCEED/);
  await visit(server, {}, async (page) => {
    await page.goto(`/workflows/${id}/edit?run=${run}`);
    await page.locator('.react-flow__node[data-id="last"]').getByText("Succeeded").waitFor();
    await page.locator('.react-flow__node[data-id="last"]').click();
    await page.getByRole("tabpanel").locator(".cm-content").first().click();
    await page.keyboard.type("{{");
    const option = page.locator(".cm-tooltip-autocomplete").getByRole("option");
    await option.first().waitFor();
    const offered = await option.evaluateAll((all) =>
      all.map((one) => [".cm-completionLabel", ".cm-completionDetail"].map((part) => one.querySelector(part)?.textContent ?? "")),
    );
    const variables = offered.filter(([label = ""]) => /^(start|news|aside|last|after|end)\b/.test(label));
    assert.deepEqual(variables.sort(), [
      ["news", 'any · {"text":"About tides"}'],
      ["news.text", 'string · "About tides"'],
      ["start", 'any · {"topic":"tides","count":42,"tags":["sea","moon"]}'],
      ["start.count", "integer · 42"],
      ["start.tags", 'array<string> · ["sea","moon"]'],
      ["start.topic", 'string · "tides"'],
    ]);
    await page.keyboard.insertText("ﾆｭｰｽ");
    await option.filter({ hasText: "news.text" }).waitFor();
    await option.filter({ hasText: "start" }).first().waitFor({ state: "detached" });
    await option.filter({ hasText: "news.text" }).click();
    await page.locator(".cm-chip").getByText("news.text").waitFor();
  });
});
