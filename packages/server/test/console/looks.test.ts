import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { echo, failing } from "#testing/workflows";

let server: TestServer;
let pages: readonly string[];
before(async () => {
  server = await startTestServer();
  const { id, key } = await server.publish(echo);
  const broken = await server.publish(failing);
  const { json } = await server.invoke(broken.key, { input: {} });
  await server.invoke(key, { input: { value: 1 } });
  const ofWorkflow = ["edit", "api", "versions"].map((part) => `/workflows/${id}/${part}`);
  const others = [
    "workflows",
    "runs",
    "approvals",
    "usage",
    "keys",
    "webhooks",
    "alerts",
    "connections",
    "knowledge",
    "members",
    "audit",
    "system",
  ];
  pages = ["/", ...others.map((name) => `/${name}`), ...ofWorkflow, `/runs/${String(json["workflowRunId"])}`];
});
after(() => server.close());

/** Is the ground that is painted a dark one? */
const isDark = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const brush = document.createElement("canvas").getContext("2d");
    brush.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
    return red + green + blue < 382;
  })()`);

test("C57: theme and language change in the page that is there", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/runs");
    await page.getByRole("heading", { name: "Runs" }).waitFor();
    await page.evaluate("globalThis.stayed = true");
    assert.equal(await isDark(page), false);
    await page.getByRole("button", { name: /^Theme/ }).click();
    await page
      .getByRole("menuitemradio", { name: "Dark" })
      .or(page.getByRole("menuitem", { name: "Dark" }))
      .click();
    await page.locator('html[data-theme="dark"]').waitFor();
    assert.equal(await isDark(page), true);
    await page.getByRole("button", { name: /^Language/ }).click();
    await page
      .getByRole("menuitemradio", { name: "日本語" })
      .or(page.getByRole("menuitem", { name: "日本語" }))
      .click();
    await page.getByRole("heading", { name: "実行" }).waitFor();
    await page.locator('html[lang="ja"]').waitFor();
    assert.equal(await page.evaluate("globalThis.stayed"), true);
    await page.reload();
    await page.getByRole("heading", { name: "実行" }).waitFor();
    assert.equal(await isDark(page), true);
  });
});

test("C57: the chosen theme is there before the first script of the console runs: nothing flashes", inChromium, async () => {
  for (const [system, chosen] of [
    ["light", "dark"],
    ["dark", "light"],
  ] as const)
    await visit(server, { theme: system }, async (page, context) => {
      await page.goto("/login");
      await page.evaluate(`localStorage.setItem("millrace.theme", "${chosen}")`);
      const held = await heldScripts(context);
      await page.goto("/runs", { waitUntil: "commit" });
      await page.locator("body").waitFor({ state: "attached" });
      await held.asked;
      assert.equal(await page.locator("#root").evaluate((root: { childElementCount: number }) => root.childElementCount), 0);
      assert.equal(await page.evaluate("document.documentElement.dataset.theme"), chosen);
      assert.equal(await isDark(page), chosen === "dark");
      held.go();
      await page.getByRole("heading", { name: "Runs" }).waitFor();
      assert.equal(await isDark(page), chosen === "dark");
    });
});

/** The module that begins the console waits; what the page itself brings does not. */
async function heldScripts(context: BrowserContext): Promise<{ readonly asked: Promise<void>; readonly go: () => void }> {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  await context.route(/\/assets\/index-[^/]+\.js$/, async (route) => {
    asked.resolve();
    await released.promise;
    await route.continue();
  });
  return { asked: asked.promise, go: () => released.resolve() };
}

const SOURCES = new URL("../../../console/src/", import.meta.url);
const ACCENTS: Readonly<Record<string, string>> = {
  a: "å",
  e: "é",
  i: "î",
  o: "ö",
  u: "ü",
  c: "ç",
  n: "ñ",
  y: "ÿ",
  A: "Å",
  E: "É",
  O: "Ö",
  S: "Š",
};

/** Longer by two fifths and with marks on its letters, as no language that is there has it; `{names}` stay. */
function pseudo(text: string): string {
  const marked = text
    .split(/(\{[A-Za-z]+\})/)
    .map((part) => (part.startsWith("{") ? part : part.replace(/[A-Za-z]/g, (letter) => ACCENTS[letter] ?? letter)))
    .join("");
  const words = Math.ceil((text.length * 0.4) / 5);
  return `${marked}${" ẋẋẋẋ".repeat(Math.max(1, words))}`;
}

type Message = string | Readonly<Record<string, string>>;

/** The English texts of every folder, made longer, under the names that a language's file has them by. */
async function pseudoCatalogue(language: string): Promise<object> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("/messages/en.ts"));
  const entries = files.map(async (file) => {
    const { default: texts } = (await import(new URL(file, SOURCES).href)) as { default: Readonly<Record<string, Message>> };
    const longer = Object.entries(texts).map(([key, message]) => [
      key,
      typeof message === "string"
        ? pseudo(message)
        : Object.fromEntries(Object.entries(message).map(([form, text]) => [form, pseudo(text)])),
    ]);
    return [`../../${file.replace("/en.ts", `/${language}.ts`)}`, Object.fromEntries(longer)];
  });
  return Object.fromEntries(await Promise.all(entries)) as object;
}

for (const width of [1440, 375])
  test(`C56: texts that are longer by two fifths overflow on no page, ${width} px`, inChromium, async () => {
    const body = `export default ${JSON.stringify(await pseudoCatalogue("ja"))}`;
    await visit(server, { language: "ja", width, touch: width < 640 }, async (page, context) => {
      await context.route(/\/assets\/ja-[^/]+\.js$/, (route) => route.fulfill({ contentType: "text/javascript", body }));
      const found: string[] = [];
      for (const path of pages) {
        await page.goto(path);
        await page.locator("main").first().waitFor();
        await page.waitForLoadState("networkidle");
        assert.match(await page.locator("nav").first().innerText(), /ẋẋẋẋ/, path);
        const cut = await page.evaluate<string[]>(CUT);
        found.push(...cut.map((text) => `${path} ${text}`));
      }
      assert.deepEqual(found, []);
    });
  });

/** What is wider than the window, and controls whose words do not fit into them. */
const CUT = `(() => {
  const beyond = document.documentElement.scrollWidth - innerWidth;
  const isCut = (element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
  const mayScroll = (element) => element.closest(".truncate, [class*=line-clamp], .sr-only, .react-flow, .cm-editor") !== null;
  const controls = [...document.querySelectorAll("main button, main a, main th, main h1, main h2, main legend, nav a")];
  return [
    ...(beyond > 0 ? [beyond + " px beyond the window"] : []),
    ...controls.filter((element) => isCut(element) && !mayScroll(element)).map((element) => element.tagName + " " + element.textContent.slice(0, 60)),
  ];
})()`;
