import assert from "node:assert/strict";
import { createServer } from "node:https";
import { createServer as createTcpServer, type Socket } from "node:net";
import { after, before, describe, it, mock } from "node:test";
import { type Dial, dialTcp } from "#egress/dial";
import { createEgress, type EgressGuard } from "#egress/egress";
import { CONNECT_LIMIT_MS, MAX_ADDRESSES_TRIED } from "#egress/limits";
import { createCertificate } from "#egress/testing/certificate";
import { createNetwork, type LocalServer, listen, PUBLIC, scriptedResolver, startHttp } from "#egress/testing/network";

const get = (egress: EgressGuard, url: string) => egress.request({ url, method: "GET" });

describe("connecting", () => {
  let world: LocalServer;

  before(async () => {
    world = await startHttp((request, response) => response.end(`${request.headers.host}`));
  });
  after(() => world.close());

  it("sends no byte when the socket is connected to another address", async () => {
    let bytes = 0;
    const sockets: Socket[] = [];
    const listener = await listen(
      createTcpServer((socket) => {
        sockets.push(socket);
        socket.on("data", (chunk) => {
          bytes += chunk.length;
        });
        socket.on("error", () => {});
      }),
    );
    const network = createNetwork(() => listener.port);
    for (const claimed of ["127.0.0.1", "1.1.1.2", "::ffff:1.1.1.2", "not an address", undefined]) {
      const dial: Dial = async (...call) => ({ ...(await network.dial(...call)), remoteAddress: claimed });
      const egress = createEgress({ dial });
      for (const scheme of ["http", "https"]) {
        const request = egress.request({ url: `${scheme}://${PUBLIC}/`, method: "POST", body: "secret" });
        await assert.rejects(request, { type: "egress_denied", message: /egress rule 4\)$/ }, `${scheme} ${claimed}`);
      }
      await egress.close();
    }
    await Promise.all(sockets.map((socket) => socket.closed || new Promise((resolve) => socket.once("close", resolve))));
    assert.deepEqual({ bytes, connections: listener.connections() }, { bytes: 0, connections: 10 });
    await listener.close();
  });

  it("tries no other address after one that was not the checked one", async () => {
    const network = createNetwork(() => world.port);
    const dial: Dial = async (...call) => ({ ...(await network.dial(...call)), remoteAddress: "127.0.0.1" });
    const egress = createEgress({ dial, resolver: scriptedResolver({ "a.test": ["8.8.8.8", "9.9.9.9"] }) });
    await assert.rejects(get(egress, "http://a.test/"), { type: "egress_denied" });
    assert.deepEqual(network.dialled, ["8.8.8.8:80"]);
    await egress.close();
  });

  it("takes the IPv4-mapped form of the checked address for the same address", async () => {
    const network = createNetwork(() => world.port);
    const dial: Dial = async (...call) => ({ ...(await network.dial(...call)), remoteAddress: `::ffff:${PUBLIC}` });
    const egress = createEgress({ dial });
    assert.equal((await get(egress, `http://${PUBLIC}/`)).status, 200);
    await egress.close();
  });

  it("dials for itself, and keeps the name in Host", async () => {
    const egress = createEgress({ allow: `name.test:${world.port}`, resolver: scriptedResolver({ "name.test": ["127.0.0.1"] }) });
    const answer = await get(egress, `http://NAME.test.:${world.port}/`);
    assert.equal(Buffer.from(answer.body).toString(), `name.test:${world.port}`);
    await egress.close();
  });

  it("reads the system's names for a host that the operator names", async () => {
    const egress = createEgress({ allow: `localhost:${world.port}` });
    const answer = await get(egress, `http://localhost:${world.port}/`);
    assert.equal(Buffer.from(answer.body).toString(), `localhost:${world.port}`);
    await egress.close();
  });

  it("tries the next address when a connection is refused, and no more than its bound", async () => {
    const closed = await startHttp(() => {});
    await closed.close();
    const network = createNetwork((address) => (address === "9.9.9.9" ? world.port : closed.port));
    const records = ["8.8.8.8", "8.8.4.4", "9.9.9.9"];
    const table = { "near.test": records, "far.test": ["8.8.1.1", ...records], "dead.test": ["8.8.8.8"] };
    const egress = createEgress({ dial: network.dial, resolver: scriptedResolver(table) });
    assert.equal((await get(egress, "http://near.test/")).status, 200);
    assert.equal(network.dialled.length, MAX_ADDRESSES_TRIED);
    await assert.rejects(get(egress, "http://far.test/"), { name: "RetryableError", type: "http_network", message: /ECONNREFUSED/ });
    assert.equal(network.dialled.length, 2 * MAX_ADDRESSES_TRIED);
    await assert.rejects(get(egress, "http://dead.test/"), { type: "http_network" });
    await egress.close();
  });

  it("gives up on a connection at the limit, not before, and abandons it", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const called = Promise.withResolvers<AbortSignal>();
    const dial: Dial = (_address, _port, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        called.resolve(signal);
      });
    const egress = createEgress({ dial });
    let settled = false;
    const request = get(egress, `http://${PUBLIC}/`).finally(() => {
      settled = true;
    });
    const rejected = assert.rejects(request, { name: "RetryableError", type: "http_timeout", message: /connection/ });
    const signal = await called.promise;
    mock.timers.tick(CONNECT_LIMIT_MS - 1);
    await Promise.resolve();
    assert.deepEqual([settled, signal.aborted], [false, false]);
    mock.timers.tick(1);
    await rejected;
    assert.equal(signal.aborted, true);
    mock.timers.reset();
    await egress.close();
  });

  it("abandons a TCP connection when it is told to", async () => {
    const stop = new AbortController();
    const dialling = dialTcp("127.0.0.1", world.port, stop.signal);
    const reason = new Error("stop");
    stop.abort(reason);
    await assert.rejects(dialling, (error) => error === reason);
    await assert.rejects(dialTcp("127.0.0.1", world.port, stop.signal), (error) => error === reason);
  });

  it("ignores the proxy variables of the environment", async () => {
    const proxy = await startHttp((_request, response) => response.end("proxy"));
    const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
    const saved = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
    process.env["NODE_USE_ENV_PROXY"] = "1";
    const network = createNetwork(() => world.port);
    const egress = createEgress({ dial: network.dial });
    try {
      assert.equal((await get(egress, `http://${PUBLIC}/`)).status, 200);
    } finally {
      for (const [name, value] of [...saved, ["NODE_USE_ENV_PROXY", undefined] as const]) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    assert.equal(proxy.connections(), 0);
    await egress.close();
    await proxy.close();
  });

  describe("over TLS", () => {
    const certificate = createCertificate(["secure.test", PUBLIC]);
    let secure: LocalServer;
    const serverNames: unknown[] = [];
    const resolver = scriptedResolver({ "secure.test": [PUBLIC], "other.test": [PUBLIC] });

    before(async () => {
      const server = createServer({ key: certificate.key, cert: certificate.cert }, (_request, response) => response.end("secure"));
      server.on("secureConnection", (socket) => serverNames.push(socket.servername));
      secure = await listen(server);
    });
    after(() => secure.close());

    it("checks the certificate against the name of the URL and sends that name", async () => {
      const network = createNetwork(() => secure.port);
      const egress = createEgress({ dial: network.dial, resolver, trust: certificate.cert });
      assert.equal((await get(egress, "https://secure.test/")).status, 200);
      assert.equal((await get(egress, `https://${PUBLIC}/`)).status, 200);
      assert.deepEqual(serverNames, ["secure.test", false]);
      const wrongName = { name: "RetryableError", type: "http_network", message: /ERR_TLS_CERT_ALTNAME_INVALID/ };
      for (let attempt = 0; attempt < 3; attempt++) await assert.rejects(get(egress, "https://other.test/"), wrongName);
      await egress.close();
    });

    it("refuses a certificate that nobody vouches for, whatever the environment says", async () => {
      const network = createNetwork(() => secure.port);
      process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
      const egress = createEgress({ dial: network.dial, resolver });
      try {
        await assert.rejects(get(egress, "https://secure.test/"), { type: "http_network", message: /SELF_SIGNED/ });
      } finally {
        delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      }
      await egress.close();
    });

    it("gives up on a handshake at the limit and closes the socket", async () => {
      mock.timers.enable({ apis: ["setTimeout"] });
      const greeted = Promise.withResolvers<Socket>();
      const silent = await listen(createTcpServer((socket) => socket.once("data", () => greeted.resolve(socket))));
      const egress = createEgress({ dial: createNetwork(() => silent.port).dial, resolver, trust: certificate.cert });
      const request = egress.request({ url: "https://secure.test/", method: "GET", timeoutMs: 2 * CONNECT_LIMIT_MS });
      const rejected = assert.rejects(request, { name: "RetryableError", type: "http_timeout", message: /connection/ });
      const socket = await greeted.promise;
      const closed = new Promise((resolve) => socket.on("error", resolve).once("close", resolve));
      mock.timers.tick(CONNECT_LIMIT_MS);
      await rejected;
      await closed;
      mock.timers.reset();
      await egress.close();
      await silent.close();
    });

    it("fails when the other side does not speak TLS, or hangs up", async () => {
      const silent = await listen(createTcpServer((socket) => socket.destroy()));
      for (const port of [world.port, silent.port]) {
        const network = createNetwork(() => port);
        const egress = createEgress({ dial: network.dial, resolver, trust: certificate.cert });
        await assert.rejects(get(egress, "https://secure.test/"), { name: "RetryableError", type: "http_network" });
        await egress.close();
      }
      await silent.close();
    });
  });
});
