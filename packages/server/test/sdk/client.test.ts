import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import {
  ApiError,
  AuthError,
  Client,
  ConflictError,
  NotFoundError,
  OverloadError,
  RateLimitError,
  RunFailedError,
  ValidationError,
  WaitTimeoutError,
} from "@millrace/sdk";
import { startTestServer, type TestServer } from "#testing/server";
import { echo, failing, slow, todayNews } from "#testing/workflows";

/** The first bytes of an answer, before its connection breaks. */
function lost(answer: Response, bytes: number): ReadableStream<Uint8Array> {
  const reader = answer.body?.getReader();
  let left = bytes;
  return new ReadableStream({
    pull: async (controller) => {
      const { value } = left > 0 && reader ? await reader.read() : {};
      if (value) controller.enqueue(value.subarray(0, left));
      else controller.error(new Error("cut"));
      left -= value?.length ?? 0;
    },
  });
}

async function eventIds(events: AsyncIterable<{ id?: number | undefined }>): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of events) if (id !== undefined) ids.push(id);
  return ids;
}

/** A run that is still under way when a few requests have been made. */
const LONG_MS = 3_000;

describe("the SDK against a server", () => {
  let server: TestServer;
  let client: Client;
  let endpoint: string;
  before(async () => {
    server = await startTestServer({ settings: { syncHoldMs: "100" } });
    endpoint = `http://127.0.0.1:${server.port}/`;
    for (const workflow of [todayNews, echo, slow, failing]) await server.publish(workflow);
    const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
    client = new Client({ apiKey: key, endpoint });
  });
  after(() => server.close());

  test("invoke resolves with the run", async () => {
    const run = await client.workflows("todayNews").invoke({ topic: "News" }, { userId: "u1" });
    assert.equal(run.status, "SUCCEED");
    assert.deepEqual(run.output, { news: [{ summary: "News today", media: "Wire" }] });
    const row = await server.app.store.runs.get("default", null, run.workflowRunId);
    assert.equal(row?.userId, "u1");
  });

  test("a key of one workflow needs no other words, and MILLRACE_API_KEY and MILLRACE_ENDPOINT are read", async () => {
    const { key } = await server.publish(echo);
    process.env["MILLRACE_API_KEY"] = key;
    process.env["MILLRACE_ENDPOINT"] = endpoint;
    const run = await new Client().workflows("echo").invoke({ value: [1, null] });
    delete process.env["MILLRACE_API_KEY"];
    delete process.env["MILLRACE_ENDPOINT"];
    assert.deepEqual(run.output, { value: [1, null] });
    assert.throws(() => new Client(), /MILLRACE_API_KEY/);
  });

  test("a run is followed to its end, and again from an event on", async () => {
    const handle = await client.workflows("slow").start({ ms: 100 });
    const events = [];
    for await (const event of handle.events()) events.push(event);
    const end = events.at(-1);
    assert.equal(end?.event, "run.finished");
    assert.deepEqual(end?.data, await handle.wait());
    const rest = [];
    for await (const { id } of client.runs.events(handle.workflowRunId, { workflow: "slow", after: events[0]?.id ?? 0 })) rest.push(id);
    assert.deepEqual(
      rest,
      events.slice(1).map(({ id }) => id),
    );
    for await (const event of handle.events({ after: end?.id ?? 0 })) assert.fail(`${event.event} came twice`);
  });

  test("a connection that is lost is made again, after the last event", async () => {
    const asked: string[] = [];
    const { key } = await server.publish(echo);
    const lossy = new Client({
      apiKey: key,
      endpoint,
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        if (!String(url).endsWith("/events")) return answer;
        asked.push(new Headers(init?.headers).get("Last-Event-ID") ?? "");
        return asked.length > 3 ? answer : new Response(lost(answer, 300));
      },
    });
    const handle = await lossy.workflows("echo").start({ value: "x".repeat(50) });
    await handle.wait();
    const all = await eventIds(client.runs.events(handle.workflowRunId, { workflow: "echo" }));
    assert.deepEqual(await eventIds(handle.events()), all);
    assert.ok(asked.length > 1, "a connection was lost");
    assert.equal(asked[0], "");
  });

  test("a failed run is replayed by id, from where it failed or with another input", async () => {
    const failed = await client.workflows("failing").invoke({}, { throwOnFailure: false });
    const again = await client.runs.replay(failed.workflowRunId);
    assert.equal((await again.wait({ throwOnFailure: false })).status, "FAILED");
    const edited = await client.runs.replay(failed.workflowRunId, { from: "start", version: "live", input: { more: 1 } });
    assert.deepEqual((await edited.wait({ throwOnFailure: false })).input, { more: 1 });
    await assert.rejects(client.runs.replay("nope"), NotFoundError);
  });

  test("whoever stops following stops nothing; a run is cancelled once, and its stream ends", async () => {
    const handle = await client.workflows("slow").start({ ms: LONG_MS });
    for await (const { event } of handle.events()) if (event === "node.started") break;
    const stop = new AbortController();
    await assert.rejects(async () => {
      for await (const { event } of handle.events({ signal: stop.signal })) if (event === "node.started") stop.abort(new Error("enough"));
    }, /enough/);
    assert.equal((await client.runs.get(handle.workflowRunId, { workflow: "slow" })).status, "RUNNING");
    const following = Array.from({ length: 2 }, async () => {
      for await (const event of handle.events()) if (event.event === "run.finished") return event.data;
      return null;
    });
    const cancelled = await handle.cancel();
    assert.equal(cancelled.error.type, "cancelled");
    assert.deepEqual(await client.runs.cancel(handle.workflowRunId, { workflow: "slow" }), cancelled);
    assert.deepEqual(await Promise.all(following), [cancelled, cancelled]);
    const done = await client.workflows("echo").start({});
    await done.wait();
    await assert.rejects(done.cancel(), ConflictError);
  });

  test("L41: invoke goes on waiting when the server answers RUNNING", async () => {
    const run = await client.workflows("slow").invoke({ ms: 400 });
    assert.deepEqual(run.output, { waited: 400 });
  });

  test("an invoke whose answer is lost on the way is made again, and is one run", async () => {
    const { id, key } = await server.publish({ ...echo, name: "lossy" });
    let isLost = true;
    const lossy: typeof fetch = async (...request) => {
      const answer = await fetch(...request);
      if (!isLost) return answer;
      isLost = false;
      throw new TypeError("the connection was reset");
    };
    const run = await new Client({ apiKey: key, endpoint, fetch: lossy }).workflows("lossy").invoke({ value: 1 });
    const rows = await server.app.store.runs.list("default", { limit: 10, workflowId: id });
    assert.deepEqual(
      rows.map((row) => row.id),
      [run.workflowRunId],
    );
  });

  test("the vendor's servers know no Idempotency-Key: there an invoke whose fate is unknown is not made twice", async () => {
    let calls = 0;
    const dead: typeof fetch = async () => {
      calls += 1;
      throw new TypeError("the connection was reset");
    };
    const vendor = new Client({ apiKey: "app-key", endpoint: "https://api-sg.gptbots.ai", fetch: dead });
    await assert.rejects(vendor.workflows("w").invoke({}), TypeError);
    assert.equal(calls, 1);
  });

  test("start gives a handle; wait and runs.get find the same run", async () => {
    const handle = await client.workflows("slow").start({ ms: 50 }, { idempotencyKey: "order-42" });
    const done = await handle.wait({ timeoutMs: 60_000 });
    assert.equal(done.workflowRunId, handle.workflowRunId);
    assert.deepEqual(await client.runs.get(handle.workflowRunId, { workflow: "slow" }), done);
  });

  test("a FAILED run throws with the run, unless it is told not to", async () => {
    const failed = await client
      .workflows("failing")
      .invoke({})
      .catch((error: unknown) => error);
    assert.ok(failed instanceof RunFailedError);
    assert.equal(failed.run.status, "FAILED");
    assert.match(failed.message, /^code_error: /);
    const run = await client.workflows("failing").invoke({}, { throwOnFailure: false });
    assert.equal(run.status, "FAILED");
  });

  test("L41: a wait that is over throws with the id; an abort ends it at once", async () => {
    const handle = await client.workflows("slow").start({ ms: LONG_MS });
    const late = await handle.wait({ timeoutMs: 1 }).catch((error: unknown) => error);
    assert.ok(late instanceof WaitTimeoutError);
    assert.equal(late.workflowRunId, handle.workflowRunId);
    const controller = new AbortController();
    const waiting = handle.wait({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(waiting, /enough/);
    assert.equal((await handle.wait()).status, "SUCCEED");
  });

  test("refusals are errors of their own, with type, code and request id", async () => {
    const rejected = (act: Promise<unknown>) =>
      act.then(
        () => assert.fail("nothing was thrown"),
        (error: unknown) => error,
      );
    const invalid = await rejected(client.workflows("todayNews").invoke({ topic: 1 }));
    assert.ok(invalid instanceof ValidationError);
    assert.deepEqual([invalid.status, invalid.type, invalid.code, invalid.errors[0]?.path], [400, "invalid_input", 40000, "/input/topic"]);
    assert.match(invalid.requestId ?? "", /^req_/);
    assert.ok((await rejected(client.workflows("nope").invoke({}))) instanceof NotFoundError);
    assert.ok((await rejected(new Client({ apiKey: "mr_x", endpoint }).workflows("echo").invoke({}))) instanceof AuthError);
    assert.ok((await rejected(client.runs.get("01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10", { workflow: "echo" }))) instanceof NotFoundError);
  });
});

/** A server that answers what it is told, once each, and then that all is well. */
async function scripted(
  answers: ((response: ServerResponse) => void)[],
): Promise<{ client: Client; seen: { path: string; key: unknown; once: unknown }[]; close(): void }> {
  const seen: { path: string; key: unknown; once: unknown }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    request.resume();
    seen.push({ path: request.url ?? "", key: request.headers.authorization, once: request.headers["idempotency-key"] });
    const answer = answers.shift() ?? ((last) => last.end('{"workflowRunId":"r","status":"SUCCEED","output":{}}'));
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { client: new Client({ apiKey: "mr_k", endpoint: `http://127.0.0.1:${port}` }), seen, close: () => server.close() };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end("{}");
const hangUp = (response: ServerResponse) => void response.destroy();

describe("the SDK where something is wrong", () => {
  test("a refusal for now is tried again, Retry-After honoured", async () => {
    const { client, seen, close } = await scripted([status(503), status(429, { "Retry-After": "0.01" })]);
    assert.equal((await client.workflows("w").invoke({})).status, "SUCCEED");
    assert.equal(seen.length, 3);
    assert.equal(seen[0]?.key, "Bearer mr_k");
    close();
  });

  test("a call whose fate is unknown is made again, an invoke under the same key", async () => {
    for (const answer of [status(500), status(502), hangUp]) {
      const { client, seen, close } = await scripted([answer]);
      assert.equal((await client.workflows("w").invoke({})).status, "SUCCEED");
      assert.equal(seen.length, 2);
      assert.match(String(seen[0]?.once), /^[0-9a-f-]{36}$/);
      assert.equal(seen[1]?.once, seen[0]?.once);
      close();
    }
    const { client, seen, close } = await scripted([hangUp, status(502)]);
    assert.equal((await client.runs.get("r")).status, "SUCCEED");
    assert.equal(seen.length, 3);
    close();
  });

  test("a page is refused, unless it insists", () => {
    Object.assign(globalThis, { document: {} });
    try {
      assert.throws(() => new Client({ apiKey: "mr_k" }), /dangerouslyAllowBrowser/);
      assert.ok(new Client({ apiKey: "mr_k", dangerouslyAllowBrowser: true }));
    } finally {
      Reflect.deleteProperty(globalThis, "document");
    }
  });

  test("L44: each status has its class, and gives up after the last attempt", async () => {
    const classes = [
      [400, ValidationError],
      [401, AuthError],
      [402, ApiError],
      [403, AuthError],
      [404, NotFoundError],
      [409, ConflictError],
      [422, ValidationError],
      [429, RateLimitError],
      [500, ApiError],
      [503, OverloadError],
    ] as const;
    for (const [code, type] of classes) {
      const { client, close } = await scripted([status(code), status(code), status(code)]);
      const error = await client.runs.get("r").catch((thrown: unknown) => thrown);
      close();
      assert.ok(error instanceof type, String(code));
      assert.deepEqual([error.status, error.type, error.name], [code, `http_${code}`, type.name]);
    }
  });
});
