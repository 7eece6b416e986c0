import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it, mock } from "node:test";
import { createEgress, type EgressGuard } from "#egress/egress";
import { MAX_DNS_RECORDS, RESOLVE_LIMIT_MS } from "#egress/limits";
import type { Resolver } from "#egress/resolve";
import {
  createNetwork,
  type LocalServer,
  type Network,
  PUBLIC,
  rawAnswer,
  scriptedResolver,
  socketIsFree,
  startHttp,
  startRaw,
} from "#egress/testing/network";

const REBINDING_ROUNDS = 100;

describe("name resolution", () => {
  let world: LocalServer;
  let canary: LocalServer;
  let network: Network;

  before(async () => {
    world = await startHttp((_request, response) => response.end("world"));
    canary = await startHttp((_request, response) => response.end("canary"));
  });
  beforeEach(() => {
    network = createNetwork((address) => (address === PUBLIC ? world.port : canary.port));
  });
  after(async () => {
    assert.equal(canary.connections(), 0);
    await Promise.all([world.close(), canary.close()]);
  });

  async function assertFails(egress: EgressGuard, name: string, expected: object): Promise<void> {
    await assert.rejects(egress.request({ url: `http://${name}.test/`, method: "GET" }), expected, name);
    assert.deepEqual(network.dialled, [], name);
    await egress.close();
  }

  const denied = (rule: number) => ({ name: "TerminalError", type: "egress_denied", message: new RegExp(`egress rule ${rule}\\)$`) });

  const refused: readonly (readonly [name: string, rule: number, records: readonly string[]])[] = [
    ["a-private", 5, ["10.0.0.1"]],
    ["mixed", 5, ["1.1.1.1", "127.0.0.1"]],
    ["mixed6", 6, ["1.1.1.1", "::1"]],
    ["mapped", 5, ["::ffff:169.254.169.254"]],
    ["compatible", 6, ["::8.8.8.8"]],
    ["nat64", 6, ["64:ff9b::a9fe:a9fe"]],
    ["zone", 3, ["1.1.1.1", "2606:4700::1%eth0"]],
    ["not-an-address", 3, ["1.1.1.1", "0x7f.1"]],
    ["many", 3, [...Array.from({ length: 499 }, (_, index) => `1.1.${index >> 8}.${index & 255}`), "10.0.0.1"]],
    // A resolver follows the alias: what counts is where it ends.
    ["cname", 5, ["192.168.7.7"]],
  ];
  for (const [name, rule, records] of refused) {
    it(`refuses ${name}`, () =>
      assertFails(createEgress({ dial: network.dial, resolver: scriptedResolver({ [`${name}.test`]: records }) }), name, denied(rule)));
  }

  it("judges as many records as the bound, and refuses one more", async () => {
    const records = (count: number) => Array.from({ length: count }, () => PUBLIC);
    const egress = (count: number) => createEgress({ dial: network.dial, resolver: scriptedResolver({ "many.test": records(count) }) });
    await assertFails(egress(MAX_DNS_RECORDS + 1), "many", denied(3));
    const most = egress(MAX_DNS_RECORDS);
    assert.equal((await most.request({ url: "http://many.test/", method: "GET" })).status, 200);
    await most.close();
  });

  it("does not say which address a name has", async () => {
    const egress = createEgress({ dial: network.dial, resolver: scriptedResolver({ "a.test": ["10.20.30.40"] }) });
    const error: unknown = await egress.request({ url: "http://a.test/", method: "GET" }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Error && !error.message.includes("10.20"));
    await egress.close();
  });

  it("fails for a name without a record, and for a resolver that gives up on a cycle", async () => {
    const unresolved = { name: "RetryableError", type: "http_network" };
    await assertFails(createEgress({ dial: network.dial, resolver: scriptedResolver({ "empty.test": [] }) }), "empty", unresolved);
    await assertFails(createEgress({ dial: network.dial, resolver: scriptedResolver({}) }), "unknown", {
      ...unresolved,
      message: /ENOTFOUND/,
    });
    const cycle = () => Promise.reject(Object.assign(new Error("loop"), { code: "ESERVFAIL" }));
    await assertFails(createEgress({ dial: network.dial, resolver: scriptedResolver({ "loop.test": cycle }) }), "loop", unresolved);
  });

  it("gives up on a slow resolver at the limit, not before, and tells it to stop", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    let stopped = false;
    const asked = Promise.withResolvers<void>();
    const resolver: Resolver = {
      resolve: (_name, { signal }) => {
        signal.addEventListener("abort", () => {
          stopped = true;
        });
        asked.resolve();
        return new Promise(() => {});
      },
    };
    const egress = createEgress({ dial: network.dial, resolver });
    let settled = false;
    const request = egress.request({ url: "http://slow.test/", method: "GET" }).finally(() => {
      settled = true;
    });
    const rejected = assert.rejects(request, { name: "RetryableError", type: "http_timeout" });
    await asked.promise;
    mock.timers.tick(RESOLVE_LIMIT_MS - 1);
    await Promise.resolve();
    assert.deepEqual({ settled, stopped }, { settled: false, stopped: false });
    mock.timers.tick(1);
    await rejected;
    assert.equal(stopped, true);
    assert.deepEqual(network.dialled, []);
    mock.timers.reset();
    await egress.close();
  });

  it("connects to the address that it checked when the next answer is another one", async () => {
    let lookups = 0;
    for (let round = 0; round < REBINDING_ROUNDS; round++) {
      const answers = [[PUBLIC], ["127.0.0.1"]];
      const rebind = () => {
        lookups += 1;
        return answers.shift() ?? ["127.0.0.1"];
      };
      const egress = createEgress({ dial: network.dial, resolver: scriptedResolver({ "rebind.test": rebind }) });
      assert.equal((await egress.request({ url: "http://rebind.test/", method: "GET" })).status, 200);
      await egress.close();
    }
    assert.equal(lookups, REBINDING_ROUNDS);
    assert.deepEqual([...new Set(network.dialled)], [`${PUBLIC}:80`]);
  });

  it("refuses the second hop of a redirect to a name that has changed", async () => {
    const redirector = await startRaw((_request, socket) => socket.end(rawAnswer(302, ["location: /again"])));
    const answers = [[PUBLIC], ["127.0.0.1"]];
    const resolver = scriptedResolver({ "rebind-redirect.test": () => answers.shift() ?? [] });
    const local = createNetwork((address) => (address === PUBLIC ? redirector.port : canary.port));
    const egress = createEgress({ dial: local.dial, resolver });
    await assert.rejects(egress.request({ url: "http://rebind-redirect.test/", method: "GET" }), denied(5));
    assert.deepEqual(local.dialled, [`${PUBLIC}:80`]);
    await egress.close();
    await redirector.close();
  });

  it("does not lend a pooled socket to a name that has changed", async () => {
    const answers = [[PUBLIC], [PUBLIC], ["127.0.0.1"], ["9.9.9.9"]];
    const local = createNetwork(() => world.port);
    const egress = createEgress({ dial: local.dial, resolver: scriptedResolver({ "rebind-keepalive.test": () => answers.shift() ?? [] }) });
    const call = () => egress.request({ url: "http://rebind-keepalive.test/", method: "GET" });
    await call();
    await socketIsFree();
    await call();
    await socketIsFree();
    assert.deepEqual(local.dialled, [`${PUBLIC}:80`], "the socket is reused while the answer stays");
    await assert.rejects(call(), denied(5));
    await call();
    assert.deepEqual(local.dialled, [`${PUBLIC}:80`, "9.9.9.9:80"], "a socket is used for the address that it was checked for");
    await egress.close();
  });

  it("asks once for requests that start together, and again for later ones", async () => {
    let lookups = 0;
    const count = () => {
      lookups += 1;
      return [PUBLIC];
    };
    const egress = createEgress({ dial: network.dial, resolver: scriptedResolver({ "a.test": count }) });
    const call = () => egress.request({ url: "http://a.test/", method: "GET" });
    await Promise.all(Array.from({ length: 50 }, call));
    assert.equal(lookups, 1);
    await call();
    assert.equal(lookups, 2);
    await egress.close();
  });

  it("says to the resolver whether the operator named the host", async () => {
    const named: string[] = [];
    const resolver: Resolver = {
      resolve: async (name, options) => {
        named.push(`${name} ${options.named}`);
        return [PUBLIC];
      },
    };
    const egress = createEgress({ allow: "intranet", dial: network.dial, resolver });
    await egress.request({ url: "http://intranet/", method: "GET" });
    await egress.request({ url: "http://a.test/", method: "GET" });
    assert.deepEqual(named, ["intranet true", "a.test false"]);
    await egress.close();
  });

  it("refuses an own address, also a public one", async () => {
    const own = createEgress({
      dial: network.dial,
      ownAddresses: () => new Set([PUBLIC]),
      resolver: scriptedResolver({ "own.test": [PUBLIC] }),
    });
    await assert.rejects(own.request({ url: `http://${PUBLIC}/`, method: "GET" }), denied(7));
    await assertFails(own, "own", denied(7));
  });
});
