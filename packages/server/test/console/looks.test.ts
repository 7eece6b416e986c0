import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** Is the ground that is painted a dark one? Without a style sheet there is none, and nothing is painted. */
const isDark = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const brush = document.createElement("canvas").getContext("2d");
    brush.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, opaque] = brush.getImageData(0, 0, 1, 1).data;
    if (opaque !== 255) throw new Error("no ground is painted");
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

test("C56: on a phone the command of an empty list stays inside of its frame", inChromium, async () => {
  await visit(server, { width: 375, height: 812, language: "zh-TW" }, async (page) => {
    await page.goto("/runs");
    const command = page.locator("main section", { hasText: "millrace invoke" }).last().locator("..");
    await command.waitFor();
    const [inner, outer] = await Promise.all([command, command.locator("..")].map((one) => one.boundingBox()));
    assert.ok(inner && outer && inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width, JSON.stringify({ inner, outer }));
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
      await styled(page);
      assert.equal(await page.locator("#root").evaluate((root: { childElementCount: number }) => root.childElementCount), 0);
      assert.equal(await page.evaluate("document.documentElement.dataset.theme"), chosen);
      assert.equal(await isDark(page), chosen === "dark");
      held.go();
      await page.getByRole("heading", { name: "Runs" }).waitFor();
      assert.equal(await isDark(page), chosen === "dark");
    });
});

/** Browsers paint first when the page's style sheets are there, which may be later than the module is asked for. */
const styled = (page: Page) =>
  page.evaluate(`Promise.all([...document.querySelectorAll("link[rel=stylesheet]")].map(
    (link) => link.sheet ?? new Promise((loaded) => link.addEventListener("load", loaded)),
  ))`);

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

test("pages begin at the same edge, whether they take the whole width or not", inChromium, async () => {
  for (const width of [1440, 1920])
    await visit(server, { width }, async (page) => {
      const edges: number[] = [];
      for (const path of ["/", "/runs", "/keys", "/audit", "/system"]) {
        await page.goto(path);
        const heading = page.getByRole("heading", { level: 1 });
        await heading.waitFor();
        edges.push((await heading.boundingBox())?.x ?? Number.NaN);
      }
      assert.equal(new Set(edges).size, 1, `${width}: ${edges.join(" ")}`);
    });
});
