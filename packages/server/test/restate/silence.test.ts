import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { ended, GatedHouse, skip } from "./house.ts";

/** Longer than a run that only waits stays in the memory of its worker. */
const LONG_MS = 6_000;

describe("a run that says nothing for a while", { skip, timeout: 180_000 }, () => {
  const house = GatedHouse.ofSuite();
  const nap = (forMs: number) => ({ id: "nap", type: "delay", forMs });

  test("hears a timer and a cancel while an attempt of it is under way", async () => {
    const { key, runId } = await house.begin(
      [house.call("held"), nap(LONG_MS), house.call("after")],
      ["start -> held", "start -> nap", "nap -> after", "held -> end", "after -> end"],
    );
    await house.gate.asked();
    const from = house.gate.count;
    await house.gate.asked();
    assert.equal(house.gate.count, from + 1, "the one after the nap");
    assert.equal(await house.api.app.runtime.cancel("default", runId, "no longer needed"), true);
    const { json } = await ended(house.api, key, runId);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });

  test("leaves the memory of its worker when it only waits, and goes on where it was", async () => {
    const { key, runId } = await house.begin([house.call("first"), nap(2 * LONG_MS)], ["start -> first", "first -> nap", "nap -> end"]);
    (await house.gate.asked()).answer("ok");
    while ((await house.statusOf(runId)) !== "suspended");
    assert.equal((await ended(house.api, key, runId)).json["status"], "SUCCEED");
  });

  test("that has left it hears what it is told", async () => {
    const { key, runId } = await house.begin([nap(3_600_000)], ["start -> nap", "nap -> end"]);
    while ((await house.statusOf(runId)) !== "suspended");
    assert.equal(await house.api.app.runtime.cancel("default", runId, "no longer needed"), true);
    const { json } = await ended(house.api, key, runId);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });
});
