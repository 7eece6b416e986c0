import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { createEgress, type EgressGuard, type GuardedRequest } from "#egress/egress";
import { MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADERS, MAX_URL_CHARS } from "#egress/limits";
import { createNetwork, type LocalServer, PUBLIC, rawAnswer, startRaw } from "#egress/testing/network";

const DEFAULTS = ["accept-encoding: gzip, deflate, br", "connection: keep-alive", `host: ${PUBLIC}`, "user-agent: Millrace/1.2.3"];

describe("what a request may carry", () => {
  let server: LocalServer;
  let egress: EgressGuard;
  let requests: string[];

  before(async () => {
    server = await startRaw((request, socket) => {
      requests.push(request);
      socket.end(rawAnswer(200, []));
    });
    egress = createEgress({ dial: createNetwork(() => server.port).dial, version: "1.2.3" });
  });
  beforeEach(() => {
    requests = [];
  });
  after(async () => {
    await egress.close();
    await server.close();
  });

  const send = (request: Partial<GuardedRequest>) => egress.request({ url: `http://${PUBLIC}/`, method: "GET", ...request });
  const invalid = (names: string) => (error: unknown) =>
    error instanceof Error && "type" in error && error.type === "type_error" && error.message.includes(names);
  const headerLines = () => (requests[0] ?? "").split("\r\n\r\n", 1).join("").split("\r\n").slice(1).sort();

  it("sends exactly the caller's headers and its own", async () => {
    await send({
      headers: [
        ["X-One", "1"],
        ["x-two", "ü%0d%0aInjected: 1"],
        ["Idempotency-Key", "run:node:0"],
      ],
    });
    assert.deepEqual(headerLines(), ["Idempotency-Key: run:node:0", "X-One: 1", ...DEFAULTS, "x-two: ü%0d%0aInjected: 1"].sort());
  });

  it("lets the caller name its own agent and codings, and repeat a header", async () => {
    await send({
      headers: [
        ["USER-AGENT", "me"],
        ["Accept-Encoding", "identity"],
        ["x-a", "1"],
        ["x-a", "2"],
      ],
    });
    assert.deepEqual(headerLines(), [
      "Accept-Encoding: identity",
      "USER-AGENT: me",
      "connection: keep-alive",
      `host: ${PUBLIC}`,
      "x-a: 1",
      "x-a: 2",
    ]);
  });

  const values = ["a\r\nb: c", "a\nb", "a\rb", "a\0b", "a\u560ab", "a\u0a0db", "a\u2028b", "\x7f", "\x01", "\ud800", "漢"];
  for (const value of values) {
    it(`refuses the value ${JSON.stringify(value)}, names the header and hides the value`, async () => {
      for (const extra of [{ headers: [["x-bad", value]] as const }, { serverHeaders: [["x-bad", value]] as const }]) {
        const error: unknown = await send(extra).catch((thrown: unknown) => thrown);
        assert.ok(invalid('"x-bad"')(error), String(error));
        assert.ok(error instanceof Error && !error.message.includes(value));
      }
      assert.equal(requests.length, 0);
    });
  }

  for (const name of ["", " ", "a b", "a:", ":a", "a\r\nb", "a\n", "a\0", "ü", "a\u2028", "(a)", "a,b", 'a"b']) {
    it(`refuses the name ${JSON.stringify(name)}`, async () => {
      await assert.rejects(send({ headers: [[name, "1"]] }), invalid(JSON.stringify(name)));
      assert.equal(requests.length, 0);
    });
  }

  const reserved = ["host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect"];
  for (const name of [...reserved, "proxy-authorization", "proxy-connection", "proxy-x", "webhook-id", "webhook-signature", "webhook-x"]) {
    it(`refuses ${name} in every letter case`, async () => {
      const mixed = [...name].map((letter, index) => (index % 2 === 0 ? letter.toUpperCase() : letter)).join("");
      for (const spelled of [name, name.toUpperCase(), mixed]) {
        await assert.rejects(send({ headers: [[spelled, "1"]] }), invalid(`"${spelled}"`));
        if (!name.startsWith("webhook-")) await assert.rejects(send({ serverHeaders: [[spelled, "1"]] }), invalid(`"${spelled}"`));
        await assert.rejects(send({ credential: { hosts: [PUBLIC], headers: [[spelled, "1"]] } }), invalid(`"${spelled}"`));
      }
      assert.equal(requests.length, 0);
    });
  }

  it("lets the server sign what it sends", async () => {
    await send({
      method: "POST",
      body: "{}",
      serverHeaders: [
        ["webhook-id", "msg_1"],
        ["webhook-signature", "v1,x"],
      ],
    });
    assert.deepEqual(headerLines(), [...DEFAULTS, "content-length: 2", "webhook-id: msg_1", "webhook-signature: v1,x"].sort());
  });

  it("takes as many headers and bytes as the bounds, and no more", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => [`x-${index}`, "1"] as const);
    await send({ headers: many(MAX_REQUEST_HEADERS) });
    await assert.rejects(send({ headers: many(MAX_REQUEST_HEADERS + 1) }), invalid(`at most ${MAX_REQUEST_HEADERS}`));
    await assert.rejects(send({ headers: many(1_000) }), invalid("1000"));
    const large = (bytes: number) => [["x-a", "v".repeat(bytes - 3)] as const];
    await send({ headers: large(MAX_REQUEST_HEADER_BYTES) });
    await assert.rejects(send({ headers: large(MAX_REQUEST_HEADER_BYTES + 1) }), invalid(`${MAX_REQUEST_HEADER_BYTES} bytes`));
    await assert.rejects(send({ headers: large(1024 * 1024) }), invalid("larger"));
    assert.equal(requests.length, 2);
  });

  for (const part of [
    "/a\r\nX-Injected: 1",
    "/?q=a\r\nX-Injected: 1",
    "/a\nb",
    "/\0",
    "/\u560a\u0a0dX: 1",
    "/?\u2028",
    "/%0d%0aX-Injected:%201",
    "/a b HTTP/1.1",
  ]) {
    it(`makes one harmless request line of the path ${JSON.stringify(part)}`, async () => {
      await send({ url: `http://${PUBLIC}${part}` });
      assert.match((requests[0] ?? "").split("\r\n", 1).join(""), /^GET \/[\x21-\x7e]* HTTP\/1\.1$/);
      assert.deepEqual(headerLines(), DEFAULTS);
      assert.equal(requests.length, 1);
    });
  }

  it("takes a URL of the bound's length, and no longer, before and after encoding", async () => {
    const base = `http://${PUBLIC}/`;
    await send({ url: base + "a".repeat(MAX_URL_CHARS - base.length) });
    const tooLong = { type: "egress_denied", message: /egress rule 1\)$/ };
    await assert.rejects(send({ url: base + "a".repeat(MAX_URL_CHARS - base.length + 1) }), tooLong);
    await assert.rejects(send({ url: base + "ü".repeat(MAX_URL_CHARS / 3) }), tooLong);
    assert.equal(requests.length, 1);
  });

  for (const method of ["", "GE T", "GET\r\nX: 1", "CONNECT", "trace", "TRACK", "G\u00cbT"]) {
    it(`refuses the method ${JSON.stringify(method)}`, async () => {
      await assert.rejects(send({ method }), invalid("method"));
      assert.equal(requests.length, 0);
    });
  }

  it("sends a method in upper case, and a text or byte body with its length", async () => {
    await send({ method: "post", body: "größe" });
    await send({ method: "PUT", body: new Uint8Array([0, 255, 13, 10]) });
    await send({ method: "DELETE" });
    assert.match(requests[0] ?? "", /^POST \/ [\s\S]*\r\ncontent-length: 7\r\n\r\ngr\xc3\xb6\xc3\x9fe$/);
    assert.match(requests[1] ?? "", /^PUT \/ [\s\S]*\r\ncontent-length: 4\r\n\r\n\0\xff\r\n$/);
    assert.ok(!/content-length: [1-9]|transfer-encoding/.test(requests[2] ?? ""));
  });

  it("refuses bounds that are not whole numbers in range, by name", async () => {
    for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await assert.rejects(send({ timeoutMs: value }), invalid("timeoutMs"));
      await assert.rejects(send({ maxBytes: value }), invalid("maxBytes"));
      await assert.rejects(send({ maxRedirects: value }), invalid("maxRedirects"));
    }
    await assert.rejects(send({ timeoutMs: 0 }), invalid("timeoutMs"));
    await assert.rejects(send({ timeoutMs: 2 ** 31 }), invalid("timeoutMs"));
    await assert.rejects(send({ maxRedirects: 6 }), invalid("maxRedirects"));
    assert.equal(requests.length, 0);
    await send({ timeoutMs: 2 ** 31 - 1, maxRedirects: 5 });
  });
});
