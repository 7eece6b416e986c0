import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { inChromium, settled, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { advice, echo } from "#testing/workflows";

// What only some languages bring about: words that are wider than English ones, and words that nobody translated.

const LANGUAGES = ["en", "zh-CN", "zh-TW", "ja"] as const;
const PHONE = { width: 375, height: 812, touch: true };

let server: TestServer;
let run: string;
before(async () => {
  server = await startTestServer();
  const { key } = await server.publish({ ...echo, tags: ["orders"] });
  run = String((await server.invoke(key, { input: { value: 1 } })).json["workflowRunId"]);
});
after(() => server.close());

/** Lists that are narrower than they would be for the choice that they show. */
const CUT_CHOICES = `(() => {
  return [...document.querySelectorAll("main select")].flatMap((list) => {
    const alone = list.cloneNode(true);
    const words = list.selectedOptions[0]?.textContent ?? "";
    alone.replaceChildren(new Option(words));
    alone.style.cssText = "position: fixed; width: max-content; max-width: none; min-width: 0 !important";
    list.parentElement.append(alone);
    const wanted = alone.offsetWidth;
    alone.remove();
    return wanted > list.offsetWidth ? [words] : [];
  });
})()`;

for (const language of LANGUAGES)
  test(`C58: at 375 px no choice of a filter is cut in ${language}, and the parts of a run are all seen`, inChromium, async () => {
    await visit(server, { ...PHONE, language }, async (page) => {
      for (const path of ["/runs", "/runs?show=errors", "/runs?show=requests", "/keys", "/webhooks", "/workflows"]) {
        await page.goto(path);
        await settled(page);
        await page.locator("main select").first().waitFor();
        assert.deepEqual(await page.evaluate(CUT_CHOICES), [], path);
        assert.equal(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0, path);
      }
      await page.goto(`/runs/${run}`);
      const tabs = page.getByRole("tablist");
      await tabs.getByRole("tab").last().waitFor();
      const beyond = await tabs.evaluate((list: { scrollWidth: number; clientWidth: number }) => list.scrollWidth - list.clientWidth);
      assert.equal(beyond, 0);
    });
  });

test("what is no JSON says where, in the language of the page", inChromium, async () => {
  await visit(server, { language: "ja", expected: /400/ }, async (page) => {
    await page.goto(`/runs/${run}`);
    await page.getByRole("button", { name: "再実行" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.locator("textarea").fill('{\n  "value": News\n}');
    await dialog.getByText("JSON ではありません：2 行目の 12 文字目に誤りがあります。").waitFor();
    await dialog.locator("textarea").fill('{"value": ');
    await dialog.getByText("JSON が途中で終わっています。").waitFor();
    await page.goto("/workflows");
    await page.locator('input[type="file"]').setInputFiles({ name: "a.flow", mimeType: "application/json", buffer: Buffer.from("{oops") });
    await page.getByText("JSON ではありません：1 行目の 2 文字目に誤りがあります。").first().waitFor();
  });
});

test("a version without a note says in the language of the page what it changes, also after a switch", inChromium, async () => {
  const { id } = await server.publish(advice);
  const headers = { "Accept-Language": "zh-CN" };
  const nodes = advice["nodes"] as JsonObject[];
  const saying = (text: string) => ({ ...advice, nodes: nodes.map((node) => (node["type"] === "end" ? { ...node, text } : node)) });
  const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"], name: "ci" });
  for (const body of [{ document: saying("two") }, { document: saying("three"), note: "friendlier" }])
    await server.call("POST", "/api/v1/deploy", { key, body: { ...body, publish: true }, headers });
  await visit(server, { language: "ja" }, async (page) => {
    await page.goto(`/workflows/${id}/versions`);
    await page.getByText("ノード 1 件を変更", { exact: true }).waitFor();
    await page.getByText("friendlier", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^言語/ }).click();
    await page.getByRole("menuitem", { name: "繁體中文" }).click();
    await page.getByText("變更 1 個節點", { exact: true }).waitFor();
  });
});
