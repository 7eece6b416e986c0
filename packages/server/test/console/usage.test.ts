import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { inChromium, owner, settled, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { echo, todayNews } from "#testing/workflows";
import { spend } from "../usage/harness.ts";

// The page of usage, over runs that were made up at random.

const RUNS = 500;
const HOUR_MS = 3_600_000;
/** Credits have four places on the wire: in ten thousandths they are whole. */
const PLACES = 10_000;

let server: TestServer;
/** What they were made to cost, in ten thousandths of a credit. */
let made = 0;
const ids: string[] = [];
before(async () => {
  server = await startTestServer();
  const flows = [];
  for (const flow of [echo, todayNews]) flows.push({ workflowId: (await server.publish(flow)).id, workflowName: String(flow["name"]) });
  const now = Date.now();
  let seed = 3;
  const below = (limit: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * limit);
  };
  for (let n = 0; n < RUNS; n++) {
    const usage = Array.from({ length: below(4) }, () => {
      const cost = below(9_999);
      made += cost;
      return {
        kind: "chat" as const,
        model: "openai/small",
        inputTokens: below(900),
        outputTokens: below(90),
        credits: String(cost / PLACES),
      };
    });
    // Within the last 23 hours, so that the picture of a day has them all.
    const run = { ...flows[below(flows.length)], acceptedAt: now - below(22 * HOUR_MS) - 10_000, userId: `user ${below(5)}` };
    ids.push(await spend(server.app.store, { run, usage, status: below(9) === 0 ? "FAILED" : "SUCCEED" }));
  }
});
after(() => server.close());

const whole = (credits: unknown) => Math.round(Number(credits) * PLACES);
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** What each of the runs says that it cost, and what its nodes say. */
async function costs(): Promise<readonly [runs: number, nodes: number]> {
  const browser = await owner(server);
  const all = [];
  for (const id of ids) {
    const { json } = await browser.call("GET", `/api/v1/runs/${id}`);
    const { data } = (await browser.call("GET", `/api/v1/runs/${id}/journal`)).json;
    const entries = data as unknown as readonly { readonly usage?: readonly { readonly credits: string }[] }[];
    all.push([whole(json["credits"]), sum(entries.flatMap(({ usage = [] }) => usage.map(({ credits }) => whole(credits))))] as const);
  }
  return [sum(all.map(([run]) => run)), sum(all.map(([, nodes]) => nodes))];
}

/** The table of what was paid, by group: names, and credits to the last place. */
async function paidRows(page: Page): Promise<readonly (readonly [string, string])[]> {
  const rows = page.getByRole("table", { name: "Paid, by group" }).getByRole("row");
  await rows.nth(1).waitFor();
  const all = (await rows.all()).slice(1);
  return Promise.all(
    all.map(
      async (row) =>
        [await row.getByRole("rowheader").innerText(), String(await row.locator("[title]").last().getAttribute("title"))] as const,
    ),
  );
}

async function csvRows(page: Page): Promise<readonly (readonly string[])[]> {
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await saving).createReadStream()) chunks.push(chunk as Buffer);
  const [head = "", ...lines] = Buffer.concat(chunks).toString("utf8").trimEnd().split("\r\n");
  const at = head.split(",").indexOf("credits");
  return lines.map((line) => {
    const cells = line.split(",");
    return [cells[1] || (cells[0] ?? ""), cells[at] ?? ""];
  });
}

test(
  "C46: of 500 random runs the page's total is the sum of the runs, and of their nodes; the CSV has the same numbers",
  inChromium,
  async () => {
    assert.deepEqual(await costs(), [made, made]);
    await visit(server, {}, async (page) => {
      for (const by of ["workflow", "user", "model"]) {
        await page.goto(`/usage?hours=24&by=${by}`);
        await settled(page);
        const total = page.locator("dl div", { hasText: /^Credits/ }).locator("[title]");
        assert.equal(whole(await total.getAttribute("title")), made, by);
        await page.locator("dl div", { hasText: /^Runs/ }).getByText(String(RUNS), { exact: true }).waitFor();
        const rows = await paidRows(page);
        assert.equal(sum(rows.map(([, credits]) => whole(credits))), made, by);
        assert.deepEqual(await csvRows(page), rows, by);
      }
    });
  },
);

/** As many runs as the list has, however many pages that takes. */
async function countOf(page: Page): Promise<number> {
  await settled(page);
  const more = page.getByRole("button", { name: "Show more" });
  while ((await more.count()) > 0 && (await more.isVisible())) {
    await more.click();
    await settled(page);
  }
  return Number(await page.getByRole("table", { name: "Runs" }).getAttribute("aria-rowcount")) - 1;
}

test("C46: a click on a bar shows as many runs as the bar says", inChromium, async () => {
  const browser = await owner(server);
  // Of a draft: it is not counted, and not shown.
  const drafts = (await browser.call("GET", "/api/v1/workflows")).json["data"] as unknown as readonly { readonly id: string }[];
  for (const { id } of drafts)
    await browser.call("POST", `/api/v1/workflows/${id}/draft/runs`, { body: { input: { topic: "AI", value: 1 } } });
  await visit(server, {}, async (page) => {
    const open = async () => {
      await page.goto("/usage?hours=24");
      await page.getByText("The numbers").click();
      await page.getByRole("table", { name: "Runs over time" }).getByRole("row").nth(3).waitFor();
    };
    await open();
    const numbers = page.getByRole("table", { name: "Runs over time" }).getByRole("row");
    const told = await Promise.all((await numbers.all()).slice(1).map((row) => row.getByRole("cell").first().innerText()));
    assert.equal(sum(told.map(Number)), RUNS);
    const picture = page.getByRole("img", { name: "Runs over time" }).locator(".u-over");
    for (const nth of [3, 8, 15]) {
      await open();
      const { json } = await browser.call("GET", "/api/v1/runs/stats?hours=24");
      const { total, from, to, bucketMs } = json as unknown as { total: { series: number[] }; from: number; to: number; bucketMs: number };
      const box = (await picture.boundingBox()) ?? assert.fail("no picture");
      // In the middle of the bar, which stands after its moment.
      const x = ((nth + 0.4) * bucketMs * box.width) / (to - from);
      await picture.click({ position: { x, y: box.height / 2 } });
      await page.waitForURL(/\/runs\?/);
      await page.getByRole("button", { name: /^From / }).waitFor();
      assert.equal(await countOf(page), total.series[nth], `bar ${nth}`);
    }
    await open();
    const last = numbers.last();
    const wanted = Number(await last.getByRole("cell").first().innerText());
    await last.getByRole("link").click();
    await page.waitForURL(/\/runs\?/);
    await page.getByRole("button", { name: /^From / }).waitFor();
    assert.equal(await countOf(page), wanted);
    await page.getByRole("button", { name: /^From / }).click();
    await page.waitForURL((url) => !url.search.includes("since"));
  });
});
