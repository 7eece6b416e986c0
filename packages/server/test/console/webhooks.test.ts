import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DEFAULT_TENANT } from "#app";
import type { DeliveryRow } from "#store/webhook-store";
import { inChromium, visit } from "#testing/chromium";
import { MovableClock } from "#testing/clock";
import { type Received, type Receiver, startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";
import { signatures } from "#webhooks/signature";
import { untilDelivery } from "../webhooks/harness.ts";

// The page of webhooks, with real deliveries to a receiver on loopback.

const HOUR_MS = 3_600_000;

let server: TestServer;
let receiver: Receiver;
let workflow: { id: string; key: string };
/** Runs whose deliveries came to their ends before anybody signed in: a session does not last as long as their schedule. */
let shaky: string;
let down: string;
const clock = new MovableClock();

before(async () => {
  receiver = await startReceiver();
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${receiver.port}` }, surroundings: { clock } });
  workflow = await server.publish(echo);
  receiver.answer("/shaky", (response, nth) => void response.writeHead(nth < 3 ? 503 : 200).end("said"));
  receiver.answer("/down", (response) => void response.writeHead(500).end());
  receiver.answer("/gone", (response) => void response.writeHead(410).end());
  [shaky, down] = [await notify("/shaky"), await notify("/down")];
  for (const [run, attempts] of [
    [shaky, 4],
    [down, 10],
  ] as const)
    await triedOut(run, attempts);
});
after(async () => {
  await server.close();
  receiver.close();
});

async function notify(path: string): Promise<string> {
  const webhook = [{ method: "POST", url: receiver.url(path) }];
  const { json, text } = await server.invoke(workflow.key, { input: { text: "a", count: 1 }, isAsync: true, webhook });
  assert.ok(json["workflowRunId"], text);
  return String(json["workflowRunId"]);
}

const until = (runId: string, wanted: (delivery: DeliveryRow) => boolean) =>
  untilDelivery(server, { tenantId: DEFAULT_TENANT, runId, ordinal: 0 }, wanted);

/** Puts the time forward until so many attempts were made, or the delivery has come to its end. */
async function triedOut(runId: string, attempts: number): Promise<void> {
  for (let made = 1; made <= attempts; made++) {
    const { state } = await until(runId, (delivery) => delivery.attempts >= made);
    if (state !== "due") return;
    clock.forward(30 * HOUR_MS);
  }
}

test("a run's tab of webhooks has the state and the attempts of each, and leads to what was sent", inChromium, async () => {
  await until(shaky, ({ state }) => state === "delivered");
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${shaky}?tab=webhooks`);
    await page.getByText("Delivered", { exact: true }).waitFor();
    const ladder = await page.getByRole("list", { name: "Attempts" }).getByRole("listitem").allInnerTexts();
    assert.deepEqual(
      ladder.map((text) => text.replaceAll(/\s+/g, " ")),
      ["1 503", "2 503", "3 503", "4 200"],
    );
    await page.getByRole("link", { name: /\/shaky/ }).click();
    await page.getByRole("dialog").getByText("Attempt 4").waitFor();
  });
});

test(
  "C41, C43: a receiver that fails three times has one delivered row, with four attempts; one that answers 410 is shown as disabled",
  inChromium,
  async () => {
    await until(shaky, ({ state }) => state === "delivered");
    await visit(server, {}, async (page) => {
      await page.goto("/webhooks");
      const row = page.getByRole("table", { name: "Webhooks" }).getByRole("row", { name: /\/shaky/ });
      await row.getByText("Delivered").waitFor();
      assert.equal(await row.count(), 1);
      const ladder = await row.getByRole("list", { name: "Attempts" }).getByRole("listitem").allInnerTexts();
      assert.deepEqual(
        ladder.map((text) => text.replaceAll(/\s+/g, " ")),
        ["1 503", "2 503", "3 503", "4 200"],
      );
      assert.ok(await row.getByRole("button", { name: "Resend" }).isEnabled());
      await row.getByRole("button", { name: /\/shaky/ }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Attempt 4").waitFor();
      const shown = await dialog.locator("summary").allInnerTexts();
      assert.deepEqual(
        shown.map((text) => /\b(503|200)\b/.exec(text)?.[1]),
        ["200", "503", "503", "503"],
      );
      for (const text of shown) assert.match(text, /took \d/);
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.getByLabel("Time").selectOption({ label: "the last hour" });
      await page.waitForURL(/time=1h/);
      await row.waitFor();
      await until(await notify("/gone"), ({ state }) => state === "disabled");
      const endpoint = page.getByRole("table", { name: "Endpoints of the last 24 hours" }).getByRole("row", { name: /\/gone · echo/ });
      await endpoint.getByText(/^Disabled /).waitFor();
      const endpoints = page.getByRole("table", { name: "Endpoints of the last 24 hours" });
      const host = endpoints.getByRole("button", { name: `127.0.0.1:${receiver.port} 1 endpoint` });
      assert.equal(await host.getAttribute("aria-expanded"), "true");
      await endpoint.getByRole("button", { name: "Enable" }).click();
      await page.getByText(/\/gone gets deliveries again$/).waitFor();
      await endpoint.waitFor({ state: "detached" });
    });
    assert.equal(new Set(receiver.at("/shaky").map(({ headers }) => headers["webhook-id"])).size, 1);
  },
);

test("C42: resend, send a test event, recover and rotate from the page; in the overlap both signatures verify", inChromium, async () => {
  await until(down, ({ state }) => state === "failed");
  receiver.answer("/down", (response) => void response.end("ok"));
  await visit(server, {}, async (page) => {
    await page.goto("/webhooks");
    const row = page.getByRole("table", { name: "Webhooks" }).getByRole("row", { name: /\/down/ });
    await row.getByText("Failed").waitFor();
    await page.getByRole("button", { name: "Recover…" }).click();
    await page.getByRole("button", { name: "Resend what failed" }).click();
    await page.getByText("1 delivery is due now").waitFor();
    await row.getByText("Delivered").waitFor();
    const recovered = receiver.at("/down").length;
    await row.getByRole("button", { name: /\/down/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Resend" }).click();
    await page.getByText("It is due now").waitFor();
    await until(down, ({ state, attempts }) => state === "delivered" && attempts > recovered);
    await page
      .getByRole("dialog", { name: /Details|Signing secret/ })
      .getByRole("button", { name: "Close" })
      .click();
    const before = await rotate();
    await page.getByRole("button", { name: "Send test event…" }).click();
    await page.getByRole("dialog").getByLabel("Workflow").selectOption({ label: "echo" });
    await page.getByRole("dialog").getByLabel("URL").fill(receiver.url("/test"));
    await page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
    await page.getByText("The receiver took it · 200").waitFor();
    const [sent] = receiver.at("/test");
    for (const secret of before) assert.ok(signedBy(secret, sent), "both secrets sign");

    async function rotate(): Promise<readonly string[]> {
      await page.getByRole("button", { name: "Signing secret…" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Workflow").selectOption({ label: "echo" });
      const secret = dialog.locator("pre", { hasText: /^whsec_/ }).first();
      const old = (await secret.innerText()).trim();
      await dialog.getByRole("button", { name: "Rotate" }).click();
      await dialog.getByText("The one before it signs too until").waitFor();
      const fresh = (await secret.innerText()).trim();
      assert.notEqual(fresh, old);
      await page
        .getByRole("dialog", { name: /Details|Signing secret/ })
        .getByRole("button", { name: "Close" })
        .click();
      return [old, fresh];
    }
  });
});

/** One of the signatures is of the secret; the time is the server's. */
function signedBy(secret: string, sent: Received | undefined): boolean {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signed } = sent?.headers ?? {};
  return String(signed)
    .split(" ")
    .includes(signatures([secret], String(id), Number(at), sent?.body ?? ""));
}
