import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { type Gate, openGate } from "../postgres/harness.ts";
import { begun, ended, healthy, RestateHouse, skip } from "./house.ts";

// L3: every life of a run decides what the one before it has decided, also where its process was told otherwise.

describe("workers that are told otherwise", { skip, timeout: 180_000 }, () => {
  const house = new RestateHouse();
  let gate: Gate;
  /** Answers, and hosts nothing. */
  let api: TestServer;

  before(async () => {
    [gate] = await Promise.all([openGate(), house.open()]);
    api = await house.server({ role: "api", runConcurrency: "3" });
  });
  after(async () => {
    await gate?.close();
    await house.close();
  });

  test("L3 a run goes on with so many attempts at once as it was begun with", async () => {
    const first = await house.server({ role: "worker", runConcurrency: "3" });
    await healthy(api);
    const { key, runId } = await begun(api, calling(4));
    for (let asked = 0; asked < 3; asked++) await gate.asked();
    await house.server({ role: "worker", runConcurrency: "1" });
    await first.close();
    // What the first worker was asked is lost with it; the fourth comes where one of the others is answered.
    const again = await Promise.all([gate.asked(), gate.asked(), gate.asked()]);
    for (const asked of again) asked.answer("ok");
    (await gate.asked()).answer("ok");
    const { json } = await ended(api, key, runId);
    assert.deepEqual([json["status"], json["output"]], ["SUCCEED", { last: 200 }]);
    assert.equal(gate.count, 7);
  });

  test("L7 what waits for a place is not under way", async () => {
    const narrow = await house.server({ role: "api", maxAttempts: "2" });
    await healthy(narrow);
    const { count } = gate;
    const { key, runId } = await begun(narrow, calling(4));
    const held = [await gate.asked(), await gate.asked()];
    const entries = await api.app.store.runs.journal("default", runId);
    assert.equal(entries.filter(({ type }) => type === "node-started").length, 2);
    for (const asked of held) asked.answer("ok");
    for (let left = 0; left < 2; left++) (await gate.asked()).answer("ok");
    assert.equal((await ended(narrow, key, runId)).json["status"], "SUCCEED");
    assert.equal(gate.count, count + 4);
  });

  /** All at once, as far as the run may. */
  function calling(count: number): JsonObject {
    const ids = Array.from({ length: count }, (_, index) => `call${index + 1}`);
    const calls = ids.map((id) => ({ id, type: "http", request: { method: "POST", url: gate.url } }));
    const end = { id: "end", type: "end", output: { last: `{{ call${count}.status }}` } };
    return document(
      "calls",
      [start({}), ...calls, end],
      ids.flatMap((id) => [`start -> ${id}`, `${id} -> end`]),
    );
  }
});
