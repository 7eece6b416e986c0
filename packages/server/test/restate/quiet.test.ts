import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { ended, GatedHouse, skip } from "./house.ts";

// The first moments of a run, in which it asks nothing of the engine but to record what comes of its attempts. See HostedLimits.

const QUIET_MS = 250;

/** Brief calls, one after another: more than a run makes while it is quiet. */
const OFTEN = 2_000;

describe("a run that has just begun", { skip, timeout: 180_000 }, () => {
  const house = GatedHouse.ofSuite();

  async function commands(runId: string, count: number): Promise<readonly string[]> {
    for (;;) {
      const asked = await house.commandsOf(runId);
      if (asked.length >= count) return asked;
    }
  }

  test("costs the engine neither a timer nor a promise, until an attempt takes longer", async () => {
    const { key, runId } = await house.begin([house.call("held")], ["start -> held", "held -> end"]);
    const held = await house.gate.asked();
    assert.deepEqual(await commands(runId, 5), ["Input", "Run", "Run", "Sleep", "GetPromise"]);
    held.answer("ok");
    assert.equal((await ended(house.api, key, runId)).json["status"], "SUCCEED");
    assert.equal(house.gate.count, 1, "it is the same attempt");
  });

  test("hears what it was told as soon as an attempt takes longer", async () => {
    const { key, runId } = await house.begin([house.call("held")], ["start -> held", "held -> end"]);
    await house.gate.asked();
    assert.equal(await house.api.app.runtime.cancel("default", runId, "no longer needed"), true);
    const { json } = await ended(house.api, key, runId);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });

  test("has heard what it was told, or ends as if nobody had told it anything", async () => {
    const { key, runId } = await house.begin([house.call("brief")], ["start -> brief", "brief -> end"]);
    const held = await house.gate.asked();
    const told = house.api.app.runtime.cancel("default", runId, "no longer needed");
    held.answer("ok");
    const { json } = await ended(house.api, key, runId);
    assert.equal(json["status"], (await told) ? "FAILED" : "SUCCEED");
  });

  test("arms a timer of its nodes at once, and waits for it beside an attempt", async () => {
    const nap = { id: "nap", type: "delay", forMs: QUIET_MS - 1 };
    const { key, runId } = await house.begin(
      [house.call("held"), nap, house.call("after")],
      ["start -> held", "start -> nap", "nap -> after", "held -> end", "after -> end"],
    );
    const held = await house.gate.asked();
    (await house.gate.asked()).answer("ok");
    held.answer("ok");
    assert.equal((await ended(house.api, key, runId)).json["status"], "SUCCEED");
  });

  test("is quiet no longer once it is no longer young, however brief its attempts are", async () => {
    const body = { nodes: [house.call("brief")], edges: [] };
    const { key, runId } = await house.begin([{ id: "often", type: "loop", count: OFTEN, body }], ["start -> often", "often -> end"]);
    const answering = (async () => {
      for (;;) (await house.gate.asked()).answer("ok");
    })();
    assert.equal(await house.api.app.runtime.cancel("default", runId, "no longer needed"), true);
    const { json } = await Promise.race([ended(house.api, key, runId), answering]);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });
});
