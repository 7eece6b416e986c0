import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { MovableClock } from "#testing/clock";
import { startTestServer } from "#testing/server";
import { standingClock } from "#testing/standing-clock";
import { ofOneDriver } from "#testing/store-database";
import { document, echo, slow, start } from "#testing/workflows";
import { openWorld, type World } from "./harness.ts";

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 5, 1, 11, 30);
const NOON = START + HOUR_MS / 2;

const picky = document(
  "picky",
  [start({ value: { type: "string" } }, ["value"]), { id: "end", type: "end", output: {} }],
  ["start -> end"],
);

const isoOf = (times: unknown) => (times as number[]).map((time) => new Date(time).toISOString());

describe("schedules", () => {
  let world: World;
  let key: string;
  before(async () => {
    world = await openWorld(START);
    key = (await world.server.publish(echo)).key;
  });
  after(() => world.close());

  const create = async (more: object = {}): Promise<JsonObject> => {
    const made = await world.manage("POST", "/schedules", { workflow: "echo", cron: "0 * * * *", ...more });
    assert.equal(made.status, 201, made.text);
    return made.json;
  };

  test("a run at its due time and not before, with the schedule's input; the list of runs says what began it", async () => {
    const { id, dueTimes } = await create({ name: "hourly", input: { value: 7 }, userId: "u-1" });
    assert.deepEqual(isoOf(dueTimes).slice(0, 2), ["2026-06-01T12:00:00.000Z", "2026-06-01T13:00:00.000Z"]);
    assert.equal((dueTimes as number[]).length, 5);
    world.clock.moveTo(NOON - 1);
    // Another schedule that is seen to shows that the first one was looked at.
    const other = await create({ cron: "59 * * * *" });
    assert.deepEqual(await world.runsOf(String(id)), []);
    world.clock.moveTo(NOON);
    const settled = await world.untilSchedule(String(id), (schedule) => schedule["lastDueAt"] === NOON);
    const [run, ...more] = await world.runsOf(String(id));
    assert.deepEqual(
      [run?.id, run?.origin, run?.userId, run?.acceptedAt, more.length],
      [settled["lastRunId"], { trigger: "schedule", id }, "u-1", NOON, 0],
    );
    const { json } = await world.manage("GET", "/runs?trigger=schedule");
    assert.deepEqual(
      (json["data"] as JsonObject[]).map((row) => [row["id"], row["starterId"]]),
      [[run?.id, id]],
    );
    await world.server.call("GET", `/v1/workflow/run/${run?.id}/events`, { key });
    assert.deepEqual((await world.manage("GET", `/runs/${run?.id}`)).json["output"], { value: 7 });
    for (const one of [id, other["id"]]) assert.equal((await world.manage("DELETE", `/schedules/${String(one)}`)).status, 204);
    assert.equal((await world.manage("GET", `/schedules/${String(id)}`)).status, 404);
  });

  test("paused it starts nothing and makes up for nothing; by hand it runs at once, and its due times stay", async () => {
    const { id } = await create();
    const paused = await world.manage("PATCH", `/schedules/${String(id)}`, { enabled: false });
    assert.deepEqual([paused.json["enabled"], paused.json["dueTimes"]], [false, []]);
    world.clock.moveTo(world.clock.now() + 3 * HOUR_MS);
    const byHand = await world.manage("POST", `/schedules/${String(id)}/run`);
    assert.equal(byHand.json["status"], "PENDING", byHand.text);
    const resumed = await world.manage("PATCH", `/schedules/${String(id)}`, { enabled: true });
    const [next = 0] = resumed.json["dueTimes"] as number[];
    assert.ok(next > world.clock.now());
    world.clock.moveTo(next);
    await world.untilSchedule(String(id), (schedule) => schedule["lastDueAt"] === next);
    const triggers = (await world.runsOf(String(id))).map(({ origin }) => origin?.trigger);
    assert.deepEqual(triggers, ["manual", "schedule"]);
    await world.manage("DELETE", `/schedules/${String(id)}`);
  });

  test("a change of its settings counts from then on, and leaves out nothing else", async () => {
    const { id } = await create({ input: { value: 1 } });
    const { json } = await world.manage("PATCH", `/schedules/${String(id)}`, {
      timeZone: "Asia/Kathmandu",
      cron: "0 9 * * *",
      input: { value: 2 },
    });
    assert.match(isoOf(json["dueTimes"])[0] ?? "", /T03:15:00/);
    assert.deepEqual([json["input"], json["catchUp"], json["version"]], [{ value: 2 }, "last", "live"]);
    await world.manage("DELETE", `/schedules/${String(id)}`);
  });

  test("a run has the version that is live then, or the one that is pinned", async () => {
    const said = (text: string) => document("said", [start({}), { id: "end", type: "end", text }], ["start -> end"]);
    await world.server.publish(said("one"));
    const pinned = await create({ workflow: "said", version: "1.0.0", cron: "15 * * * *" });
    const live = await create({ workflow: "said", cron: "15 * * * *" });
    await world.server.publish(said("two"));
    const at = (live["dueTimes"] as number[])[0] ?? 0;
    world.clock.moveTo(at);
    for (const [schedule, version] of [
      [pinned, "1.0.0"],
      [live, "1.0.1"],
    ] as const) {
      await world.untilSchedule(String(schedule["id"]), ({ lastDueAt }) => lastDueAt === at);
      assert.deepEqual(
        (await world.runsOf(String(schedule["id"]))).map((run) => run.version),
        [version],
      );
    }
  });

  test("what could never run is refused when it is set up; what cannot run any more says so, and goes on", async () => {
    await world.server.publish(picky);
    for (const [body, status, says] of [
      [{ workflow: "echo" }, 400, /cron/],
      [{ workflow: "echo", cron: "every day" }, 400, /\/cron/],
      [{ workflow: "echo", cron: "0 0 30 2 *" }, 400, /never falls due/],
      [{ workflow: "echo", cron: "0 0 * * *", timeZone: "Mars/Olympus" }, 400, /\/timeZone/],
      [{ workflow: "echo", cron: "0 0 * * *", catchUp: "some" }, 400, /\/catchUp/],
      [{ workflow: "echo", cron: "0 0 * * *", version: "9.9.9" }, 400, /No such version/],
      [{ workflow: "picky", cron: "0 0 * * *" }, 400, /\/input\/value/],
      [{ workflow: "nobodys", cron: "0 0 * * *" }, 404, /No such workflow/],
    ] as const) {
      const refused = await world.manage("POST", "/schedules", body);
      assert.equal(refused.status, status, refused.text);
      assert.match(refused.text, says);
    }
    const { id, dueTimes } = await create({ workflow: "picky", cron: "45 * * * *", input: { value: "a" } });
    await world.server.publish({
      ...picky,
      nodes: [start({ other: { type: "string" } }, ["other"]), { id: "end", type: "end", output: {} }],
    });
    const [at = 0, next = 0] = dueTimes as number[];
    world.clock.moveTo(at);
    const settled = await world.untilSchedule(String(id), ({ lastDueAt }) => lastDueAt === at);
    assert.match(String(settled["lastError"]), /invalid_input: input\.other/);
    assert.deepEqual([settled["lastRunId"], (settled["dueTimes"] as number[])[0]], [undefined, next]);
    const { json: workflow } = await world.manage("GET", "/workflows/picky");
    await world.manage("DELETE", `/workflows/${String(workflow["id"])}`);
    world.clock.moveTo(next);
    const ended = await world.untilSchedule(String(id), ({ enabled }) => enabled === false);
    assert.deepEqual([ended["lastError"], ended["workflowName"]], ["The workflow was deleted.", undefined]);
  });

  test("schedules are listed newest first, in pages, of one workflow or of all", async () => {
    const { json } = await world.manage("GET", "/schedules?limit=1");
    const { json: rest } = await world.manage("GET", `/schedules?limit=100&cursor=${String(json["nextCursor"])}`);
    const ids = [...(json["data"] as JsonObject[]), ...(rest["data"] as JsonObject[])].map(({ id }) => String(id));
    assert.deepEqual(ids, ids.toSorted().toReversed());
    assert.equal(new Set(ids).size, 3);
    const { json: said } = await world.manage("GET", "/schedules?workflow=said");
    assert.equal((said["data"] as JsonObject[]).length, 2);
  });
});

test("over a restart each rule makes up for what was missed, once", async (t) => {
  const world = await openWorld(START);
  t.after(() => world.close());
  await world.server.publish(echo);
  const made = await Promise.all(
    (["none", "last", "all"] as const).map(async (catchUp) => {
      const { json } = await world.manage("POST", "/schedules", { workflow: "echo", cron: "0 * * * *", catchUp });
      return String(json["id"]);
    }),
  );
  await world.reopen(async () => world.clock.moveTo(START + 5 * HOUR_MS));
  for (const again of [false, true]) {
    if (again) await world.reopen();
    const settled = await Promise.all(
      made.map((id) => world.untilSchedule(id, ({ dueTimes }) => Number((dueTimes as number[])[0]) > world.clock.now())),
    );
    // Seen to is one thing, its row another: the last of "all" is there when nothing is due any more.
    await world.untilSchedule(made[2] ?? "", ({ lastDueAt }) => lastDueAt === NOON + 4 * HOUR_MS);
    const runs = await Promise.all(made.map(async (id) => (await world.runsOf(id)).length));
    assert.deepEqual(runs, [0, 1, 5], `${settled.length} schedules`);
  }
});

test("a server at capacity starts the run once it has a place", ofOneDriver, async (t) => {
  const world = await openWorld(START, { maxRuns: "1" });
  t.after(() => world.close());
  const { key } = await world.server.publish(slow);
  await world.server.publish(echo);
  const { json } = await world.manage("POST", "/schedules", { workflow: "echo", cron: "0 * * * *" });
  const holding = await world.server.invoke(key, { input: { ms: 8_000 }, isAsync: true });
  assert.equal(holding.status, 200, holding.text);
  world.clock.moveTo(NOON);
  // A second schedule at the same time is looked at in the same way: its change shows that the first one was.
  await world.manage("POST", "/schedules", { workflow: "echo", cron: "30 * * * *" });
  assert.deepEqual(await world.runsOf(String(json["id"])), []);
  await world.server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: holding.json["workflowRunId"] } });
  const settled = world.untilSchedule(String(json["id"]), ({ lastDueAt }) => lastDueAt === NOON);
  world.clock.moveTo(NOON + 1_000);
  await settled;
  assert.equal((await world.runsOf(String(json["id"]))).length, 1);
});

test("killed between the start of a run and the note of it, the next server finds the run and starts no second one", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-schedule-"));
  const failpoints = "schedule.afterStart.beforeSettle:kill";
  const program = fileURLToPath(new URL("killed-schedule.ts", import.meta.url));
  const env = { ...process.env, MILLRACE_FAILPOINTS: failpoints };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, dataDir, String(START), String(NOON)], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let id = "";
  child.stdout.on("data", (text: Buffer) => {
    id += text.toString("utf8");
  });
  const [, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  assert.equal(signal, "SIGKILL");
  const clock = standingClock(NOON);
  const server = await startTestServer({ dataDir, surroundings: { clock } });
  t.after(async () => {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const schedules = server.app.store.schedules;
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      schedules.get(DEFAULT_TENANT, id.trim()).then((row) => row?.lastDueAt === NOON && resolve(), reject);
    };
    server.app.store.watch(look);
    look();
  });
  const [run, ...more] = await server.app.store.runs.list(DEFAULT_TENANT, { limit: 9, starterId: id.trim() });
  const row = await schedules.get(DEFAULT_TENANT, id.trim());
  assert.deepEqual([run?.id, run?.acceptedAt, more.length, row?.dueAt], [row?.lastRunId, NOON, 0, NOON + HOUR_MS]);
});

test("a clock that is put back repeats no due time, one that is put forward is caught up with", async (t) => {
  const clock = new MovableClock();
  const server = await startTestServer({ surroundings: { clock } });
  t.after(() => server.close());
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  await server.publish(echo);
  const made = await server.call("POST", "/api/v1/schedules", { key, body: { workflow: "echo", cron: "0 * * * *" } });
  const id = String(made.json["id"]);
  const [first = 0] = made.json["dueTimes"] as number[];
  const settled = (at: number) =>
    new Promise<void>((resolve, reject) => {
      const look = (): void => {
        server.app.store.schedules.get(DEFAULT_TENANT, id).then((row) => row?.lastDueAt === at && resolve(), reject);
      };
      server.app.store.watch(look);
      look();
    });
  clock.forward(first - clock.now() + 1_000);
  await settled(first);
  clock.forward(-24 * HOUR_MS);
  // Changed while the clock is behind, it is due again at times that had passed: none of them starts a second run.
  await server.call("PATCH", `/api/v1/schedules/${id}`, { key, body: { name: "again" } });
  clock.forward(24 * HOUR_MS);
  await settled(first);
  clock.forward(48 * HOUR_MS);
  await settled(first + 48 * HOUR_MS);
  const runs = await server.app.store.runs.list(DEFAULT_TENANT, { limit: 9, starterId: id });
  assert.equal(runs.length, 2);
});
