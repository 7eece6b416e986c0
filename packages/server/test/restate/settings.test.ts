import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { type Gate, openGate } from "../postgres/harness.ts";
import { ended, healthy, RestateHouse, skip } from "./house.ts";

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

  async function begin(document: JsonObject) {
    const { key } = await api.publish(document);
    const { json, text } = await api.invoke(key, { input: {}, isAsync: true });
    assert.equal(typeof json["workflowRunId"], "string", text);
    return { key, runId: json["workflowRunId"] };
  }

  test("L3 a run goes on with so many attempts at once as it was begun with", async () => {
    const first = await house.server({ role: "worker", runConcurrency: "3" });
    await healthy(api);
    const { key, runId } = await begin(calling(4));
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
