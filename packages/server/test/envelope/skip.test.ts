import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { type Counter, startCounter } from "./harness.ts";

let counter: Counter;
let server: TestServer;
before(async () => {
  counter = await startCounter();
  server = await startTestServer({ settings: { egressAllow: "127.0.0.1" } });
});
after(async () => {
  await server.close();
  counter.close();
});

function skipping(skipIf: string): JsonObject {
  const ask = counter.node("ask", "/", { skipIf });
  const after = { id: "after", type: "template", text: "{{ ask.status }}" };
  const end = { id: "end", type: "end", output: { status: "{{ ask.status }}", text: "{{ after.text }}" } };
  const nodes = [start({ when: { type: "boolean" } }), ask, after, end];
  return document("skipping", nodes, ["start -> ask", "ask -> after", "after -> end", "start -> end"]);
}

test("a skipped node does nothing, and neither does what only it leads to; the trace says so", async () => {
  const { key } = await server.publish(skipping("{{ start.when }}"));
  const skipped = await server.invoke(key, { input: { when: true } });
  assert.deepEqual([skipped.json["status"], skipped.json["output"], counter.asked], ["SUCCEED", { status: null, text: null }, []]);
  const asked = await server.invoke(key, { input: { when: false } });
  assert.deepEqual([asked.json["output"], counter.asked], [{ status: 200, text: "200" }, ["/"]]);
  const { key: admin } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  const trace = await server.call("GET", `/api/v1/runs/${String(skipped.json["workflowRunId"])}`, { key: admin });
  const nodes = (trace.json["nodes"] ?? []) as JsonObject[];
  assert.deepEqual(
    nodes.map(({ nodeId, status }) => [nodeId, status]),
    [
      ["start", "SUCCEED"],
      ["ask", "SKIPPED"],
      ["after", "SKIPPED"],
      ["end", "SUCCEED"],
    ],
    trace.text,
  );
});
