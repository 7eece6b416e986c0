import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { ApiError, Client, UnsupportedByServerError, verifyWebhook, WebhookVerificationError } from "@millrace/sdk";
import { type Receiver, startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { echo, failing } from "#testing/workflows";

describe("the SDK against a server: lists, webhooks, lost connections", () => {
  let server: TestServer;
  let client: Client;
  let endpoint: string;
  let receiver: Receiver;
  before(async () => {
    receiver = await startReceiver();
    server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${receiver.port}` } });
    endpoint = `http://127.0.0.1:${server.port}`;
    for (const workflow of [echo, failing]) await server.publish(workflow);
    const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
    client = new Client({ apiKey: key, endpoint });
  });
  after(async () => {
    await server.close();
    receiver.close();
  });

  test("runs are listed newest first over all pages, by status, user and time", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count++)
      ids.unshift((await client.workflows("echo").invoke({ value: count }, { userId: "lister" })).workflowRunId);
    await client.workflows("failing").invoke({}, { throwOnFailure: false, userId: "lister" });
    const listed = async (options: Parameters<Client["runs"]["list"]>[0]) => {
      const found: string[] = [];
      for await (const { id } of client.runs.list(options)) found.push(id);
      return found;
    };
    assert.deepEqual(await listed({ workflow: "echo", user: "lister", pageSize: 2 }), ids);
    assert.deepEqual(await listed({ status: "SUCCEED", user: "lister", since: "1h" }), ids);
    assert.deepEqual(await listed({ user: "lister", since: new Date(Date.now() + 60_000) }), []);
    const failed = await listed({ status: "FAILED", user: "lister", since: 0 });
    assert.equal(failed.length, 1);
    await assert.rejects(listed({ since: "yesterday" }), /24h, 7d/);
    for await (const { id } of client.runs.list({ user: "lister", pageSize: 1 })) {
      assert.equal(id, failed[0]);
      break;
    }
    assert.equal((await client.runs.wait(ids[0] ?? "", { workflow: "echo" })).status, "SUCCEED");
  });

  test("a delivery of the server is verified, and is the run", async () => {
    const arrived = new Promise<void>((resolve) => {
      receiver.answer("/hook", (response) => {
        response.end();
        resolve();
      });
    });
    const { json } = await server.call("GET", "/api/v1/workflows/echo/webhook-secret", {
      key: (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key,
    });
    const handle = await client.workflows("echo").start({ value: 1 }, { webhook: [{ method: "POST", url: receiver.url("/hook") }] });
    const run = await handle.wait();
    await arrived;
    const [delivery] = receiver.at("/hook");
    assert.ok(delivery);
    const { headers, body } = delivery;
    const secret = String(json["secret"]);
    assert.deepEqual(await client.webhooks.verify(body, headers, secret), run);
    await assert.rejects(verifyWebhook(`${body} `, headers, secret), WebhookVerificationError);
  });

  test("L42: a connection that is reset after the server has accepted: the invoke is made again, and is one run", async () => {
    const { id, key } = await server.publish({ ...echo, name: "reset" });
    const proxy = await resettingProxy(server.port);
    const run = await new Client({ apiKey: key, endpoint: proxy.endpoint }).workflows("reset").invoke({ value: 1 });
    assert.equal(proxy.connections(), 2);
    const rows = await server.app.store.runs.list("default", { limit: 10, workflowId: id });
    assert.deepEqual(
      rows.map((row) => row.id),
      [run.workflowRunId],
    );
    proxy.close();
  });

  test("L44: every refusal has the id of its request", async () => {
    const refusals = [
      () => client.workflows("nope").invoke({}),
      () => new Client({ apiKey: "mr_x", endpoint }).runs.get("r"),
      () => client.runs.get("01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10", { workflow: "echo" }),
      async () => {
        for await (const _ of client.runs.list({ workflow: "nope" })) assert.fail();
      },
    ];
    for (const act of refusals) {
      await assert.rejects(
        act,
        (error) => error instanceof ApiError && /^req_/.test(error.requestId ?? "") && error.headers.has("x-request-id"),
      );
    }
  });
});

/** Passes everything on, and resets the first connection when an answer comes for it. */
async function resettingProxy(port: number): Promise<{ endpoint: string; connections(): number; close(): void }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((inner) => {
    const isFirst = connections++ === 0;
    const outer = connect(port, "127.0.0.1");
    for (const socket of [inner, outer]) sockets.add(socket.on("error", () => undefined));
    inner.pipe(outer);
    if (isFirst) outer.once("data", () => inner.resetAndDestroy());
    else outer.pipe(inner);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const close = () => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  return { endpoint: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, connections: () => connections, close };
}

describe("the SDK at the vendor's endpoint", () => {
  const asked: { url: string; headers: Headers; body: unknown }[] = [];
  const answers: object[] = [];
  const vendor = new Client({
    apiKey: "app-key",
    endpoint: "https://api-sg.gptbots.ai",
    fetch: async (url, init) => {
      asked.push({ url: String(url), headers: new Headers(init?.headers), body: JSON.parse(String(init?.body)) });
      return Response.json(answers.shift());
    },
  });

  test("invoke, start and wait say what the vendor's API knows, and nothing of ours", async () => {
    const ended = { workflowRunId: "r", status: "SUCCEED", output: { a: 1 } };
    answers.push({ workflowRunId: "r", status: "PENDING" }, ended, ended);
    const handle = await vendor.workflows("w").start({ q: "a" }, { userId: "u", webhook: [{ method: "POST", url: "https://x.example" }] });
    assert.deepEqual(await handle.wait(), ended);
    assert.deepEqual((await vendor.workflows("w").invoke({ q: "b" })).output, { a: 1 });
    assert.deepEqual(
      asked.map(({ url, body }) => [url, body]),
      [
        [
          "https://api-sg.gptbots.ai/v1/workflow/invoke",
          { userId: "u", input: { q: "a" }, isAsync: true, webhook: [{ method: "POST", url: "https://x.example" }] },
        ],
        ["https://api-sg.gptbots.ai/v1/workflow/query/result", { workflowRunId: "r" }],
        ["https://api-sg.gptbots.ai/v1/workflow/invoke", { input: { q: "b" } }],
      ],
    );
    for (const { headers } of asked) assert.deepEqual([...headers.keys()].sort(), ["authorization", "content-type"]);
  });

  test("everything else is unsupported_by_server, before anything is asked", async () => {
    const before = asked.length;
    const events = async () => {
      for await (const _ of vendor.runs.events("r")) assert.fail();
    };
    const list = async () => {
      for await (const _ of vendor.runs.list()) assert.fail();
    };
    const acts = [
      events,
      list,
      () => vendor.runs.cancel("r"),
      () => vendor.runs.signal("r", { name: "go" }),
      () => vendor.runs.replay("r"),
      () => vendor.workflows("w").stream({}),
      () => vendor.workflows("w").invoke({}, { version: "draft" }),
      () => vendor.workflows("w").start({}, { startAt: new Date(0) }),
    ];
    for (const act of acts)
      await assert.rejects(act, (error) => error instanceof UnsupportedByServerError && error.type === "unsupported_by_server");
    assert.equal(asked.length, before);
  });
});
