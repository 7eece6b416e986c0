import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { type Browser, setUpOwner } from "#testing/browser";
import { startTestServer, type TestServer } from "#testing/server";
import { document, failing, start } from "#testing/workflows";

// What the management API says of runs: what they wait for, how they failed, each attempt, and who cancelled them.

let server: TestServer;
let owner: Browser;
let flaky: Server;
let refusals = 2;
before(async () => {
  server = await startTestServer({ settings: { egressAllow: "127.0.0.1/32" } });
  owner = await setUpOwner(server);
  flaky = createServer((request, response) => {
    request.resume();
    refusals -= 1;
    response.writeHead(refusals >= 0 ? 503 : 200, { "Content-Type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => flaky.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  await server.close();
  flaky.close();
});

const asking = document(
  "asking",
  [start({}), { id: "ask", type: "approval", title: "Go on?" }, { id: "end", type: "end", output: {} }],
  ["start -> ask", "ask.approve -> end"],
);

async function read(path: string): Promise<JsonObject> {
  const answer = await owner.call("GET", path);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

const first = async (query: string): Promise<JsonObject> => ((await read(`/api/v1/runs?${query}`))["data"] as JsonObject[])[0] ?? {};

/** A run that waits for people. */
async function waitingRun(): Promise<string> {
  const { key } = await server.publish(asking);
  const { json } = await server.invoke(key, { input: {}, isAsync: true });
  const id = String(json["workflowRunId"]);
  while ((await read(`/api/v1/runs/${id}`))["waitingFor"] === undefined);
  return id;
}

test("a run that waits says for what, in the list and by itself", async () => {
  const id = await waitingRun();
  for (const run of [await first("workflow=asking"), await read(`/api/v1/runs/${id}`)]) {
    const { type, nodeId, approvalId } = run["waitingFor"] as JsonObject;
    assert.deepEqual([run["status"], type, nodeId, typeof approvalId], ["RUNNING", "human", "ask", "string"]);
  }
});

test("a run that is cancelled names who did it, and says so again; what it had under way has ended with it", async () => {
  const id = await waitingRun();
  const answer = await owner.call("POST", `/api/v1/runs/${id}/cancel`);
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await owner.call("POST", `/api/v1/runs/${id}/cancel`)).status, 200);
  const { status, errorType, error, waitingFor, nodes, endedAt } = await read(`/api/v1/runs/${id}`);
  assert.deepEqual([status, errorType, waitingFor], ["FAILED", "cancelled", undefined]);
  const [, asked] = nodes as JsonObject[];
  assert.deepEqual([asked?.["nodeId"], asked?.["status"], asked?.["endedAt"]], ["ask", "FAILED", endedAt]);
  assert.equal((error as JsonObject)["message"], "Cancelled by owner@example.com.");
});

test("a run that ended otherwise is not cancelled; one that there is not is not found", async () => {
  const { key } = await server.publish(failing);
  const { json } = await server.invoke(key, { input: {} });
  assert.equal((await owner.call("POST", `/api/v1/runs/${String(json["workflowRunId"])}/cancel`)).status, 409);
  assert.equal((await owner.call("POST", "/api/v1/runs/0198f3c2-5b15-7cbf-999c-1b21893466b0/cancel")).status, 404);
  assert.equal((await first("workflow=failing"))["errorType"], "code_error");
});

test("each attempt has its own times and its own error", async () => {
  const { port } = flaky.address() as AddressInfo;
  const call = {
    id: "call",
    type: "http",
    retry: { maxAttempts: 3, initialMs: 1, factor: 1, jitter: false },
    request: { method: "GET", url: `http://127.0.0.1:${port}/` },
  };
  const { key } = await server.publish(
    document("flaky", [start({}), call, { id: "end", type: "end", output: {} }], ["start -> call", "call -> end"]),
  );
  const { json } = await server.invoke(key, { input: {} });
  assert.equal(json["status"], "SUCCEED", JSON.stringify(json));
  const nodes = (await read(`/api/v1/runs/${String(json["workflowRunId"])}`))["nodes"] as JsonObject[];
  const tries = nodes[1]?.["attemptList"] as { startedAt: number; endedAt: number; error?: { type: string } }[];
  assert.deepEqual(
    tries.map(({ error }) => error?.type ?? null),
    ["http_503", "http_503", null],
  );
  for (const { startedAt, endedAt } of tries) assert.ok(startedAt <= endedAt);
});

test("a loop has its items with their labels and states; one that failed does not paint the others", async () => {
  const body = {
    nodes: [
      {
        id: "one",
        type: "code",
        inputs: { item: "{{ item }}" },
        code: "if (inputs.item === 'News') throw new Error('no luck'); return inputs;",
      },
    ],
    edges: [],
  };
  const each = {
    id: "each",
    type: "batch",
    items: ["Hawaii", "News", "A".repeat(100)],
    onItemError: "null",
    collect: "{{ one.item }}",
    body,
  };
  const { key } = await server.publish(
    document("looping", [start({}), each, { id: "end", type: "end", output: {} }], ["start -> each", "each -> end"]),
  );
  const { json } = await server.invoke(key, { input: {} });
  assert.equal(json["status"], "SUCCEED", JSON.stringify(json));
  const nodes = (await read(`/api/v1/runs/${String(json["workflowRunId"])}`))["nodes"] as JsonObject[];
  const items = nodes.find(({ nodeId }) => nodeId === "each")?.["items"] as { label: string; status: string }[];
  assert.deepEqual(
    items.map(({ label, status }) => [label, status]),
    [
      ["Hawaii", "SUCCEED"],
      ["News", "FAILED"],
      [`${"A".repeat(63)}…`, "SUCCEED"],
    ],
  );
});
