import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { type Gate, openGate } from "../postgres/harness.ts";
import { begun, ended, healthy, RestateHouse, skip } from "./house.ts";

// The first moments of a run, in which it asks nothing of the engine but to record what comes of its attempts. See HostedLimits.

const QUIET_MS = 250;

/** Brief calls, one after another: more than a run makes while it is quiet. */
const OFTEN = 2_000;

describe("a run that has just begun", { skip, timeout: 180_000 }, () => {
  const house = new RestateHouse();
  let gate: Gate;
  /** Answers, and hosts nothing. */
  let api: TestServer;

  before(async () => {
    [gate] = await Promise.all([openGate(), house.open()]);
    await house.server({ role: "worker" });
    api = await house.server({ role: "api" });
    await healthy(api);
  });
  after(async () => {
    await gate?.close();
    await house.close();
  });

  const call = (id: string) => ({ id, type: "http", request: { method: "POST", url: gate.url } });
  const end = { id: "end", type: "end", output: {} };

  const begin = (nodes: readonly JsonObject[], edges: readonly string[]) =>
    begun(api, document("quiet", [start({}), ...nodes, end], [...edges]));

  async function commands(runId: string, count: number): Promise<readonly string[]> {
    for (;;) {
      const asked = await house.commandsOf(runId);
      if (asked.length >= count) return asked;
    }
  }

  test("costs the engine neither a timer nor a promise, until an attempt takes longer", async () => {
    const { key, runId } = await begin([call("held")], ["start -> held", "held -> end"]);
    const held = await gate.asked();
    assert.deepEqual(await commands(runId, 5), ["Input", "Run", "Run", "Sleep", "GetPromise"]);
    held.answer("ok");
    assert.equal((await ended(api, key, runId)).json["status"], "SUCCEED");
    assert.equal(gate.count, 1, "it is the same attempt");
  });

  test("hears what it was told as soon as an attempt takes longer", async () => {
    const { key, runId } = await begin([call("held")], ["start -> held", "held -> end"]);
    await gate.asked();
    assert.equal(await api.app.runtime.cancel("default", runId, "no longer needed"), true);
    const { json } = await ended(api, key, runId);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });

  test("has heard what it was told, or ends as if nobody had told it anything", async () => {
    const { key, runId } = await begin([call("brief")], ["start -> brief", "brief -> end"]);
    const held = await gate.asked();
    const told = api.app.runtime.cancel("default", runId, "no longer needed");
    held.answer("ok");
    const { json } = await ended(api, key, runId);
    assert.equal(json["status"], (await told) ? "FAILED" : "SUCCEED");
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

  test("is quiet no longer once it is no longer young, however brief its attempts are", async () => {
    const body = { nodes: [call("brief")], edges: [] };
    const { key, runId } = await begin([{ id: "often", type: "loop", count: OFTEN, body }], ["start -> often", "often -> end"]);
    const answering = (async () => {
      for (;;) (await gate.asked()).answer("ok");
    })();
    assert.equal(await api.app.runtime.cancel("default", runId, "no longer needed"), true);
    const { json } = await Promise.race([ended(api, key, runId), answering]);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });
});
