import assert from "node:assert/strict";
import { createServer } from "node:https";
import { after, before, describe, it } from "node:test";
import { parseAllowList } from "#egress/allow-list";
import { checkLiteralUrl, createEgress, type EgressGuard } from "#egress/egress";
import { createCertificate } from "#egress/testing/certificate";
import { createNetwork, type LocalServer, listen, PUBLIC, rawAnswer, scriptedResolver, startHttp, startRaw } from "#egress/testing/network";
import { BENIGN, HOSTILE, TARGETS } from "#egress/testing/targets";

const STATUSES = [301, 302, 303, 307, 308];

/** With a base these three are relative references, so a redirect stays on a public host: they must only not reach the canary. */
const RELATIVE_IN_A_REDIRECT = new Set(["http:127.0.0.1", "http:/127.0.0.1/", "//1.1.1.1/"]);

describe("the corpus of targets", () => {
  const figures = { cells: 0, benignRefused: 0 };
  let canary: LocalServer;
  let world: LocalServer;
  let secureWorld: LocalServer;
  let trust: string;

  before(async () => {
    canary = await startHttp((_request, response) => response.end("canary"));
    world = await startHttp((_request, response) => response.end("world"));
    const certificate = createCertificate(["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2001:4860:4860::8888", "2620:fe::fe"]);
    trust = certificate.cert;
    secureWorld = await listen(createServer(certificate, (_request, response) => response.end("world")));
  });

  after(async () => {
    await Promise.all([canary, world, secureWorld].map((server) => server.close()));
    const cells = `${figures.cells} target x feature cells`;
    console.log(
      `S6: ${TARGETS.length} targets, canary connections ${canary.connections()}, benign refused ${figures.benignRefused}; ${cells}`,
    );
  });

  const toCanary = () => createNetwork(() => canary.port);

  async function assertDenied(egress: EgressGuard, url: string, why: string): Promise<void> {
    for (const ask of [egress.request, egress.open]) {
      figures.cells += 1;
      const denied = { name: "TerminalError", type: "egress_denied" };
      await assert.rejects(ask({ url, method: "GET" }), denied, `${JSON.stringify(url)}: ${why}`);
    }
  }

  it("has the size that the promise names", () => {
    assert.deepEqual([HOSTILE.length, BENIGN.length], [122, 21]);
  });

  it("refuses every hostile URL without dialling or resolving", async () => {
    const network = toCanary();
    let lookups = 0;
    const resolver = {
      resolve: async () => {
        lookups += 1;
        return ["127.0.0.1"];
      },
    };
    const egress = createEgress({ dial: network.dial, resolver });
    for (const { url, why } of HOSTILE) {
      await assertDenied(egress, url, why);
      assert.notEqual(egress.checkUrl(url), null, url);
      assert.notEqual(checkLiteralUrl(url, parseAllowList("")), null, url);
    }
    assert.deepEqual({ lookups, dialled: network.dialled }, { lookups: 0, dialled: [] });
    assert.equal(canary.connections(), 0);
    await egress.close();
  });

  it("lets every benign URL pass", async () => {
    const network = createNetwork((_address, port) => (port === 443 || port === 8443 ? secureWorld.port : world.port));
    const egress = createEgress({ dial: network.dial, trust });
    for (const { url, why } of BENIGN) {
      figures.cells += 1;
      const answer = await egress.request({ url, method: "GET" }).catch((error: unknown) => error);
      if (!(answer instanceof Object && "status" in answer)) figures.benignRefused += 1;
      assert.ok(answer instanceof Object && "body" in answer, `${url} (${why}): ${String(answer)}`);
      assert.equal(Buffer.from(answer.body as Uint8Array).toString(), "world");
      assert.equal(egress.checkUrl(url), null, url);
    }
    assert.equal(network.dialled.length, BENIGN.length);
    assert.ok(network.dialled.includes("8.8.8.8:80"), "an IPv4-mapped literal is dialled as IPv4");
    await egress.close();
  });

  it("refuses every hostile address as the answer of a resolver", async () => {
    const literals = HOSTILE.map(({ url }) => URL.parse(url)?.hostname.replace(/^\[(.*)\]$/, "$1")).filter((host) =>
      /^[\d.]+$|:/.test(host ?? ""),
    );
    const addresses = [...new Set(literals)].filter((host): host is string => host !== undefined && host !== "1.1.1.1");
    assert.ok(addresses.length > 50);
    const network = toCanary();
    for (const address of addresses) {
      const egress = createEgress({ dial: network.dial, resolver: scriptedResolver({ "a.test": [PUBLIC, address] }) });
      await assertDenied(egress, "http://a.test/", `resolves to ${address}`);
      await egress.close();
    }
    assert.deepEqual(network.dialled, []);
  });

  it("refuses every hostile Location of every redirect status", async () => {
    let location = "";
    let status = 0;
    const redirector = await startRaw((request, socket) => {
      socket.end(request.startsWith("GET /start ") ? rawAnswer(status, [`location: ${location}`]) : rawAnswer(200, [], "world"));
    });
    const network = createNetwork((address) => (address === PUBLIC ? redirector.port : canary.port));
    const egress = createEgress({ dial: network.dial, resolver: scriptedResolver({ "a.test": [PUBLIC] }) });
    for (status of STATUSES) {
      for (const { url, why } of HOSTILE) {
        // A header cannot hold a line break; the rest of that entry still applies.
        location = url.replaceAll("\n", "");
        if (!RELATIVE_IN_A_REDIRECT.has(url)) await assertDenied(egress, "http://a.test/start", `${status} to ${why}`);
        else assert.equal((await egress.request({ url: "http://a.test/start", method: "GET" })).status, 200, url);
      }
    }
    assert.deepEqual([...new Set(network.dialled)], [`${PUBLIC}:80`]);
    assert.equal(canary.connections(), 0);
    await egress.close();
    await redirector.close();
  });

  it("never follows Refresh", async () => {
    let target = "";
    const server = await startRaw((_request, socket) => socket.end(rawAnswer(200, [`refresh: 0;url=${target}`], "here")));
    const network = createNetwork((address) => (address === PUBLIC ? server.port : canary.port));
    const egress = createEgress({ dial: network.dial });
    for (const { url } of HOSTILE) {
      target = url.replaceAll("\n", "");
      figures.cells += 1;
      const answer = await egress.request({ url: `http://${PUBLIC}/`, method: "GET" });
      assert.deepEqual([answer.status, answer.url], [200, `http://${PUBLIC}/`]);
    }
    assert.equal(network.dialled.length, HOSTILE.length);
    await egress.close();
    await server.close();
  });
});
