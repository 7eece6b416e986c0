import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { standingClock } from "#testing/standing-clock";
import { Project } from "../cli/harness.ts";
import { type OpenProject, openProject, PROJECTS, projectFile, startRelayReceiver } from "./projects.ts";

// The projects in `examples`: the tests that they ship with, by the command; and what they are for, over HTTP.

const names = readdirSync(PROJECTS).sort();

describe("millrace test", () => {
  const cli = new Project();
  after(() => cli.dispose());
  for (const name of names) {
    test(name, async () => {
      const cwd = join(PROJECTS, name);
      const ran = await cli.run(["test", "-o", "json"], { cwd });
      assert.equal(ran.status, 0, ran.stderr);
      const { passed, failed } = JSON.parse(ran.stdout) as { passed: number; failed: number };
      assert.equal(failed, 0);
      assert.ok(passed >= 2, "an example has at least two cases");
      const format = await cli.run(["fmt", "--check"], { cwd });
      assert.equal(format.status, 0, format.stderr);
    });
  }
});

test("order pricing: quantity breaks, discounts, shipping and tax, to the cent; an unknown item holds its order alone", async (t) => {
  const project = await opened(t, "order-pricing");
  const output = await project.outputOf("orderPricing", JSON.parse(projectFile("order-pricing", "orders.json")) as JsonObject);
  const [first, second, third] = output["orders"] as JsonObject[];
  // 4 × 17.40 + 2 × 12.49 = 94.58; −5 % = 89.85; 110 kg cost 21.40; +10 %.
  assert.deepEqual(pick(first, "subtotal", "discount", "shipping", "tax", "total"), [9458, 473, 2140, 1113, 12238]);
  // 2 × 425.00 + 40 × 15.95 = 1488.00; −12 % = 1309.44; nothing for the way; +5.5 %.
  assert.deepEqual(pick(second, "subtotal", "discount", "shipping", "tax", "total"), [148800, 17856, 0, 7202, 138146]);
  assert.deepEqual(third, { id: "A-3", state: "held", unknown: ["SEIVE"] });
  assert.deepEqual([output["held"], output["grandTotal"]], [["A-3"], 150384]);
});

describe("clean contacts", () => {
  const name = "clean-contacts";
  test("500 rows come to the totals that were known before they were spoilt", async (t) => {
    const project = await opened(t, name);
    const output = await project.outputOf("cleanContacts", { csv: projectFile(name, "data/contacts.csv") });
    assert.deepEqual(output["totals"], JSON.parse(projectFile(name, "data/totals.json")));
    const contacts = output["contacts"] as JsonObject[];
    assert.equal(contacts.length, 430);
    for (const { email, phone, signedUp } of contacts) {
      assert.match(String(email), /^[a-z]+\.[a-z]+\d+@[a-z.]+$/);
      assert.match(String(phone), /^\+(43|49|33|39)\d{9}$/);
      assert.match(String(signedUp), /^20\d\d-\d\d-\d\d$/);
    }
    assert.equal((output["problems"] as unknown[]).length, 28);
  });

  test("its script writes the data that ships, to the byte", () => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-contacts-"));
    cpSync(join(PROJECTS, name), folder, { recursive: true });
    const files = ["data/contacts.csv", "data/totals.json", "flows/cleanContacts.500.test.yaml"];
    for (const file of files) rmSync(join(folder, file));
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "data/make-contacts.mjs")], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    for (const file of files) assert.ok(readFileSync(join(folder, file), "utf8") === projectFile(name, file), `${file} is another one`);
    rmSync(folder, { recursive: true });
  });
});

describe("HTTP relay", () => {
  let receiver: Awaited<ReturnType<typeof startRelayReceiver>>;
  let project: OpenProject;
  before(async () => {
    receiver = await startRelayReceiver();
    project = await openProject("http-relay", { settings: { egressAllow: new URL(receiver.url).host } });
  });
  after(async () => {
    await project.close();
    receiver.stop();
  });
  const relay = (id: string, lines: JsonObject[] = [{ sku: "SIEVE" }]) =>
    project.outputOf("httpRelay", { order: { id, lines }, receiver: receiver.url });

  test("an order is taken once, also where it is refused twice before; what is not taken is put aside, with its reason", async () => {
    assert.deepEqual(await relay("A-1"), { delivered: true, number: 1001 });
    assert.deepEqual(await relay("flaky-1"), { delivered: true, number: 1002 });
    const rejected = { delivered: false, error: "http_422", reason: "The receiver does not want it.", putAside: true };
    assert.deepEqual(await relay("A-2", []), rejected);
    const unavailable = "The receiver could not be reached in four attempts; send it again later.";
    assert.deepEqual(await relay("down-1"), { delivered: false, error: "http_503", reason: unavailable, putAside: true });
    const received = (await (await fetch(`${receiver.url}/received`)).json()) as JsonObject;
    assert.deepEqual(received["orders"], [
      { number: 1001, id: "A-1" },
      { number: 1002, id: "flaky-1" },
    ]);
    assert.equal(received["requests"], 1 + 3 + 1 + 4, "each order has as many attempts as it needs");
    const letters = received["deadLetters"] as JsonObject[];
    assert.deepEqual(
      letters.map(({ id, error }) => [id, error]),
      [
        ["A-2", "http_422"],
        ["down-1", "http_503"],
      ],
    );
  });

  test("where nobody listens, the run still ends in order", async () => {
    const nobody = await startRelayReceiver();
    nobody.stop();
    const output = await project.outputOf("httpRelay", { order: { id: "A-3", lines: [] }, receiver: nobody.url });
    assert.deepEqual([output["delivered"], output["putAside"]], [false, false]);
  });
});

test("long document: nine pieces of four chapters in their order, and a summary of what was said of them", async (t) => {
  const project = await opened(t, "long-document");
  const text = projectFile("long-document", "data/alice.md");
  const output = await project.outputOf("longDocument", { text });
  assert.deepEqual(output["chapters"], [
    "Chapter I: Down the Rabbit-Hole",
    "Chapter II: The Pool of Tears",
    "Chapter III: A Caucus-Race and a Long Tale",
    "Chapter IV: The Rabbit Sends in a Little Bill",
  ]);
  const parts = output["parts"] as { chapter: string; summary: string }[];
  assert.deepEqual(
    parts.map(({ chapter }) => /^Chapter (\w+)/.exec(chapter)?.[1]),
    ["I", "I", "II", "II", "III", "III", "IV", "IV", "IV"],
  );
  const plain = text.replace(/\s+/g, " ");
  for (const { summary } of parts) assert.ok(summary !== "" && plain.includes(summary), `"${summary}" is no sentence of the text`);
  assert.ok(String(output["overview"]).length > 0);
  const short = await project.outputOf("longDocument", { text: "The miller opens the gate." });
  assert.deepEqual(short, { overview: "The miller opens the gate.", chapters: [], parts: [] });
});

test("nightly report: begun by its schedule at two in Berlin, it waits half an hour and reports of the day before", async (t) => {
  const clock = standingClock(Date.UTC(2026, 2, 1, 12));
  const project = await opened(t, "nightly-report", { clock });
  const schedule = { workflow: "nightlyReport", cron: "0 2 * * *", timeZone: "Europe/Berlin", input: { settleMinutes: 30 } };
  const created = await project.manage("POST", "/schedules", schedule);
  assert.equal(created.status, 201, created.text);
  clock.moveTo(Date.UTC(2026, 2, 2, 1));
  const id = await theRunOf(project, String(created.json["id"]));
  const waiting = await until(project, id, (run) => run["waitingFor"] !== undefined);
  assert.equal((waiting["waitingFor"] as JsonObject)["until"], Date.UTC(2026, 2, 2, 1, 30), JSON.stringify(waiting));
  clock.moveTo(Date.UTC(2026, 2, 2, 1, 30));
  const ended = await until(project, id, (run) => run["endTime"] !== undefined);
  assert.equal(ended["status"], "SUCCEED", JSON.stringify(ended));
  const report = "Report of 2026-03-01\nSold: 29 for 496.82 EUR\n- FLOUR-25: 21\n- OATS-5: 8\nTo buy: FLOUR-25 (9 left)\n";
  assert.deepEqual(ended["output"], { day: "2026-03-01", cents: 49682, toBuy: [{ sku: "FLOUR-25", left: 9 }], report });
  const { json } = await project.manage("GET", "/runs?trigger=workflow");
  assert.equal((json["data"] as unknown[]).length, 2, "two workflows were called, each as a run of its own");
});

async function theRunOf(project: OpenProject, scheduleId: string): Promise<string> {
  for (;;) {
    const { json } = await project.manage("GET", "/runs?trigger=schedule");
    const [run] = json["data"] as { id: string; starterId?: string }[];
    if (run === undefined) continue;
    assert.equal(run.starterId, scheduleId);
    return run.id;
  }
}

async function until(project: OpenProject, id: string, holds: (run: JsonObject) => boolean): Promise<JsonObject> {
  for (;;) {
    const { json } = await project.server.call("POST", "/v1/workflow/query/result", {
      key: project.key,
      headers: { "Millrace-Workflow": "nightlyReport" },
      body: { workflowRunId: id },
    });
    if (holds(json)) return json;
  }
}

async function opened(t: { after(close: () => Promise<void>): void }, ...args: Parameters<typeof openProject>): Promise<OpenProject> {
  const project = await openProject(...args);
  t.after(() => project.close());
  return project;
}

function pick(value: JsonObject | undefined, ...members: string[]): unknown[] {
  return members.map((name) => value?.[name]);
}
