import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { STAGES } from "#runtime/attempts/lost-attempts";
import { CutOffLives } from "#runtime/restate/cut-off-lives";
import type { HostedLife, SharedStore } from "#store/shared-store";
import type { TestServer } from "#testing/server";
import { type StandingClock, standingClock } from "#testing/standing-clock";
import { document, start } from "#testing/workflows";
import { type Gate, openGate } from "../postgres/harness.ts";
import { ended, RestateHouse, skip } from "./house.ts";

// The invariants of runtime/restate/cut-off-lives.ts. Earlier processes are rows of the store; how one dies of a run is crash-loop.test.ts's to show.

/** Of a process: whoever waits for his stage has been resumed by then. */
const ALL_RESUMED_MS = Math.max(...STAGES.map(({ afterMs }) => afterMs));

/** At the store, while nothing is to happen: what wants to has long had its turn by then. */
const LOOKS = 100;

describe("runs that workers may have died of", { skip, timeout: 180_000 }, () => {
  const house = new RestateHouse();
  const workerPort = String(17_100 + (process.pid % 900));
  let gate: Gate;
  /** Answers, and hosts nothing. */
  let api: TestServer;
  let apiOwner = "";
  let worker: TestServer;
  let workerOwner: string;
  /** The worker's. */
  let clock: StandingClock;
  let startedAt: number;
  /** What the worker has logged. */
  let lines: string[] = [];
  let key: string;

  before(async () => {
    [gate] = await Promise.all([openGate(), house.open()]);
    api = await house.server({ role: "api" });
    [apiOwner = ""] = await owners();
    ({ key } = await api.publish(calling()));
  });
  beforeEach(async () => {
    await open();
    await worker.app.runtime.lookAround();
    while ((await api.call("GET", "/readyz")).status !== 200) await worker.app.runtime.lookAround();
    await api.app.runtime.lookAround();
  });
  afterEach(() => worker.close());
  after(async () => {
    await gate?.close();
    await house.close();
  });

  async function open(): Promise<void> {
    startedAt = Date.now();
    clock = standingClock(startedAt);
    lines = [];
    const { server, owner } = await newProcess(() =>
      house.server({ role: "worker", workerPort }, { clock }, { write: (line) => void lines.push(line) }),
    );
    worker = server;
    workerOwner = owner;
  }

  async function owners(): Promise<ReadonlySet<string>> {
    return new Set((await house.sql<{ owner: string }>("SELECT owner FROM workers")).map(({ owner }) => owner));
  }

  async function newProcess(start: () => Promise<TestServer>): Promise<{ readonly server: TestServer; readonly owner: string }> {
    const before = await owners();
    const server = await start();
    const [owner = ""] = [...(await owners())].filter((one) => !before.has(one));
    return { server, owner };
  }

  /** The worker stops in order, and another one is at its address. */
  async function replace(): Promise<void> {
    await worker.close();
    await open();
  }

  /** The worker lives on, and loses its runs. */
  async function restartEngine(): Promise<void> {
    await house.restate.kill();
    await house.restate.start();
  }

  function calling(): JsonObject {
    const call = { id: "call", type: "http", request: { method: "POST", url: gate.url, body: { json: {} } } };
    return document("calling", [start({}), call, { id: "end", type: "end", output: {} }], ["start -> call", "call -> end"]);
  }

  /** Its call is held. */
  async function begin(): Promise<string> {
    const { json, text } = await api.invoke(key, { input: {}, isAsync: true });
    assert.equal(typeof json["workflowRunId"], "string", text);
    const runId = String(json["workflowRunId"]);
    assert.equal((await heldCall()).runId, runId);
    return runId;
  }

  async function heldCall() {
    const { idempotencyKey = "", answer } = await gate.asked();
    return { runId: idempotencyKey.split(":")[0], answer: () => answer("ok") };
  }

  /** These processes carried out what was under way of the run; of those that the store does not know, none let it go. */
  async function hadIt(runId: string, ...owners: readonly string[]): Promise<void> {
    // None of their entries tells of a lost attempt, but those that a life of the worker has written.
    const progress = "coalesce((SELECT max(progress) FROM hosted_lives WHERE run_id = id), entries)";
    const put = `INSERT INTO hosted_lives SELECT tenant_id, id, $1, ${progress} FROM runs WHERE id = $2`;
    for (const owner of owners) await house.sql(put, owner, runId);
  }

  const dead = (count: number): string[] => Array.from({ length: count }, (_, n) => `dead-${n}`);

  async function goesOn(runId: string): Promise<void> {
    const held = await heldCall();
    assert.equal(held.runId, runId);
    held.answer();
    assert.equal((await ended(api, key, runId)).json["status"], "SUCCEED");
  }

  /** So many runs are set aside in the worker. */
  async function setAside(count: number): Promise<void> {
    const isSo = () => lines.filter((line) => line.includes("few others beside it")).length === count;
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** As long as something goes on, so does the time of the worker. */
  async function whileTimePasses<T>(something: Promise<T>): Promise<T> {
    const ticking = setInterval(() => clock.moveTo(clock.now() + 1_000), 50);
    try {
      return await something;
    } finally {
      clearInterval(ticking);
    }
  }

  test("D1 a worker that stops in order is no death, however often", async () => {
    const runId = await begin();
    for (let stops = 1; stops <= 3; stops++) {
      await replace();
      assert.equal((await heldCall()).runId, runId);
    }
    await replace();
    await goesOn(runId);
  });

  test("an attempt that was lost with its process is told as lost, and each that took its place as another, as soon as it begins", async () => {
    const { key: admin } = await api.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const runId = await begin();
    await replace();
    assert.equal((await heldCall()).runId, runId);
    assert.equal((await attemptsOf(runId, admin)).length, 2);
    await replace();
    await goesOn(runId);
    assert.deepEqual(
      (await attemptsOf(runId, admin)).map(({ lost, endedAt }) => [lost, endedAt === undefined]),
      [
        [true, true],
        [true, true],
        [undefined, false],
      ],
    );
  });

  async function attemptsOf(runId: string, admin: string): Promise<readonly JsonObject[]> {
    const { json, text } = await api.call("GET", `/api/v1/runs/${runId}`, { key: admin });
    const nodes = json["nodes"] as readonly { readonly nodeId: string; readonly attemptList?: readonly JsonObject[] }[];
    assert.ok(nodes, text);
    return nodes.find(({ nodeId }) => nodeId === "call")?.attemptList ?? [];
  }

  test("D1 a process that lives on is no death: nobody waits for longer than its next beat", async () => {
    const runId = await begin();
    const { server: other, owner } = await newProcess(() => house.server({ role: "api" }));
    await hadIt(runId, apiOwner, owner);
    await replace();
    await whileTimePasses(goesOn(runId));
    await other.close();
    await setAside(0);
  });

  test("D1 what came before the run has come further counts no more, and is forgotten", async () => {
    const runId = await begin();
    await hadIt(runId, ...dead(5));
    await house.sql("UPDATE hosted_lives SET progress = progress - 1 WHERE run_id = $1", runId);
    await restartEngine();
    assert.equal((await heldCall()).runId, runId);
    const kept = () => house.sql<{ owner: string }>("SELECT owner FROM hosted_lives WHERE run_id = $1 ORDER BY owner", runId);
    assert.deepEqual(await kept(), [{ owner: workerOwner }]);
    await replace();
    await goesOn(runId);
    assert.deepEqual(await kept(), [{ owner: workerOwner }]);
  });

  test("D2 while it is not known what became of the processes before, nothing is carried out", async () => {
    const runId = await begin();
    const silent = ["silent-0", "silent-1"];
    for (const owner of silent) await house.sql("INSERT INTO workers (owner, beat) VALUES ($1, 7)", owner);
    await hadIt(runId, ...silent);
    const { count } = gate;
    await replace();
    await api.app.runtime.lookAround();
    assert.equal(gate.count, count);
    // As their leases do after a while.
    for (const owner of silent) await house.sql("DELETE FROM workers WHERE owner = $1", owner);
    await whileTimePasses(setAside(1));
    await whileTimePasses(goesOn(runId));
  });

  test("D2 those with fewer deaths come first, from the fourth on one at a time, and while it waits no death counts", async () => {
    const [early, ...late] = [await begin(), await begin(), await begin()];
    assert.ok(early);
    await hadIt(early, ...dead(2));
    for (const runId of late) await hadIt(runId, ...dead(4));
    await replace();
    await setAside(3);
    clock.moveTo(startedAt + ALL_RESUMED_MS - 1);
    const first = await heldCall();
    assert.equal(first.runId, early);
    clock.moveTo(startedAt + ALL_RESUMED_MS);
    assert.deepEqual(await hadByWorker(), [early]);
    const { count } = gate;
    first.answer();
    const second = await heldCall();
    assert.ok(late.includes(second.runId ?? ""));
    assert.deepEqual([...(await hadByWorker())].sort(), [early, second.runId].sort());
    second.answer();
    const third = await heldCall();
    assert.deepEqual([second.runId, third.runId].sort(), [...late].sort());
    third.answer();
    for (const runId of [early, ...late]) assert.equal((await ended(api, key, runId)).json["status"], "SUCCEED");
    assert.equal(gate.count, count + 2);
  });

  test("D2 the next one's turn comes when the engine has recorded what came of the one before, and not when only the process knows", async () => {
    const runIds = [await begin(), await begin()];
    for (const runId of runIds) await hadIt(runId, ...dead(4));
    await replace();
    await setAside(2);
    clock.moveTo(startedAt + ALL_RESUMED_MS);
    const first = await heldCall();
    const { count } = gate;
    process.kill(house.restate.pid, "SIGSTOP");
    try {
      first.answer();
      for (let looks = 0; looks < LOOKS; looks++) await hadByWorker();
      assert.equal(gate.count, count);
      assert.deepEqual(await hadByWorker(), [first.runId]);
    } finally {
      process.kill(house.restate.pid, "SIGCONT");
    }
    const second = await heldCall();
    assert.deepEqual([first.runId, second.runId].sort(), runIds.sort());
    second.answer();
    for (const runId of runIds) assert.equal((await ended(api, key, runId)).json["status"], "SUCCEED");
  });

  test("D2 a life that is over counts no more when the next one begins", async () => {
    const runIds = [await begin(), await begin()];
    for (const runId of runIds) await hadIt(runId, ...dead(4));
    const own = { owner: "another", clock, log: api.app.server.log };
    const lives = new CutOffLives({ ...own, lives: sharedStoreOf(api).hostedLives });
    clock.moveTo(startedAt + ALL_RESUMED_MS);
    const [first, second] = await Promise.all(runIds.map(async (runId) => lifeOf(runId)));
    assert.ok(first && second);
    const [dying, next] = [lives.next(first), lives.next(second)];
    await dying.begin(first.progress);
    const begun = next.begin(second.progress);
    dying.stop();
    await begun;
    assert.deepEqual(await hadBy(own.owner), [second.runId]);
    next.stop();
    for (const runId of runIds) await api.app.runtime.cancel(DEFAULT_TENANT, runId, "no longer needed");
  });

  async function lifeOf(runId: string): Promise<HostedLife> {
    const [row] = await house.sql<{ fence: string; entries: string }>("SELECT fence, entries FROM runs WHERE id = $1", runId);
    return { tenantId: DEFAULT_TENANT, runId, fence: Number(row?.fence), progress: Number(row?.entries) };
  }

  function sharedStoreOf({ app }: TestServer): SharedStore {
    return app.store.shared ?? assert.fail("the store is one process's own");
  }

  test("D2 a process that has carried it out before, and now holds it back, is not said to carry it out", async () => {
    const runId = await begin();
    await restartEngine();
    assert.equal((await heldCall()).runId, runId);
    assert.deepEqual(await hadByWorker(), [runId]);
    await hadIt(runId, ...dead(2));
    await restartEngine();
    await setAside(1);
    assert.deepEqual(await hadByWorker(), []);
    await whileTimePasses(goesOn(runId));
  });

  test("D2 one that waits is cancelled as any other", async () => {
    const runId = await begin();
    await hadIt(runId, ...dead(2));
    await replace();
    await setAside(1);
    assert.equal(await api.app.runtime.cancel("default", runId, "no longer needed"), true);
    const { json } = await ended(api, key, runId);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });

  test("D3 at the fifth death nothing is carried out, and the run ends with crash_loop", async () => {
    const runId = await begin();
    await hadIt(runId, ...dead(5));
    const { count } = gate;
    await replace();
    const { json } = await ended(api, key, runId);
    const { type, message } = json["error"] as JsonObject;
    assert.deepEqual([json["status"], type], ["FAILED", "crash_loop"]);
    assert.match(String(message), /5 times in a row .* call\.$/);
    assert.equal(gate.count, count);
  });

  /** Runs of which it carries out what others have left under way. */
  function hadByWorker(): Promise<readonly string[]> {
    return hadBy(workerOwner);
  }

  async function hadBy(owner: string): Promise<readonly string[]> {
    const rows = await house.sql<{ run_id: string }>("SELECT run_id FROM hosted_lives WHERE owner = $1", owner);
    return rows.map(({ run_id }) => run_id);
  }
});
