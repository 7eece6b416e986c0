import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";

// What holds on every page: nobody is shut out.

let server: TestServer;
let pages: readonly string[];
before(async () => {
  server = await startTestServer();
  const { id, key } = await server.publish(echo);
  const { json } = await server.invoke(key, { input: { value: 1 } });
  pages = [
    "/",
    "/workflows",
    ...["edit", "api", "versions"].map((part) => `/workflows/${id}/${part}`),
    "/runs",
    `/runs/${String(json["workflowRunId"])}`,
    "/approvals",
    "/usage",
    "/keys",
    "/webhooks",
    "/alerts",
    "/connections",
    "/knowledge",
    "/members",
    "/audit",
    "/system",
    "/errors/llm_auth",
  ];
});
after(() => server.close());

for (const theme of ["light", "dark"] as const) {
  test(`C53: axe finds nothing serious or critical on any page, ${theme}`, inChromium, async () => {
    await visit(server, { theme }, async (page) => {
      for (const path of pages) {
        await page.goto(path);
        await page.waitForLoadState("networkidle");
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        assert.deepEqual(
          found.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`),
          [],
        );
      }
    });
  });
}
