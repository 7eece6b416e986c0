import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { MovableClock } from "#testing/clock";
import { drivesItself, ofOwnClock } from "#testing/run-engine";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { EventStream } from "../wire/event-stream.ts";

const HOUR_MS = 3_600_000;
const MAX_RUNS = 5;

const clock = new MovableClock();
let dataDir: string;
let server: TestServer;
let key: string;

const open = () =>
  startTestServer({ dataDir, settings: { maxRuns: String(MAX_RUNS), syncHoldMs: String(2 * HOUR_MS) }, surroundings: { clock } });

const forAnHour = document(
  "forAnHour",
  [start({}), { id: "pause", type: "delay", forMs: HOUR_MS }, { id: "end", type: "end", output: { firedAt: "{{ pause.firedAt }}" } }],
  ["start -> pause", "pause -> end"],
);

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-sleep-"));
  server = await open();
  ({ key } = await server.publish(forAnHour));
});
after(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function queried(runId: unknown, isSo: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await server.query(key, runId);
    if (isSo(answer)) return answer;
  }
}

const ended = (answer: Answer) => answer.json["endTime"] !== undefined;

/** The id of the only run under way, once it sleeps. */
async function newestAsleep(): Promise<string> {
  for (;;) {
    const [run] = await server.app.store.runs.list("default", { limit: 1, status: "RUNNING" });
    if (run && (await server.app.store.runs.asleep("default", run.id))) return run.id;
    await nextTurn();
  }
}

/** Asks that need no socket would keep every other turn of the event loop away. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

async function asleep(headers: { readonly [name: string]: string } = {}): Promise<string> {
  const { json } = await server.invoke(key, { input: {}, isAsync: true }, headers);
  const runId = String(json["workflowRunId"]);
  while (!(await isAsleep(runId))) await server.query(key, runId);
  return runId;
}

/** Where the Restate server drives it, it sleeps there, and the store knows that it waits. */
async function isAsleep(runId: string, by = key): Promise<boolean> {
  if (drivesItself) return (await server.app.store.runs.asleep("default", runId)) !== null;
  return (await server.query(by, runId)).json["waitingFor"] !== undefined;
}

test("P12 a run that sleeps holds no place, and is told like one that does not", ofOwnClock, async () => {
  const ids: string[] = [];
  for (let count = 0; count < 4 * MAX_RUNS; count++) ids.push(await asleep());
  assert.equal(server.app.runtime.attach(ids[0] ?? ""), null);
  const { json } = await server.query(key, ids[0]);
  const { since, until, ...named } = json["waitingFor"] as { since: number; until: number };
  assert.deepEqual([json["status"], named, until - since], ["RUNNING", { type: "timer", nodeId: "pause", nodeName: "pause" }, HOUR_MS]);
  // More are due at once than there are places: they wake as places come free, and none is forgotten.
  clock.forward(HOUR_MS);
  for (const id of ids) assert.equal((await queried(id, ended)).json["status"], "SUCCEED");
});

for (const wait of [
  { type: "signal", signal: "go" },
  { type: "approval", title: "Go on?" },
])
  test(`P12 a run whose first step is to wait for a word (${wait.type}) holds no place either`, { timeout: 60_000 }, async () => {
    const from = wait.type === "approval" ? "told.approve" : "told";
    const nodes = [start({}), { id: "told", ...wait }, { id: "end", type: "end", output: {} }];
    const waiting = await server.publish(document(`first${wait.type}`, nodes, ["start -> told", `${from} -> end`]));
    const ids: string[] = [];
    for (let count = 0; count < 2 * MAX_RUNS; count++) {
      const { status, text, json } = await server.invoke(waiting.key, { input: {}, isAsync: true });
      assert.equal(status, 200, text);
      const runId = String(json["workflowRunId"]);
      while (!(await isAsleep(runId, waiting.key))) await server.query(waiting.key, runId);
      ids.push(runId);
    }
    for (const id of ids) assert.equal(await server.app.runtime.cancel("default", id), true);
  });

test(
  "a caller that waits is told the end of a run that slept meanwhile, and so is one that asks again under the same key",
  ofOwnClock,
  async () => {
    const once = { "Idempotency-Key": "nap" };
    const first = server.invoke(key, { input: {} }, once);
    const runId = await newestAsleep();
    const again = server.invoke(key, { input: {} }, once);
    assert.equal((await server.query(key, runId)).json["status"], "RUNNING");
    clock.forward(HOUR_MS);
    const [one, two] = await Promise.all([first, again]);
    assert.deepEqual([one.json["status"], two.text], ["SUCCEED", one.text]);
    assert.equal(two.headers["idempotent-replayed"], "true");
  },
);

test("W41 an event stream of a run that sleeps stays open and gets its end", ofOwnClock, async () => {
  const runId = await asleep();
  const stream = await EventStream.open(server, runId, { key });
  await stream.until(({ event }) => event === "run.started");
  clock.forward(HOUR_MS);
  const { data } = await stream.until(({ event }) => event === "run.finished");
  assert.equal(data["status"], "SUCCEED");
  stream.cut();
});

test("R14 whoever cancels a run that sleeps wakes it for that, also while it falls asleep", async () => {
  assert.equal(await server.app.runtime.cancel("default", await asleep()), true);
  for (let count = 0; count < 30; count++) {
    const { json } = await server.invoke(key, { input: {}, isAsync: true });
    const answer = await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: json["workflowRunId"] } });
    assert.equal((answer.json["error"] as { type: string }).type, "cancelled", answer.text);
  }
  assert.equal(await server.app.store.runs.countUnfinished(), 0);
});

test("R7 R8 sleepers are woken by the next start, those whose time came while the server was down at once", ofOwnClock, async () => {
  const early = await asleep();
  clock.forward(HOUR_MS / 2);
  const late = await asleep();
  await server.close();
  clock.forward(HOUR_MS / 2);
  server = await open();
  assert.equal((await queried(early, ended)).json["status"], "SUCCEED");
  assert.equal((await server.query(key, late)).json["status"], "RUNNING");
  clock.forward(HOUR_MS / 2);
  assert.equal((await queried(late, ended)).json["status"], "SUCCEED");
});

test("a server that stops while it wakes runs leaves them to the next one, and has nothing to complain of", ofOwnClock, async () => {
  const lines: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), "millrace-sleep-"));
  const another = () =>
    startTestServer({ dataDir: folder, surroundings: { clock }, log: { write: (line: string) => void lines.push(line) } });
  const first = await another();
  const { key } = await first.publish(forAnHour);
  const answers = await Promise.all(Array.from({ length: 100 }, () => first.invoke(key, { input: {}, isAsync: true })));
  const ids = answers.map(({ json }) => String(json["workflowRunId"]));
  for (const id of ids) while ((await first.app.store.runs.asleep("default", id)) === null) await nextTurn();
  clock.forward(HOUR_MS);
  await first.close();
  clock.forward(HOUR_MS);
  const second = await another();
  for (const id of ids) while ((await second.query(key, id)).json["status"] !== "SUCCEED") await nextTurn();
  await second.close();
  rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(
    lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50),
    [],
  );
});
