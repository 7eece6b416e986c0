import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { inChromium, owner, settled, visit } from "#testing/chromium";
import { servePseudo } from "#testing/pseudo";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, failing, start } from "#testing/workflows";

// What holds on every page: nobody is shut out, nothing is cut, and nothing comes from elsewhere. A page is loaded once for all of that.

/** A name that nothing breaks: it wraps, or is cut with an ellipsis, and makes no page wider. */
const LONG = "quarterlyReconciliationOfTheMunicipalWaterworksLedgerWithBanks";
const asking = document(
  LONG,
  [start({}), { id: "ask", type: "approval", title: LONG, message: LONG }, { id: "end", type: "end", output: {} }],
  ["start -> ask", "ask.approve -> end", "ask.reject -> end"],
);

let server: TestServer;
/** An address of each route, by its pattern. */
let pages: Readonly<Record<string, string>>;
/** The same of those that need no session. */
let open: Readonly<Record<string, string>>;
before(async () => {
  server = await startTestServer();
  await server.publish({ ...echo, description: "Gives its value back." });
  const { id, key } = await server.publish({ ...echo, tags: ["orders", "a tag as long as any that is still one, or nearly"] });
  const broken = await server.publish(failing);
  const failed = String((await server.invoke(broken.key, { input: {} })).json["workflowRunId"]);
  const run = String((await server.invoke(key, { input: { value: 1 } })).json["workflowRunId"]);
  const asked = await server.publish(asking);
  await server.invoke(asked.key, { input: {}, isAsync: true });
  const browser = await owner(server);
  const base = (await browser.call("POST", "/api/v1/knowledge", { body: { name: LONG } })).json["id"];
  await browser.call("PUT", `/api/v1/secrets/${LONG.toUpperCase()}`, { body: { value: "a value" } });
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
    "/runs/$run": `/runs/${failed}`,
    "/runs/compare": `/runs/compare?a=${run}&b=${failed}`,
    "/knowledge/$base": `/knowledge/${String(base)}`,
  };
});
after(() => server.close());

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

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 375, height: 812 };

for (const [which, as, addresses] of VISITS)
  test(`every page ${which}, with long texts`, inChromium, async (t) => {
    const seen = { barred: [] as string[], cut: [] as string[], elsewhere: [] as string[] };
    await visit(server, { language: "ja", ...(as === null && { as }) }, async (page, context) => {
      await servePseudo(context, "ja");
      await watchRequests(context, page, seen.elsewhere);
      const fingers = await context.newCDPSession(page);
      for (const address of Object.values(addresses())) {
        await page.goto(address);
        await settled(page);
        assert.match(await page.locator("body").innerText(), /ẋẋ/, address);
        const at = (found: readonly string[]) => found.map((one) => `${address} ${one}`);
        seen.barred.push(...at(await barred(page)));
        seen.cut.push(...at(await page.evaluate<string[]>(CUT)));
        await onPhone(page, fingers, async () => void seen.cut.push(...at(await page.evaluate<string[]>(CUT))));
      }
    });
    await t.test("C53: axe finds nothing serious or critical, light and dark", () => assert.deepEqual(seen.barred, []));
    await t.test("C56: texts that are longer by two fifths overflow nowhere, 1440 and 375 px", () => assert.deepEqual(seen.cut, []));
    await t.test("C60: no other host is asked for anything, and the content policy has nothing to report", () =>
      assert.deepEqual(seen.elsewhere, []),
    );
  });

/** Rules that look at colours: in the dark nothing else is another there. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe finds. No page has frames: what axe does for them, and to tell of what is well, costs more than its rules. */
async function barred(page: Page): Promise<string[]> {
  const light = await violations("light", axe(page));
  await page.emulateMedia({ colorScheme: "dark" });
  // It is in the page by now.
  const dark = await violations("dark", axe(page, "axe").withRules(COLOURS));
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark];
}

function axe(page: Page, axeSource?: string): AxeBuilder {
  const builder = new AxeBuilder({ page, ...(axeSource !== undefined && { axeSource }) });
  return builder.options({ resultTypes: ["violations"] }).setLegacyMode();
}

async function violations(theme: string, builder: AxeBuilder): Promise<string[]> {
  const found = (await builder.analyze()).violations;
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${theme} ${id}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`);
}

/** Whatever is asked of another host, and whatever the content policy refuses. */
async function watchRequests(context: BrowserContext, page: Page, seen: string[]): Promise<void> {
  await context.exposeFunction("reportViolation", (text: string) => void seen.push(text));
  await context.addInitScript(
    "document.addEventListener('securitypolicyviolation', (event) => reportViolation(event.effectiveDirective + ' ' + event.blockedURI))",
  );
  page.on("request", (request) => {
    const { host } = new URL(request.url());
    if (host !== "" && host !== `127.0.0.1:${server.port}`) seen.push(request.url());
  });
}

/** The page that is there, in a narrow window and with fingers. */
async function onPhone(page: Page, fingers: CDPSession, look: () => Promise<void>): Promise<void> {
  await fingers.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await page.setViewportSize(PHONE);
  await settled(page);
  await look();
  await page.setViewportSize(WIDE);
  await fingers.send("Emulation.setTouchEmulationEnabled", { enabled: false });
}

/** What is wider than the window, and controls whose words do not fit into them. */
const CUT = `(() => {
  const beyond = document.documentElement.scrollWidth - innerWidth;
  const isCut = (element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
  const mayScroll = (element) => element.closest(".truncate, [class*=line-clamp], .sr-only, .react-flow, .cm-editor") !== null;
  const controls = [...document.querySelectorAll("main button, main a, main th, main h1, main h2, main legend, nav a")];
  const where = innerWidth + " px: ";
  return [
    ...(beyond > 0 ? [where + beyond + " px beyond the window"] : []),
    ...controls
      .filter((element) => isCut(element) && !mayScroll(element))
      .map((element) => where + element.tagName + " " + element.textContent.slice(0, 60)),
  ];
})()`;

for (const language of ["en", "zh-CN", "zh-TW", "ja"] as const)
  test(`C58: no page scrolls to the side on a phone, in ${language}`, inChromium, async () => {
    await visit(server, { language, ...PHONE, touch: true }, async (page) => {
      const [first = "", ...others] = Object.values(pages);
      await page.goto(first);
      for (const [n, address] of [first, ...others].entries()) {
        if (n > 0) await goOn(page, address);
        await settled(page);
        assert.equal(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0, address);
        assert.equal(await page.evaluate("document.documentElement.lang"), language);
      }
    });
  });

/** To another page as a link leads there: only what it needs is loaded. */
async function goOn(page: Page, address: string): Promise<void> {
  await page.evaluate(`document.querySelector("main > *").dataset.left = ""; history.pushState(null, "", ${JSON.stringify(address)});`);
  await page.locator("main > [data-left]").waitFor({ state: "detached" });
}
