import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { STAGES } from "#runtime/attempts/lost-attempts";
import { RETRY_MS } from "#runtime/embedded/crash-loops";
import { inData, makeDeath } from "#testing/kept-data";
import { ofOwnDriver } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { standingClock } from "#testing/standing-clock";
import { ofOneDriver } from "#testing/store-database";
import { document, start } from "#testing/workflows";

// The invariants of runtime/embedded/crash-loops.ts, through a real socket. A death is a stop of which the store is told otherwise: that
// the process had not let its runs go. Of several that stop one after another, each takes up what the one before it let go. How a process
// dies of a run is the promise O10's to show.

/** A call that the receiver has not answered; `what` is the input of its run. */
interface Held {
  readonly what: string;
  readonly answer: () => void;
}

let receiver: Server;
let port: number;
let dataDir: string;
let server: TestServer;
let key: string;
let held: Held[] = [];
let logged: string[] = [];
/** Calls of these runs are answered at once. */
const answered = new Set<string>();
let heard: () => void = () => undefined;

/** Of a process: whoever waits for his stage has been resumed by then. */
const ALL_RESUMED_MS = Math.max(...STAGES.map(({ afterMs }) => afterMs));

/** Stands still while a server starts, and between the steps of a test. */
const clock = standingClock(Date.UTC(2026, 5, 1));

const open = () =>
  startTestServer({
    dataDir,
    settings: { egressAllow: `127.0.0.1:${port}` },
    surroundings: { clock },
    log: { write: (line) => void logged.push(line) },
  });

before(async () => {
  receiver = createServer((request, response) => {
    request.resume();
    take(request.url?.slice(1) ?? "", response);
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  port = (receiver.address() as AddressInfo).port;
});
after(() => {
  receiver.close();
  receiver.closeAllConnections();
});
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-crash-loop-"));
  held = [];
  logged = [];
  answered.clear();
  server = await open();
  ({ key } = await server.publish(twoCalls()));
});
afterEach(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function take(what: string, response: ServerResponse): void {
  const answer = () => void response.writeHead(200, { "Content-Type": "application/json" }).end('{"done":true}');
  if (answered.has(what)) answer();
  else held.push({ what, answer });
  heard();
}

function twoCalls() {
  const call = (id: string) => ({ id, type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/{{ start.what }}` } });
  return document(
    "two-calls",
    [start({ what: { type: "string" } }), call("first"), call("second"), { id: "end", type: "end", output: {} }],
    ["start -> first", "first -> second", "second -> end"],
  );
}

function oneCall(what: string): [nodes: JsonObject[], edges: string[]] {
  const call = { id: "call", type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/${what}` } };
  return [
    [start({}), call, { id: "end", type: "end", output: {} }],
    ["start -> call", "call -> end"],
  ];
}

/** Resolves once the receiver holds calls of exactly these, in the order of their names. */
async function holds(...what: readonly string[]): Promise<void> {
  const isSo = () =>
    held
      .map((one) => one.what)
      .sort()
      .join() === what.join();
  while (!isSo()) await new Promise<void>((resolve) => (heard = resolve));
}

/** The one whose call the receiver holds, and no other. */
async function alone(): Promise<string> {
  while (held.length === 0) await new Promise<void>((resolve) => (heard = resolve));
  assert.equal(held.length, 1, held.map(({ what }) => what).join());
  return held[0]?.what ?? "";
}

async function begin(what: string): Promise<string> {
  const { json } = await server.invoke(key, { input: { what }, isAsync: true });
  while (!held.some((one) => one.what === what)) await new Promise<void>((resolve) => (heard = resolve));
  return String(json["workflowRunId"]);
}

/** `lives`: by itself, long enough for any suspect to be resumed in it. */
async function restart(how: "death" | "stop", lives = ALL_RESUMED_MS): Promise<void> {
  await server.close();
  held = [];
  if (how === "death") await makeDeath(dataDir);
  server = await open();
  clock.moveTo(clock.now() + lives);
}

/** So often in a row; the calls of these are under way afterwards, each time. */
async function die(times: number, ...underWay: readonly string[]): Promise<void> {
  for (let deaths = 1; deaths <= times; deaths++) {
    await restart("death");
    await holds(...underWay);
  }
}

async function ended(runId: string): Promise<JsonObject> {
  for (;;) {
    const { json } = await server.query(key, runId);
    if (json["endTime"] !== undefined) return json;
  }
}

test("C3 at the fifth death in a row the run ends FAILED with crash_loop, with its journal; the others end well", ofOneDriver, async () => {
  const runId = await begin("culprit");
  for (let deaths = 1; deaths <= 4; deaths++) {
    await restart("death");
    await holds("culprit");
  }
  await restart("death");
  const { status, error } = await ended(runId);
  assert.equal(status, "FAILED");
  const { type, code, message } = error as JsonObject;
  assert.deepEqual([type, code], ["crash_loop", 50000]);
  assert.equal(message, "The server died 5 times in a row while this run was at the same place: first.");
  const journal = await server.app.store.runs.journal("default", runId);
  assert.equal(journal.filter((entry) => entry.type === "node-started" && entry.path === "first").length, 5);
});

test("C1 a stop never counts, however often", ofOwnDriver, async () => {
  const runId = await begin("innocent");
  for (let stops = 0; stops < 6; stops++) {
    await restart("stop");
    await holds("innocent");
  }
  answered.add("innocent");
  for (const { answer } of held) answer();
  assert.equal((await ended(runId))["status"], "SUCCEED");
});

test("C1 a death after which the run came further begins the count anew", ofOneDriver, async () => {
  const runId = await begin("slow");
  for (let deaths = 1; deaths <= 4; deaths++) {
    await restart("death");
    await holds("slow");
  }
  held.shift()?.answer();
  await holds("slow");
  for (let deaths = 1; deaths <= 4; deaths++) {
    await restart("death");
    await holds("slow");
  }
  answered.add("slow");
  held.shift()?.answer();
  assert.equal((await ended(runId))["status"], "SUCCEED");
});

for (const { deaths: tooFew, afterMs } of STAGES) {
  const lives = afterMs - 1;
  test(`C4 processes that die after ${lives} ms do not die of a suspect, however many`, { ...ofOneDriver, timeout: 60_000 }, async () => {
    const runId = await begin("innocent");
    for (let deaths = 1; deaths <= 7; deaths++) {
      await restart("death", lives);
      // With fewer deaths it is resumed in so long a life.
      if (deaths < tooFew) await holds("innocent");
    }
    assert.equal(held.length, 0);
    clock.moveTo(clock.now() + 1);
    await holds("innocent");
    answered.add("innocent");
    for (const { answer } of held) answer();
    assert.equal((await ended(runId))["status"], "SUCCEED");
  });
}

test("C2 from the fourth death on suspects are resumed one at a time, and only the one that is under way counts", ofOneDriver, async () => {
  const runs = [await begin("a"), await begin("b"), await begin("c")];
  await die(3, "a", "b", "c");
  // Of those with the same number of deaths the oldest comes first.
  await die(1, "a");
  answered.add("b");
  answered.add("c");
  await restart("death");
  assert.deepEqual(await Promise.all(runs.map(async (runId) => (await ended(runId))["status"])), ["FAILED", "SUCCEED", "SUCCEED"]);
});

test("C2 with three deaths eight are under way at once, and those with fewer deaths come first", ofOneDriver, async () => {
  const names = [..."abcdefghij"];
  for (const name of names) await begin(name);
  await die(2, ...names);
  await die(1, ...names.slice(0, 8));
  await die(1, ...names.slice(8));
});

test("C2 a suspect that has come further makes room for the next one", ofOneDriver, async () => {
  await begin("a");
  await begin("b");
  await die(3, "a", "b");
  await die(1, "a");
  held.shift()?.answer();
  await holds("a", "b");
});

test("suspects that the store cannot tell are asked for again", { ...ofOneDriver, timeout: 30_000 }, async () => {
  await begin("a");
  await die(1, "a");
  await restart("death", 0);
  await inData(dataDir, "ALTER TABLE suspects RENAME TO suspects_away");
  clock.moveTo(clock.now() + ALL_RESUMED_MS);
  while (!logged.some((line) => line.includes("could not be resumed"))) await new Promise((resolve) => setImmediate(resolve));
  await inData(dataDir, "ALTER TABLE suspects_away RENAME TO suspects");
  clock.moveTo(clock.now() + RETRY_MS);
  await holds("a");
});

test("C2 a run that was resumed alone holds up no run that it waits for", { ...ofOneDriver, timeout: 30_000 }, async () => {
  const { id: called } = await server.publish(document("called", ...oneCall("called")));
  const both = [
    start({}),
    { id: "own", type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/calling` } },
    { id: "other", type: "workflow", workflow: called },
    { id: "end", type: "end", output: {} },
  ];
  ({ key } = await server.publish(document("calling", both, ["start -> own", "start -> other", "own -> end", "other -> end"])));
  const { json } = await server.invoke(key, { input: {}, isAsync: true });
  await holds("called", "calling");
  await die(3, "called", "calling");
  await restart("death");
  // The oldest is alone first, and of the same millisecond either may be it: the id of a called run ends in a hash.
  const first = await alone();
  await holds(first);
  held.shift()?.answer();
  await holds(first === "calling" ? "called" : "calling");
  held.shift()?.answer();
  assert.equal((await ended(String(json["workflowRunId"])))["status"], "SUCCEED");
});
