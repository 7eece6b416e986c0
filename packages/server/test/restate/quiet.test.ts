import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { TestServer } from "#testing/server";
import { type StandingClock, standingClock } from "#testing/standing-clock";
import { document, start } from "#testing/workflows";
import { type Gate, openGate } from "../postgres/harness.ts";
import { ended, healthy, RestateHouse, skip } from "./house.ts";

// The first moments of a run, in which it asks nothing of the engine but to record what comes of its attempts. See HostedLimits.

const QUIET_MS = 30;

describe("a run that has just begun", { skip, timeout: 180_000 }, () => {
  const house = new RestateHouse();
  let gate: Gate;
  /** Answers, and hosts nothing. */
  let api: TestServer;
  /** The worker's. */
  let clock: StandingClock;

  before(async () => {
    [gate] = await Promise.all([openGate(), house.open()]);
    clock = standingClock(Date.now());
    await house.server({ role: "worker" }, { clock });
    api = await house.server({ role: "api" });
    await healthy(api);
  });
  after(async () => {
    await gate?.close();
    await house.close();
  });

  const call = (id: string) => ({ id, type: "http", request: { method: "POST", url: gate.url } });
  const end = { id: "end", type: "end", output: {} };

  async function begin(nodes: readonly JsonObject[], edges: readonly string[]) {
    const { key } = await api.publish(document("quiet", [start({}), ...nodes, end], [...edges]));
    const { json, text } = await api.invoke(key, { input: {}, isAsync: true });
    assert.equal(typeof json["workflowRunId"], "string", text);
    return { key, runId: String(json["workflowRunId"]) };
  }

  async function commands(runId: string, count: number): Promise<readonly string[]> {
    for (;;) {
      const asked = await house.commandsOf(runId);
      if (asked.length >= count) return asked;
    }
  }

  test("costs the engine neither a timer nor a promise, until an attempt takes longer", async () => {
    const { key, runId } = await begin([call("first"), call("second")], ["start -> first", "first -> second", "second -> end"]);
    (await gate.asked()).answer("ok");
    const held = await gate.asked();
    clock.moveTo(clock.now() + QUIET_MS - 1);
    assert.deepEqual(await commands(runId, 3), ["Input", "Run", "Run"]);
    clock.moveTo(clock.now() + 1);
    assert.deepEqual(await commands(runId, 6), ["Input", "Run", "Run", "Run", "Sleep", "GetPromise"]);
    held.answer("ok");
    assert.equal((await ended(api, key, runId)).json["status"], "SUCCEED");
    assert.equal(gate.count, 2);
  });

  test("hears what it was told as soon as an attempt takes longer", async () => {
    const { key, runId } = await begin([call("held")], ["start -> held", "held -> end"]);
    await gate.asked();
    const told = api.app.runtime.cancel("default", runId, "no longer needed");
    clock.moveTo(clock.now() + QUIET_MS);
    assert.equal(await told, true);
    const { json } = await ended(api, key, runId);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });

  test("ends as if nobody had told it anything, where its attempts were over soon", async () => {
    const { key, runId } = await begin([call("brief")], ["start -> brief", "brief -> end"]);
    const held = await gate.asked();
    const told = api.app.runtime.cancel("default", runId, "no longer needed");
    held.answer("ok");
    assert.equal((await ended(api, key, runId)).json["status"], "SUCCEED");
    assert.equal(await told, false);
  });

  test("arms a timer of its nodes at once, and waits for it beside an attempt", async () => {
    const nap = { id: "nap", type: "delay", forMs: QUIET_MS - 1 };
    const { key, runId } = await begin(
      [call("held"), nap, call("after")],
      ["start -> held", "start -> nap", "nap -> after", "held -> end", "after -> end"],
    );
    const held = await gate.asked();
    (await gate.asked()).answer("ok");
    held.answer("ok");
    assert.equal((await ended(api, key, runId)).json["status"], "SUCCEED");
  });
});
