import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { AlertMessage } from "@millrace/contract";
import { inChromium, owner, visit } from "#testing/chromium";
import { MovableClock } from "#testing/clock";
import { type Receiver, startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";
import { doctorOf } from "../ops/doctor.ts";

// Alerts and the system, as whoever operates the server sees them.

let server: TestServer;
let receiver: Receiver;
let key: string;
const clock = new MovableClock();

before(async () => {
  receiver = await startReceiver();
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${receiver.port}` }, surroundings: { clock } });
  ({ key } = await server.publish(echo));
});
after(async () => {
  await server.close();
  receiver.close();
});

const received = async (path: string, count: number) => {
  while (receiver.at(path).length < count) await new Promise(setImmediate);
  return receiver.at(path).map(({ body }) => JSON.parse(body) as AlertMessage);
};

test("C48: a rule is made in one sentence, tried, fires and recovers while one looks", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/alerts");
    await page.getByText("Nothing is watched yet.").waitFor();
    await page.getByRole("button", { name: "New alert" }).first().click();
    const form = page.getByRole("dialog");
    await form.getByLabel("When").selectOption({ label: "No activity" });
    await form.getByLabel("Workflow").selectOption({ label: "echo" });
    await form.getByLabel("Looking back on").selectOption({ label: "1 hr" });
    assert.equal(await form.getByTestId("sentence").innerText(), "When there is no run of “echo” for 1 hr");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("Write where to send it: https://…").waitFor();
    await form.getByLabel("URL").fill(receiver.url("/ops"));
    await form.getByRole("button", { name: "Save" }).click();
    const rule = page.getByRole("listitem").filter({ hasText: "When there is no run of “echo” for 1 hr" });
    await rule.getByText("Good").waitFor();
    await rule.getByRole("button", { name: "Test" }).click();
    await rule.getByText("The receiver took the test · 200").waitFor();
    assert.equal((await received("/ops", 1))[0]?.test, true);
    clock.forward(2 * 3_600_000);
    await rule.getByText("Firing").waitFor();
    await page.getByRole("row", { name: /Fired/ }).getByText("No activity · echo").waitFor();
    await server.invoke(key, { input: { text: "a", count: 1 } });
    clock.forward(30_000);
    await rule.getByText("Good").waitFor();
    await page.getByRole("row", { name: /Recovered/ }).waitFor();
    assert.deepEqual(
      (await received("/ops", 3)).map(({ type, test }) => [type, test]),
      [
        ["alert.fired", true],
        ["alert.fired", false],
        ["alert.recovered", false],
      ],
    );
    await page.getByRole("row", { name: /Fired/ }).getByRole("link", { name: "Show" }).click();
    await page.getByRole("dialog").getByText("Attempt 1").waitFor();
  });
});

test("a rule is changed, paused and deleted on a phone", inChromium, async () => {
  const owned = await owner(server);
  const body = { kind: "error_count", name: "errors", channel: { kind: "webhook", url: receiver.url("/ops") } };
  await owned.call("POST", "/api/v1/alerts", { body });
  await visit(server, { width: 375, height: 800, touch: true }, async (page) => {
    await page.goto("/alerts");
    const rule = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "errors" }) });
    await rule.getByRole("button", { name: "Change: errors" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel(/^Threshold/).fill("0");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("Write a number from 1 to 1,000,000.").waitFor();
    await form.getByLabel(/^Threshold/).fill("25");
    await form.getByRole("button", { name: "Save" }).click();
    await rule.getByText("When 25 runs of all workflows fail within 1 hr").waitFor();
    await rule.getByRole("button", { name: "Pause" }).click();
    await rule.getByText("Paused").waitFor();
    assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    await rule.getByRole("button", { name: "Delete: errors" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await rule.waitFor({ state: "detached" });
  });
});

test("C51: the page System shows the checks and verdicts of millrace doctor", inChromium, async () => {
  // Its clock is the machine's, as a database's is.
  const server = await startTestServer();
  const secretKey = join(server.dataDir, "secret.key");
  chmodSync(secretKey, 0o644);
  await visit(server, {}, async (page) => {
    await page.goto("/system");
    await page.getByText(`chmod 600 ${secretKey}`).waitFor();
    const rows = page.locator("[data-check]");
    const shown = await rows.evaluateAll((list) => list.map((row) => [row.getAttribute("data-check"), row.getAttribute("data-verdict")]));
    assert.deepEqual(
      shown,
      (await doctorOf(server.dataDir)).map(({ check, verdict }) => [check, verdict]),
    );
    chmodSync(secretKey, 0o600);
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByText(`chmod 600 ${secretKey}`).waitFor({ state: "detached" });
    await page.getByText("MILLRACE_RETENTION_DAYS").waitFor();
    await page.getByRole("link", { name: /Audit log/ }).click();
    await page.waitForURL("**/audit");
  });
  await server.close();
});
