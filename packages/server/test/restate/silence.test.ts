import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { type Gate, openGate } from "../postgres/harness.ts";
import { begun, ended, healthy, RestateHouse, skip } from "./house.ts";

/** Longer than a run that only waits stays in the memory of its worker. */
const LONG_MS = 6_000;

describe("a run that says nothing for a while", { skip, timeout: 180_000 }, () => {
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
  const nap = (forMs: number) => ({ id: "nap", type: "delay", forMs });

  const begin = (nodes: readonly JsonObject[], edges: readonly string[]) =>
    begun(api, document("silence", [start({}), ...nodes, end], [...edges]));

  test("hears a timer and a cancel while an attempt of it is under way", async () => {
    const { key, runId } = await begin(
      [call("held"), nap(LONG_MS), call("after")],
      ["start -> held", "start -> nap", "nap -> after", "held -> end", "after -> end"],
    );
    await gate.asked();
    const from = gate.count;
    await gate.asked();
    assert.equal(gate.count, from + 1, "the one after the nap");
    assert.equal(await api.app.runtime.cancel("default", runId, "no longer needed"), true);
    const { json } = await ended(api, key, runId);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });

  test("leaves the memory of its worker when it only waits, and goes on where it was", async () => {
    const { key, runId } = await begin([call("first"), nap(2 * LONG_MS)], ["start -> first", "first -> nap", "nap -> end"]);
    (await gate.asked()).answer("ok");
    while ((await house.statusOf(runId)) !== "suspended");
    assert.equal((await ended(api, key, runId)).json["status"], "SUCCEED");
  });

  test("that has left it hears what it is told", async () => {
    const { key, runId } = await begin([nap(3_600_000)], ["start -> nap", "nap -> end"]);
    while ((await house.statusOf(runId)) !== "suspended");
    assert.equal(await api.app.runtime.cancel("default", runId, "no longer needed"), true);
    const { json } = await ended(api, key, runId);
    assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  });
});
