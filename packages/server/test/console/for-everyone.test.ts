import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";

// What holds on every page: nobody is shut out, and nothing comes from elsewhere.

let server: TestServer;
/** An address of each route, by its pattern. */
let pages: Readonly<Record<string, string>>;
/** The same of those that need no session. */
let open: Readonly<Record<string, string>>;
before(async () => {
  server = await startTestServer();
  const { id, key } = await server.publish(echo);
  const { json } = await server.invoke(key, { input: { value: 1 } });
  const run = String(json["workflowRunId"]);
  const browser = await owner(server);
  const base = (await browser.call("POST", "/api/v1/knowledge", { body: { name: "handbook" } })).json["id"];
  const share = (await browser.call("POST", `/api/v1/runs/${run}/shares`, { body: {} })).json["url"];
  open = {
    "/login": "/login",
    "/setup": "/setup",
    "/join": "/join#unknown",
    "/shared/$token": new URL(String(share)).pathname,
    "/docs": "/docs#invoke",
    "/errors/$type": "/errors/llm_auth",
  };
  const named = ["workflows", "runs", "approvals", "usage", "keys", "webhooks", "alerts", "connections", "knowledge", "members", "audit"];
  pages = {
    "/": "/",
    ...Object.fromEntries([...named, "system"].map((name) => [`/${name}`, `/${name}`])),
    ...Object.fromEntries(["edit", "api", "versions"].map((part) => [`/workflows/$workflow/${part}`, `/workflows/${id}/${part}`])),
    "/runs/$run": `/runs/${run}`,
    "/runs/compare": `/runs/compare?a=${run}&b=${run}`,
    "/knowledge/$base": `/knowledge/${String(base)}`,
  };
});
after(() => server.close());

async function atEach(addresses: Readonly<Record<string, string>>, page: Page, look: (address: string) => Promise<void>): Promise<void> {
  for (const address of Object.values(addresses)) {
    await page.goto(address);
    await page.locator("main").first().waitFor();
    await page.waitForLoadState("networkidle");
    await look(address);
  }
}

test("every route of the console is looked at here", () => {
  const source = readFileSync(new URL("../../../console/src/app/router.tsx", import.meta.url), "utf8");
  const routes = [...source.matchAll(/path: "([^"]+)"/g)].map(([, path]) => path);
  assert.deepEqual([...Object.keys(open), ...Object.keys(pages)].sort(), routes.sort());
});

/** Signed in and not. */
const VISITS = [
  ["of a member", undefined, () => pages],
  ["that needs no session", null, () => open],
] as const;

for (const theme of ["light", "dark"] as const)
  for (const [which, as, addresses] of VISITS)
    test(`C53: axe finds nothing serious or critical on any page ${which}, ${theme}`, inChromium, async () => {
      await visit(server, { theme, ...(as === null && { as }) }, async (page) => {
        await atEach(addresses(), page, async (address) => {
          const { violations } = await new AxeBuilder({ page }).analyze();
          const found = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
          assert.deepEqual(
            found.map(({ id, nodes }) => `${address} ${id}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`),
            [],
          );
        });
      });
    });

for (const [which, as, addresses] of VISITS)
  test(`C60: no page ${which} asks another host for anything, and the content policy has nothing to report`, inChromium, async () => {
    const reported: string[] = [];
    const asked = new Set<string>();
    await visit(server, as === null ? { as } : {}, async (page, context) => {
      await context.exposeFunction("reportViolation", (text: string) => void reported.push(text));
      await context.addInitScript(
        "document.addEventListener('securitypolicyviolation', (event) => reportViolation(event.effectiveDirective + ' ' + event.blockedURI))",
      );
      page.on("request", (request) => asked.add(new URL(request.url()).host));
      await atEach(addresses(), page, async () => {});
    });
    assert.deepEqual(reported, []);
    assert.deepEqual(
      [...asked].filter((host) => host !== "" && host !== `127.0.0.1:${server.port}`),
      [],
    );
  });
