import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createEgress } from "#egress/egress";
import { createSystemResolver, type Resolver } from "#egress/resolve";
import { type DnsServer, startDns } from "#egress/testing/dns";
import { createNetwork, startHttp } from "#egress/testing/network";

const V4 = Buffer.from([1, 1, 1, 1]);
const V4_PRIVATE = Buffer.from([10, 0, 0, 1]);
const V6 = Buffer.from("26064700470000000000000000001111", "hex");
const V6_COMPATIBLE = Buffer.from("00000000000000000000000008080808", "hex");

describe("the resolver of the system", () => {
  let dns: DnsServer;
  let resolver: Resolver;
  const ask = (name: string) => resolver.resolve(name, { named: false, signal: new AbortController().signal });

  before(async () => {
    dns = await startDns({
      "both.test": { a: [V4, V4_PRIVATE], aaaa: [V6] },
      "four.test": { a: [V4], aaaa: [] },
      "six.test": { a: [], aaaa: [V6] },
      "mixed.test": { a: [V4], aaaa: [V6_COMPATIBLE] },
      "neither.test": { a: [], aaaa: [] },
    });
    resolver = createSystemResolver([dns.address]);
  });
  after(() => dns.close());

  it("gives all records of both families, IPv4 first", async () => {
    assert.deepEqual(await ask("both.test"), ["1.1.1.1", "10.0.0.1", "2606:4700:4700::1111"]);
  });

  it("is content with one family", async () => {
    assert.deepEqual(await ask("four.test"), ["1.1.1.1"]);
    assert.deepEqual(await ask("six.test"), ["2606:4700:4700::1111"]);
  });

  it("rejects for a name without an address and for a name that does not exist", async () => {
    await assert.rejects(ask("neither.test"), { code: "ENODATA" });
    await assert.rejects(ask("absent.test"), { code: "ENOTFOUND" });
  });

  it("stops asking when nobody waits", async () => {
    const silent = await startDns({ "slow.test": { a: null, aaaa: null } });
    const stop = new AbortController();
    const answer = createSystemResolver([silent.address]).resolve("slow.test", { named: false, signal: stop.signal });
    const rejected = assert.rejects(answer, { code: "ECANCELLED" });
    await silent.asked;
    stop.abort();
    await rejected;
    await silent.close();
  });

  it("feeds the guard: a refused address in either family refuses the host", async () => {
    const server = await startHttp((_request, response) => response.end());
    const network = createNetwork(() => server.port);
    const egress = createEgress({ dial: network.dial, resolver });
    for (const name of ["both.test", "mixed.test"]) {
      await assert.rejects(egress.request({ url: `http://${name}/`, method: "GET" }), { type: "egress_denied" });
    }
    assert.deepEqual(network.dialled, []);
    assert.equal((await egress.request({ url: "http://four.test/", method: "GET" })).status, 200);
    await egress.close();
    await server.close();
  });
});
