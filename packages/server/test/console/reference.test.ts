import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { todayNews } from "#testing/workflows";

// The page of the HTTP API, drawn from what the server says of itself.

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const STRANGER = { as: null } as const;

test(
  "whoever has no session reads the HTTP API: an address leads to one route, with its parameters, its body and its answers",
  inChromium,
  async () => {
    await visit(server, STRANGER, async (page) => {
      await page.goto("/docs#invoke");
      const invoke = page.locator("#invoke");
      await invoke.getByText("Idempotency-Key").waitFor();
      await invoke.getByText("userId", { exact: true }).waitFor();
      await invoke.getByText("The finished run, or the acknowledgement of one that goes on.").click();
      await invoke.getByText("SucceededRun").click();
      await invoke.getByText("workflowExecutionTime", { exact: true }).waitFor();
      assert.equal(await page.locator("#queryResult").getAttribute("open"), null);
    });
  },
);

test("a search leaves the routes that hold its words, and says where there is none", inChromium, async () => {
  await visit(server, STRANGER, async (page) => {
    await page.goto("/docs");
    await page.getByRole("searchbox").fill("run cancel");
    await page.locator("#queryResult").waitFor({ state: "detached" });
    await page.locator("#cancelRun").waitFor();
    await page.getByRole("searchbox").fill("no such route");
    await page.getByText("No route matches “no such route”.").waitFor();
  });
});

test("with a key it shows what the key may ask for, and the fields of its workflow; a wrong key is told so", inChromium, async () => {
  const { key } = await server.publish(todayNews);
  await visit(server, { ...STRANGER, expected: /401/ }, async (page) => {
    await page.goto("/docs");
    await page.locator("#invoke").waitFor();
    await page.getByLabel("API key").fill("wrong");
    await page.getByRole("button", { name: "Use the key" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("API key").fill(key);
    await page.getByRole("button", { name: "Use the key" }).click();
    await page.locator("#createKey").waitFor({ state: "detached" });
    await page.locator("#invoke > summary").click();
    await page.locator("#invoke").getByText("Members", { exact: true }).first().click();
    await page.locator("#invoke").getByText("topic", { exact: true }).waitFor();
  });
});

test("the reference and the pages of the errors are in the language of the page, also after a switch", inChromium, async () => {
  await visit(server, { ...STRANGER, language: "ja" }, async (page) => {
    await page.goto("/docs#invoke");
    await page.getByRole("heading", { name: "実行 API" }).waitFor();
    const invoke = page.locator("#invoke");
    await invoke.getByText("複数のワークフローに使えるキーでは必須です。").first().waitFor();
    await invoke.getByText("40000 invalid_json: 無効な JSON。").waitFor();
    await page.getByRole("button", { name: /^言語/ }).click();
    await page.getByRole("menuitem", { name: "简体中文" }).click();
    await page.getByRole("heading", { name: "运行 API" }).waitFor();
    await page.getByRole("searchbox").fill("取消");
    await page.locator("#queryResult").waitFor({ state: "detached" });
    await page.locator("#cancelRun").waitFor();
    await page.goto("/errors/llm_auth");
    await page.getByRole("heading", { name: "处理方法" }).waitFor();
    await page.getByRole("button", { name: /^语言/ }).click();
    await page.getByRole("menuitem", { name: "繁體中文" }).click();
    await page.getByRole("heading", { name: "處理方式" }).waitFor();
    await page.getByText("docs/models.md", { exact: true }).waitFor();
  });
});

test("where the texts of a language cannot be had, the page says so, and asks again", inChromium, async () => {
  await visit(server, { ...STRANGER, language: "ja", expected: /Failed to load resource|ERR_FAILED/ }, async (page) => {
    let isCut = true;
    await page.route("**/assets/api-ja-*.js", (route) => (isCut ? route.abort() : route.continue()));
    await page.goto("/docs");
    await page.getByRole("alert").waitFor();
    assert.equal(await page.locator("main [aria-busy=true]").count(), 0);
    isCut = false;
    await page.getByRole("alert").getByRole("button").click();
    await page.getByRole("heading", { name: "実行 API" }).waitFor();
  });
});
