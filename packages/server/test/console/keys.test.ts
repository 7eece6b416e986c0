import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser } from "#testing/browser";
import { inChromium, owner, visit } from "#testing/chromium";
import { MovableClock } from "#testing/clock";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";

// What becomes of keys in time, and over a restart.

const MINUTE_MS = 60_000;

const clock = new MovableClock();
const dataDir = mkdtempSync(join(tmpdir(), "millrace-keys-"));
const open = () => startTestServer({ dataDir, surroundings: { clock } });
let server: TestServer;
let workflow: string;
before(async () => {
  server = await open();
  ({ id: workflow } = await server.publish(echo));
});
after(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const row = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(name) });
const status = async (key: string) => (await server.invoke(key, { input: { text: "a", count: 1 } })).status;

/** When and from where a key was used last, as its row says. */
async function lastUse(page: Page, name: string, as: Browser): Promise<string> {
  await page.goto("/keys");
  await row(page, name).getByText("127.0.0.1").waitFor();
  const { json } = await as.call("GET", "/api/v1/keys");
  const key = (json["data"] as { name?: string; lastUsedAt?: number }[]).find((one) => one.name === name);
  return String(key?.lastUsedAt);
}

test(
  "C39: the last use of a key is true within a minute, and is kept over a restart, as its ends are and the key is not",
  inChromium,
  async () => {
    const { key } = await server.app.apiKeys.create("default", { name: "shipping", workflows: [workflow] });
    let used = "";
    await visit(server, {}, async (page) => {
      await page.goto("/keys");
      await row(page, "shipping").getByText("never").first().waitFor();
      assert.equal(await status(key), 200);
      const at = clock.now();
      clock.forward(MINUTE_MS);
      used = await lastUse(page, "shipping", await owner(server));
      assert.ok(Number(used) <= at && Number(used) > at - MINUTE_MS, "the time of the use");
    });
    await server.close();
    server = await open();
    const again = new Browser(server);
    assert.equal((await again.signIn("owner@example.com")).status, 200);
    await visit(server, { as: again }, async (page) => {
      const answers: string[] = [];
      page.on("response", async (response) => {
        if (response.url().includes("/api/v1/")) answers.push(await response.text().catch(() => ""));
      });
      assert.equal(await lastUse(page, "shipping", again), used);
      await row(page, "shipping")
        .getByText(`${key.slice(0, 6)}…${key.slice(-4)}`)
        .waitFor();
      for (const text of [...answers, await page.content()]) assert.ok(!text.includes(key));
    });
  },
);

test("C40: both values of a rotated key work while they overlap, and after it the new one alone", inChromium, async () => {
  const { key } = await server.app.apiKeys.create("default", { name: "turning", workflows: [workflow] });
  const as = new Browser(server);
  await as.signIn("owner@example.com");
  await visit(server, { as }, async (page) => {
    await page.goto("/keys");
    await page.getByRole("button", { name: "Actions for turning" }).click();
    await page.getByRole("menuitem", { name: "Rotate…" }).click();
    await page.getByLabel("Overlap").selectOption({ label: "1 hour" });
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    const fresh = await page.getByRole("region", { name: "Your new key" }).innerText();
    assert.notEqual(fresh, key);
    clock.forward(59 * MINUTE_MS);
    assert.deepEqual([await status(key), await status(fresh)], [200, 200]);
    clock.forward(MINUTE_MS);
    assert.deepEqual([await status(key), await status(fresh)], [401, 200]);
  });
});
