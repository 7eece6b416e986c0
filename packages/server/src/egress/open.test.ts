import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { after, before, describe, it, mock } from "node:test";
import { gzipSync } from "node:zlib";
import { TerminalError } from "@millrace/engine";
import type { Dispatcher, Pool } from "undici";
import { createEgress, type EgressGuard, type OpenRequest, type OpenResponse } from "#egress/egress";
import { MAX_UNREAD_BYTES } from "#egress/limits";
import { type ByteStream, openExchange } from "#egress/open-exchange";
import {
  createNetwork,
  type LocalServer,
  PUBLIC,
  rawAnswer,
  scriptedResolver,
  socketIsFree,
  startHttp,
  startRaw,
} from "#egress/testing/network";

/** A test that would wait for ever when it fails ends here. */
const HANGS = { timeout: 10_000 };

/** A server whose answers the test writes itself. */
async function startOpen() {
  const requests: { readonly headers: unknown; readonly answer: ServerResponse }[] = [];
  const waiting: (() => void)[] = [];
  const server = await startHttp((request, answer) => {
    request.resume();
    requests.push({ headers: request.headers, answer });
    for (const wake of waiting.splice(0)) wake();
  });
  const arrived = async (count: number) => {
    while (requests.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return requests[count - 1] as (typeof requests)[number];
  };
  return { server, arrived };
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const chunkOf = async ({ body }: OpenResponse) => Buffer.from((await body.next()).value ?? []).toString();

describe("an answer that is read while it comes", HANGS, () => {
  let served: Awaited<ReturnType<typeof startOpen>>;
  let egress: EgressGuard;
  let count = 0;
  before(async () => {
    served = await startOpen();
    egress = createEgress({ dial: createNetwork(() => served.server.port).dial });
  });
  after(async () => {
    mock.timers.reset();
    await egress.close();
    await served.server.close();
  });

  /** The answer, and the server's end of it, once its head is there. */
  async function opened(request: Partial<OpenRequest> = {}) {
    const asked = egress.open({ url: `http://${PUBLIC}/`, method: "POST", body: "{}", ...request });
    count += 1;
    const { headers, answer } = await served.arrived(count);
    answer.writeHead(200, { "content-type": "text/event-stream", "x-seen": "yes" });
    answer.flushHeaders();
    return { headers, answer, response: await asked };
  }

  it("gives the head at once, and each piece when it comes", async () => {
    const { answer, headers, response } = await opened();
    assert.deepEqual([response.status, response.headers["x-seen"], response.url], [200, "yes", `http://${PUBLIC}/`]);
    assert.equal((headers as { "accept-encoding"?: string })["accept-encoding"], "identity");
    for (const piece of ["one", "two"]) {
      answer.write(piece);
      assert.equal(await chunkOf(response), piece);
    }
    answer.end("three");
    assert.equal(await textOf(response.body), "three");
    assert.deepEqual(await response.body.next(), { done: true, value: undefined });
  });

  it("uses a socket again after an answer that was read to its end", async () => {
    const before = served.server.connections();
    for (const text of ["first", "second"]) {
      const { answer, response } = await opened();
      answer.end(text);
      assert.equal(await textOf(response.body), text);
      await socketIsFree();
    }
    assert.ok(served.server.connections() - before <= 1);
  });

  for (const moment of ["before", "while"]) {
    it(`closes the socket at once when the caller cancels ${moment} the body is read`, async () => {
      const cancel = new AbortController();
      const { answer, response } = await opened({ signal: cancel.signal });
      const closed = once(answer, "close");
      answer.write("piece");
      if (moment === "while") assert.equal(await chunkOf(response), "piece");
      const rejected = moment === "while" && assert.rejects(response.body.next(), { name: "TerminalError", type: "cancelled" });
      cancel.abort();
      await closed;
      await rejected;
      await assert.rejects(response.body.next(), { type: "cancelled" });
    });
  }

  it("throws the reason of a cancel when that is one of ours", async () => {
    const cancel = new AbortController();
    const { response } = await opened({ signal: cancel.signal });
    const reason = new TerminalError("node_timeout", "the node's time is up");
    cancel.abort(reason);
    await assert.rejects(response.body.next(), (error) => error === reason);
  });

  it("closes the socket of an answer that is given up, begun or not", async () => {
    for (const reads of [false, true]) {
      const { answer, response } = await opened();
      const closed = once(answer, "close");
      answer.write("piece");
      if (reads) assert.equal(await chunkOf(response), "piece");
      await response.body.return();
      await closed;
      assert.deepEqual(await response.body.next(), { done: true, value: undefined });
    }
  });

  it("bounds the silence within the body, and its whole time", async () => {
    const bounds = [
      { bound: { idleTimeoutMs: 50, timeoutMs: 1_000 }, message: "The other side sent nothing for 50 ms." },
      { bound: { timeoutMs: 50 }, message: "No complete answer within 50 ms." },
    ];
    for (const { bound, message } of bounds) {
      mock.timers.enable({ apis: ["setTimeout"] });
      const { answer, response } = await opened(bound);
      const closed = once(answer, "close");
      answer.write("piece");
      assert.equal(await chunkOf(response), "piece");
      const rejected = assert.rejects(response.body.next(), { name: "RetryableError", type: "http_timeout", message });
      mock.timers.tick(50);
      await rejected;
      await closed;
      mock.timers.reset();
    }
  });

  it("bounds the silence before the head", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const asked = egress.open({ url: `http://${PUBLIC}/`, method: "GET", idleTimeoutMs: 50 });
    const rejected = assert.rejects(asked, { type: "http_timeout", message: "The other side sent nothing for 50 ms." });
    count += 1;
    const { answer } = await served.arrived(count);
    const closed = once(answer, "close");
    mock.timers.tick(50);
    await rejected;
    await closed;
    mock.timers.reset();
  });

  it("does not count the time in which nobody reads as silence", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { answer, response } = await opened({ idleTimeoutMs: 50, timeoutMs: 1_000 });
    mock.timers.tick(500);
    answer.end("late");
    assert.equal(await textOf(response.body), "late");
    mock.timers.reset();
  });

  it("refuses a body over its bound, and takes one at it", async () => {
    const exact = await opened({ maxBytes: 5 });
    exact.answer.end("12345");
    assert.equal(await textOf(exact.response.body), "12345");
    const { answer, response } = await opened({ maxBytes: 5 });
    answer.end("123456");
    await assert.rejects(textOf(response.body), { type: "http_too_large" });
  });

  it("hands on what came before a cut, and then says that it was cut", async () => {
    const { answer, response } = await opened();
    answer.write("half");
    assert.equal(await chunkOf(response), "half");
    answer.destroy();
    await assert.rejects(response.body.next(), { name: "RetryableError", type: "http_network" });
  });

  it("refuses bounds that are none", async () => {
    for (const idleTimeoutMs of [0, -1, 1.5]) {
      await assert.rejects(egress.open({ url: `http://${PUBLIC}/`, method: "GET", idleTimeoutMs }), { type: "type_error" });
    }
  });

  it("ends when the egress closes", async () => {
    const own = createEgress({ dial: createNetwork(() => served.server.port).dial });
    const asked = own.open({ url: `http://${PUBLIC}/`, method: "GET" });
    count += 1;
    const { answer } = await served.arrived(count);
    answer.flushHeaders();
    const { body } = await asked;
    const rejected = assert.rejects(body.next(), { type: "http_network" });
    await own.close();
    await rejected;
  });
});

describe("the rules of the way out hold for it", HANGS, () => {
  const servers: LocalServer[] = [];
  after(() => Promise.all(servers.map((server) => server.close())));

  it("decodes what a server compresses all the same, within the bounds", async () => {
    const server = await startHttp((_request, answer) => {
      answer.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("plain again"));
    });
    servers.push(server);
    const egress = createEgress({ dial: createNetwork(() => server.port).dial });
    const { body } = await egress.open({ url: `http://${PUBLIC}/`, method: "GET" });
    assert.equal(await textOf(body), "plain again");
    await assert.rejects(egress.open({ url: `http://${PUBLIC}/`, method: "GET", maxBytes: 3 }), { type: "http_too_large" });
    await egress.close();
  });

  it("refuses what is not public, and a host that the credential is not bound to", async () => {
    const network = createNetwork(() => 1);
    const egress = createEgress({ dial: network.dial });
    for (const url of ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "file:///etc/passwd"])
      await assert.rejects(egress.open({ url, method: "GET" }), { type: "egress_denied" });
    const credential = { hosts: ["api.test"], headers: [["Authorization", "Bearer x"] as const] };
    await assert.rejects(egress.open({ url: `http://${PUBLIC}/`, method: "GET", credential }), { type: "egress_denied" });
    assert.deepEqual(network.dialled, []);
    await egress.close();
  });

  it("follows redirects by the same rules: to another origin goes no credential, and inward goes nothing", async () => {
    const seen: string[] = [];
    const server = await startRaw((request, socket) => {
      seen.push(request);
      const path = request.split(" ")[1] ?? "";
      const location = { "/away": "http://b.test/end", "/in": "http://127.0.0.1/" }[path];
      socket.end(location ? rawAnswer(302, [`location: ${location}`], "not read") : rawAnswer(200, [], "there"));
    });
    servers.push(server);
    const egress = createEgress({
      dial: createNetwork(() => server.port).dial,
      resolver: scriptedResolver({ "a.test": [PUBLIC], "b.test": ["8.8.8.8"] }),
    });
    const credential = { hosts: ["a.test"], headers: [["Authorization", "Bearer canary"] as const] };
    const { body, url } = await egress.open({ url: "http://a.test/away", method: "GET", credential });
    assert.deepEqual([await textOf(body), url], ["there", "http://b.test/end"]);
    assert.deepEqual(
      seen.map((request) => request.includes("canary")),
      [true, false],
    );
    await assert.rejects(egress.open({ url: "http://a.test/in", method: "GET" }), { type: "egress_denied" });
    await egress.close();
  });
});

describe("what has come and waits for its reader", () => {
  /** Plays the client library's part. */
  function exchanged() {
    let handler: Dispatcher.DispatchHandler = {};
    const pool = {
      dispatch: (_options: unknown, given: Dispatcher.DispatchHandler) => {
        handler = given;
        return true;
      },
    };
    const controller = {
      paused: false,
      pause: () => {
        controller.paused = true;
      },
      resume: () => {
        controller.paused = false;
      },
      abort: () => {},
      aborted: false,
      reason: null,
    };
    const reading = { maxBytes: 10 * MAX_UNREAD_BYTES, whileSilent: <T>(wait: Promise<T>) => wait };
    const wire = { method: "GET", path: "/", headers: [], body: undefined };
    const answer = openExchange(pool as unknown as Pool, wire, reading, new AbortController().signal);
    handler.onRequestStart?.(controller, null);
    handler.onResponseStart?.(controller, 200, {}, "OK");
    return { controller, answer, push: (bytes: number) => handler.onResponseData?.(controller, Buffer.alloc(bytes)) };
  }

  it("is bounded: beyond it the other side waits, until it is read", async () => {
    const { controller, answer, push } = exchanged();
    const body: ByteStream = (await answer).body;
    push(MAX_UNREAD_BYTES);
    assert.equal(controller.paused, false);
    push(1);
    assert.equal(controller.paused, true);
    await body.next();
    assert.equal(controller.paused, false);
  });
});
