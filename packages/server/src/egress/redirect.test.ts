import assert from "node:assert/strict";
import { createServer } from "node:https";
import { after, before, beforeEach, describe, it } from "node:test";
import { createEgress, type EgressGuard, type GuardedRequest } from "#egress/egress";
import { createCertificate } from "#egress/testing/certificate";
import {
  createNetwork,
  type LocalServer,
  listen,
  type Network,
  PUBLIC,
  rawAnswer,
  scriptedResolver,
  startRaw,
} from "#egress/testing/network";

const SECRET = "c4nary-S3cret";
const STATUSES = [301, 302, 303, 307, 308];

/** a.test redirects as told, b.test is the other origin: whatever it receives is kept. */
describe("redirects", () => {
  const certificate = createCertificate(["a.test"]);
  let first: LocalServer;
  let other: LocalServer;
  let secure: LocalServer;
  let network: Network;
  let egress: EgressGuard;
  let answer: (path: string) => string;
  let atFirst: string[];
  let atOther: string[];

  before(async () => {
    const pathOf = (request: string) => request.split(" ")[1] ?? "";
    first = await startRaw((request, socket) => {
      atFirst.push(request);
      socket.end(answer(pathOf(request)));
    });
    other = await startRaw((request, socket) => {
      atOther.push(request);
      socket.end(rawAnswer(200, [], "other"));
    });
    const handler = createServer(certificate, (request, response) =>
      response.writeHead(302, { location: `http://b.test${request.url}` }).end(),
    );
    secure = await listen(handler);
  });
  beforeEach(() => {
    atFirst = [];
    atOther = [];
    network = createNetwork((address, port) => (port === 443 ? secure.port : address === PUBLIC && port === 80 ? first.port : other.port));
    egress = createEgress({
      dial: network.dial,
      resolver: scriptedResolver({ "a.test": [PUBLIC], "b.test": ["9.9.9.9"] }),
      trust: certificate.cert,
    });
  });
  after(async () => {
    await Promise.all([first.close(), other.close(), secure.close()]);
  });

  const redirectTo = (status: number, location: string) => {
    answer = (path) => (path.startsWith("/start") ? rawAnswer(status, [`location: ${location}`]) : rawAnswer(200, [], "end"));
  };
  const call = async (request: Partial<GuardedRequest> = {}) => {
    try {
      return await egress.request({ url: "http://a.test/start", method: "GET", ...request });
    } finally {
      await egress.close();
    }
  };
  const denied = { name: "TerminalError", type: "egress_denied", message: /egress rule 8\)$/ };
  const line = (request: string | undefined) => request?.split("\r\n", 1)[0];

  for (const status of STATUSES) {
    it(`follows a ${status} on the same origin with everything that the caller set`, async () => {
      redirectTo(status, "/end?x=1#fragment");
      const result = await call({ headers: [["X-Key", SECRET]] });
      assert.deepEqual([result.status, result.url, Buffer.from(result.body).toString()], [200, "http://a.test/end?x=1", "end"]);
      assert.match(atFirst[1] ?? "", new RegExp(`\\r\\nX-Key: ${SECRET}\\r\\n`));
    });

    for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE"]) {
      it(`turns ${method} into what a browser sends after a ${status}`, async () => {
        redirectTo(status, "/end");
        const hasBody = method === "POST" || method === "PUT";
        await call({ method, headers: [["content-type", "text/plain"]], ...(hasBody ? { body: "payload" } : {}) });
        const repeats = status >= 307 || method === "HEAD" || method === "GET" || (status !== 303 && method !== "POST");
        assert.equal(line(atFirst[1]), `${repeats ? method : "GET"} /end HTTP/1.1`);
        assert.equal(atFirst[1]?.endsWith("\r\n\r\npayload"), repeats && hasBody);
        assert.equal(/content-type/i.test(atFirst[1] ?? ""), repeats, "a header about the body goes with the body");
      });
    }

    it(`drops every header that the caller set after a ${status} to another origin`, async () => {
      redirectTo(status, "http://b.test/end");
      const names = ["Authorization", "Cookie", "X-Api-Key", "X-Anything", "User-Agent", "Idempotency-Key"];
      const result = await call({ headers: names.map((name) => [name, SECRET] as const), serverHeaders: [["webhook-signature", SECRET]] });
      assert.equal(result.url, "http://b.test/end");
      const sent = (atOther[0] ?? "").split("\r\n").slice(1, -2).sort();
      assert.deepEqual(sent, ["accept-encoding: gzip, deflate, br", "connection: keep-alive", "host: b.test", "user-agent: Millrace"]);
    });

    it(`never sends a body to another origin after a ${status}`, async () => {
      redirectTo(status, "http://b.test/end");
      if (status < 307) assert.equal((await call({ method: "POST", body: SECRET })).status, 200);
      else await assert.rejects(call({ method: "POST", body: SECRET }), denied);
      assert.ok(!atOther.join("").includes(SECRET));
      assert.equal(atOther.length, status < 307 ? 1 : 0);
    });
  }

  it("treats another scheme, host or port as another origin", async () => {
    for (const location of ["http://a.test:81/end", "http://b.test/end", "//b.test/end"]) {
      redirectTo(302, location);
      await egress.request({ url: "http://a.test/start", method: "GET", headers: [["x-key", SECRET]] });
    }
    assert.equal(atOther.length, 3);
    assert.ok(!atOther.join("").includes(SECRET));
    redirectTo(302, "http://A.TEST.:80/end");
    await call({ headers: [["x-key", SECRET]] });
    assert.ok(atFirst.at(-1)?.includes(SECRET), "another spelling is the same origin");
  });

  it("does not give headers back when a chain returns to the first origin", async () => {
    answer = (path) => (path === "/start" ? rawAnswer(302, ["location: http://a.test:81/hop"]) : rawAnswer(200, [], "end"));
    const bounce = await startRaw((_request, socket) => socket.end(rawAnswer(302, ["location: http://a.test/end"])));
    const local = createNetwork((_address, port) => (port === 81 ? bounce.port : first.port));
    const guard = createEgress({ dial: local.dial, resolver: scriptedResolver({ "a.test": [PUBLIC] }) });
    await guard.request({ url: "http://a.test/start", method: "GET", headers: [["x-key", SECRET]] });
    assert.equal(line(atFirst[1]), "GET /end HTTP/1.1");
    assert.ok(!atFirst[1]?.includes(SECRET));
    await guard.close();
    await bounce.close();
  });

  it("refuses https to http once anything that the caller set was sent", async () => {
    const secureCall = (request: Partial<GuardedRequest>) => egress.request({ url: "https://a.test/x", method: "GET", ...request });
    const credential = { hosts: ["a.test"], query: [["key", SECRET]] as const };
    for (const request of [{ headers: [["x-a", "1"]] as const }, { method: "POST", body: "1" }, { credential }]) {
      await assert.rejects(secureCall(request), denied);
    }
    assert.equal(atOther.length, 0);
    assert.equal((await secureCall({})).status, 200, "nothing was sent, nothing can leak");
    assert.equal(atOther.length, 1);
    await egress.close();
  });

  it("refuses a target that is not http, and two Location headers", async () => {
    for (const location of ["file:///etc/passwd", "ftp://a.test/", "http://", "http://a.test:99999/", "http://user:pass@a.test/"]) {
      redirectTo(302, location);
      await assert.rejects(egress.request({ url: "http://a.test/start", method: "GET" }), { type: "egress_denied" }, location);
    }
    const two = ["location: /end", "Location: http://b.test/"];
    answer = (path) => (path === "/start" ? rawAnswer(302, two) : rawAnswer(200, []));
    await assert.rejects(call(), denied);
    assert.deepEqual([atFirst.filter((request) => request.includes("/end")), atOther], [[], []]);
  });

  it("follows five redirects and refuses the sixth, in a chain and in a loop", async () => {
    answer = (path) => (path === "/5" ? rawAnswer(200, [], "end") : rawAnswer(302, [`location: /${Number(path.slice(1)) + 1}`]));
    assert.equal((await egress.request({ url: "http://a.test/0", method: "GET" })).url, "http://a.test/5");
    answer = (path) => (path === "/6" ? rawAnswer(200, [], "end") : rawAnswer(302, [`location: /${Number(path.slice(1)) + 1}`]));
    await assert.rejects(egress.request({ url: "http://a.test/0", method: "GET" }), denied);
    answer = () => rawAnswer(301, ["location: /start"]);
    atFirst = [];
    await assert.rejects(call(), denied);
    assert.equal(atFirst.length, 6);
  });

  it("honours a smaller number, and answers the redirect itself for 0", async () => {
    redirectTo(302, "/start");
    await assert.rejects(egress.request({ url: "http://a.test/start", method: "GET", maxRedirects: 1 }), denied);
    assert.equal(atFirst.length, 2);
    const result = await call({ maxRedirects: 0 });
    assert.deepEqual([result.status, result.headers["location"], result.url], [302, "/start", "http://a.test/start"]);
  });

  it("answers a redirect that names no place, and statuses that are not redirects", async () => {
    for (const status of [300, 304, 305, 399, 404]) {
      redirectTo(status, "http://b.test/");
      assert.equal((await egress.request({ url: "http://a.test/start", method: "GET" })).status, status);
    }
    answer = () => rawAnswer(302, []);
    assert.equal((await call()).status, 302);
    assert.equal(atOther.length, 0);
  });

  it("reads a Location with raw UTF-8", async () => {
    redirectTo(302, "/größe");
    assert.equal((await call()).url, "http://a.test/gr%C3%B6%C3%9Fe");
  });

  describe("with a credential", () => {
    const styles = {
      bearer: { hosts: ["a.test"], headers: [["authorization", `Bearer ${SECRET}`]] },
      "x-api-key": { hosts: ["a.test:80"], headers: [["x-api-key", SECRET]] },
      query: { hosts: ["a.test"], query: [["key", SECRET]] },
    } as const;

    for (const [style, credential] of Object.entries(styles)) {
      it(`sends ${style} to its host, also after a redirect there, and to no other`, async () => {
        redirectTo(307, "/end?y=1");
        const result = await egress.request({ url: "http://a.test/start", method: "GET", credential });
        assert.equal(atFirst.filter((request) => request.includes(SECRET)).length, 2);
        assert.equal(result.url, "http://a.test/end?y=1", "the secret is not part of the URL that is reported");
        redirectTo(302, "http://b.test/end");
        await call({ credential });
        assert.equal(atOther.length, 1);
        assert.ok(!atOther.join("").includes(SECRET));
      });

      it(`refuses ${style} for a host that it is not bound to`, async () => {
        for (const url of ["http://b.test/", "http://a.test.b.test/", "http://xa.test/"]) {
          await assert.rejects(egress.request({ url, method: "GET", credential }), { type: "egress_denied", message: /egress rule 9\)$/ });
        }
        await egress.close();
        assert.deepEqual(network.dialled, []);
      });
    }

    it("binds to a port when one is named", async () => {
      const credential = styles["x-api-key"];
      await assert.rejects(call({ url: "http://a.test:81/", credential }), { message: /egress rule 9\)$/ });
      assert.deepEqual(network.dialled, []);
    });

    it("refuses a redirect that carries the secret on", async () => {
      const spicy = "a/b c&d";
      for (const secret of [SECRET, spicy]) {
        answer = (path) => rawAnswer(302, [`location: http://b.test${path}`]);
        const credential = { hosts: ["a.test"], query: [["key", secret]] as const };
        await assert.rejects(egress.request({ url: "http://a.test/start", method: "GET", credential }), denied);
      }
      await egress.close();
      assert.equal(atOther.length, 0);
    });

    it("wins over a header of the same name that the caller set", async () => {
      answer = () => rawAnswer(200, []);
      await call({ headers: [["AUTHORIZATION", "mine"]], credential: styles.bearer });
      assert.deepEqual(atFirst[0]?.match(/^authorization: .*$/gim), [`authorization: Bearer ${SECRET}`]);
    });
  });
});
