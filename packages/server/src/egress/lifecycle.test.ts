import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, it, mock } from "node:test";
import { RetryableError } from "@millrace/engine";
import type { Dial } from "#egress/dial";
import { createEgress } from "#egress/egress";
import { MAX_SOCKETS_PER_ORIGIN } from "#egress/limits";
import { createNetwork, PUBLIC, scriptedResolver, socketIsFree, startHttp, startRaw } from "#egress/testing/network";

const CANCELLED = { name: "TerminalError", type: "cancelled" };

/** A test that would wait for ever when it fails ends here. */
const HANGS_MS = 10_000;

/** A server that takes requests and does not answer. */
async function startSilent() {
  const requests: Socket[] = [];
  const waiting: (() => void)[] = [];
  const server = await startRaw((_request, socket) => {
    requests.push(socket);
    for (const wake of waiting.splice(0)) wake();
  });
  const arrived = async (count: number) => {
    while (requests.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { server, requests, arrived };
}

describe("the life of a request", () => {
  it("closes the socket at once when the caller cancels", async () => {
    const { server, requests, arrived } = await startSilent();
    const egress = createEgress({ dial: createNetwork(() => server.port).dial });
    const cancel = new AbortController();
    const request = egress.request({ url: `http://${PUBLIC}/`, method: "GET", signal: cancel.signal });
    const rejected = assert.rejects(request, CANCELLED);
    await arrived(1);
    const closed = once(requests[0] as Socket, "close");
    cancel.abort();
    await rejected;
    await closed;
    await egress.close();
    await server.close();
  });

  it("closes the socket when the time is up", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { server, requests, arrived } = await startSilent();
    const egress = createEgress({ dial: createNetwork(() => server.port).dial });
    const rejected = assert.rejects(egress.request({ url: `http://${PUBLIC}/`, method: "GET", timeoutMs: 60 }), { type: "http_timeout" });
    await arrived(1);
    const closed = once(requests[0] as Socket, "close");
    mock.timers.tick(60);
    await rejected;
    await closed;
    mock.timers.reset();
    await egress.close();
    await server.close();
  });

  it("throws the reason of a cancel when that is one of ours", async () => {
    const egress = createEgress({ dial: createNetwork(() => 1).dial });
    const reason = new RetryableError("http_timeout", "the node's time is up");
    const request = egress.request({ url: `http://${PUBLIC}/`, method: "GET", signal: AbortSignal.abort(reason) });
    await assert.rejects(request, (error) => error === reason);
    await egress.close();
  });

  it("dials nothing for a request that is cancelled before or during resolution", async () => {
    const network = createNetwork(() => 1);
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<string[]>();
    const resolver = scriptedResolver({
      "a.test": () => {
        asked.resolve();
        return answer.promise;
      },
    });
    const egress = createEgress({ dial: network.dial, resolver });
    const before = egress.request({ url: `http://${PUBLIC}/`, method: "GET", signal: AbortSignal.abort() });
    await assert.rejects(before, CANCELLED);
    const cancel = new AbortController();
    const during = egress.request({ url: "http://a.test/", method: "GET", signal: cancel.signal });
    const rejected = assert.rejects(during, CANCELLED);
    await asked.promise;
    cancel.abort();
    await rejected;
    answer.resolve([PUBLIC]);
    await socketIsFree();
    assert.deepEqual(network.dialled, []);
    await egress.close();
  });

  it("gives up a connection that nobody waits for any more", { timeout: HANGS_MS }, async () => {
    // The connect limit never comes, so only the request's end can give the connection up.
    mock.timers.enable({ apis: ["setTimeout"] });
    const dialled = Promise.withResolvers<AbortSignal>();
    const dial: Dial = (_address, _port, signal) => {
      dialled.resolve(signal);
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const egress = createEgress({ dial });
    const cancel = new AbortController();
    const request = egress.request({ url: `http://${PUBLIC}/`, method: "GET", signal: cancel.signal });
    const rejected = assert.rejects(request, CANCELLED);
    const signal = await dialled.promise;
    const given = once(signal, "abort");
    cancel.abort();
    await rejected;
    await given;
    mock.timers.reset();
    await egress.close();
  });

  it("opens at most its bound of sockets to one origin, and answers every request", async () => {
    let open = 0;
    let most = 0;
    const held: (() => void)[] = [];
    const release = () => {
      for (const answer of held.splice(0)) answer();
    };
    const server = await startHttp((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      held.push(() => {
        open -= 1;
        response.end("ok");
      });
      // Only a full house is let go, so that the bound is reached if there is one.
      if (held.length === MAX_SOCKETS_PER_ORIGIN || answered + held.length === TOTAL) release();
    });
    const TOTAL = 2 * MAX_SOCKETS_PER_ORIGIN + 10;
    let answered = 0;
    const egress = createEgress({ dial: createNetwork(() => server.port).dial });
    const call = async () => {
      const { status } = await egress.request({ url: `http://${PUBLIC}/`, method: "GET" });
      answered += 1;
      if (answered + held.length === TOTAL) release();
      return status;
    };
    const statuses = await Promise.all(Array.from({ length: TOTAL }, call));
    assert.ok(statuses.every((status) => status === 200));
    assert.equal(most, MAX_SOCKETS_PER_ORIGIN);
    assert.equal(server.connections(), MAX_SOCKETS_PER_ORIGIN);
    await egress.close();
    await server.close();
  });

  it("never sends a request that was cancelled while it waited for a socket", async () => {
    const paths: string[] = [];
    const answers: (() => void)[] = [];
    const full = Promise.withResolvers<void>();
    const server = await startHttp((request, response) => {
      paths.push(request.url ?? "");
      answers.push(() => response.end("ok"));
      if (answers.length === MAX_SOCKETS_PER_ORIGIN) full.resolve();
      if (request.url === "/last") for (const answer of answers) answer();
    });
    const egress = createEgress({ dial: createNetwork(() => server.port).dial });
    const call = (path: string, cancel = new AbortController()) =>
      egress.request({ url: `http://${PUBLIC}${path}`, method: "GET", signal: cancel.signal });
    const first = Array.from({ length: MAX_SOCKETS_PER_ORIGIN }, () => call("/first"));
    await full.promise;
    const cancel = new AbortController();
    const dead = assert.rejects(call("/dead", cancel), CANCELLED);
    await socketIsFree();
    cancel.abort();
    await dead;
    const last = call("/last");
    await socketIsFree();
    answers[0]?.();
    await Promise.all([...first, last]);
    assert.deepEqual([...new Set(paths)], ["/first", "/last"]);
    await egress.close();
    await server.close();
  });

  it("does not let a busy origin hold up another", async () => {
    const { server: silent, arrived } = await startSilent();
    const world = await startHttp((_request, response) => response.end("world"));
    const network = createNetwork((address) => (address === PUBLIC ? silent.port : world.port));
    const egress = createEgress({ dial: network.dial });
    const cancel = new AbortController();
    const full = Array.from({ length: MAX_SOCKETS_PER_ORIGIN + 5 }, () =>
      assert.rejects(egress.request({ url: `http://${PUBLIC}/`, method: "GET", signal: cancel.signal }), CANCELLED),
    );
    await arrived(MAX_SOCKETS_PER_ORIGIN);
    assert.equal((await egress.request({ url: "http://9.9.9.9/", method: "GET" })).status, 200);
    cancel.abort();
    await Promise.all(full);
    assert.equal(silent.connections(), MAX_SOCKETS_PER_ORIGIN);
    await egress.close();
    await Promise.all([silent.close(), world.close()]);
  });

  it("prefers an address with open sockets when the answers rotate", async () => {
    const world = await startHttp((_request, response) => response.end("world"));
    const network = createNetwork(() => world.port);
    const answers = [
      ["1.1.1.1", "9.9.9.9"],
      ["9.9.9.9", "1.1.1.1"],
      ["9.9.9.9", "1.1.1.1"],
    ];
    const egress = createEgress({ dial: network.dial, resolver: scriptedResolver({ "a.test": () => answers.shift() ?? [] }) });
    for (let call = 0; call < 3; call++) {
      await egress.request({ url: "http://a.test/", method: "GET" });
      await socketIsFree();
    }
    assert.deepEqual(network.dialled, ["1.1.1.1:80"]);
    await egress.close();
    await world.close();
  });

  it("connects anew after the server has closed a pooled socket", async () => {
    const served: Socket[] = [];
    const server = await startHttp((request, response) => {
      served.push(request.socket);
      response.end("ok");
    });
    const network = createNetwork(() => server.port);
    const egress = createEgress({ dial: network.dial });
    for (let round = 1; round <= 3; round++) {
      assert.equal((await egress.request({ url: `http://${PUBLIC}/`, method: "GET" })).status, 200);
      const closed = new Promise((resolve) => network.sockets.at(-1)?.once("close", resolve));
      served.at(-1)?.end();
      await closed;
      assert.equal(network.dialled.length, round);
    }
    await egress.close();
    await server.close();
  });

  it("ends everything when it is closed, and refuses afterwards", async () => {
    const { server, requests, arrived } = await startSilent();
    const egress = createEgress({ dial: createNetwork(() => server.port).dial });
    const stopping = { name: "RetryableError", type: "http_network", message: /stopping/ };
    const open = Array.from({ length: 3 }, () => assert.rejects(egress.request({ url: `http://${PUBLIC}/`, method: "GET" }), stopping));
    await arrived(3);
    const closed = requests.map((socket) => once(socket, "close"));
    await egress.close();
    await Promise.all([...open, ...closed]);
    await assert.rejects(egress.request({ url: `http://${PUBLIC}/`, method: "GET" }), stopping);
    await egress.close();
    await server.close();
  });
});
