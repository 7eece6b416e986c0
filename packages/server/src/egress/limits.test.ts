import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { createEgress, type EgressGuard, type GuardedRequest } from "#egress/egress";
import { DEFAULT_MAX_BYTES, EXPANSION_FLOOR_BYTES, MAX_EXPANSION, MAX_RESPONSE_HEADER_BYTES } from "#egress/limits";
import { createNetwork, type LocalServer, PUBLIC, startHttp, startRaw } from "#egress/testing/network";

const TOO_LARGE = { name: "TerminalError", type: "http_too_large" };
const BROKEN = { name: "RetryableError", type: "http_network" };

describe("bounds on an answer", () => {
  let body: Uint8Array = new Uint8Array(0);
  let headers: Record<string, string | string[]> = {};
  let server: LocalServer;
  let egress: EgressGuard;

  before(async () => {
    server = await startHttp((_request, response) => {
      response.writeHead(200, headers);
      response.end(body);
    });
    egress = createEgress({ dial: createNetwork(() => server.port).dial });
  });
  after(async () => {
    await egress.close();
    await server.close();
  });

  const get = (request: Partial<GuardedRequest> = {}) => egress.request({ url: `http://${PUBLIC}/`, method: "GET", ...request });
  const serve = (bytes: Uint8Array, withHeaders: Record<string, string | string[]> = {}) => {
    body = bytes;
    headers = withHeaders;
  };

  it("takes a body up to maxBytes, and not one byte more", async () => {
    for (const chunked of [false, true]) {
      for (const [size, fits] of [
        [999, true],
        [1000, true],
        [1001, false],
      ] as const) {
        serve(Buffer.alloc(size, 1), chunked ? { "transfer-encoding": "chunked" } : {});
        if (fits) assert.equal((await get({ maxBytes: 1000 })).body.length, size);
        else await assert.rejects(get({ maxBytes: 1000 }), TOO_LARGE);
      }
    }
    serve(Buffer.alloc(0));
    assert.equal((await get({ maxBytes: 0 })).body.length, 0);
  });

  it("cuts a longer body where that is asked for, and leaves it as it came", async () => {
    const cut = (maxBytes: number) => get({ maxBytes, cutsBody: true });
    serve(Buffer.from("0123456789"));
    assert.equal(Buffer.from((await cut(4)).body).toString(), "0123");
    assert.equal(Buffer.from((await cut(10)).body).toString(), "0123456789");
    assert.equal((await cut(0)).body.length, 0);
    const large = Buffer.alloc(1_000_000, 1);
    serve(large, { "transfer-encoding": "chunked" });
    assert.deepEqual(Buffer.from((await cut(100_000)).body), large.subarray(0, 100_000));
    const packed = gzipSync("a".repeat(1_000));
    serve(packed, { "content-encoding": "gzip" });
    assert.deepEqual(Buffer.from((await cut(8)).body), packed.subarray(0, 8));
  });

  it("tells of the head before the body, and where the body never comes whole", async () => {
    const heads: unknown[] = [];
    const onHead = (status: number, { x }: { readonly [name: string]: string }) => void heads.push([status, x]);
    serve(Buffer.alloc(2_000), { x: ["1", "2"] });
    await assert.rejects(get({ maxBytes: 1_000, onHead }), TOO_LARGE);
    assert.deepEqual(heads, [[200, "1, 2"]]);
  });

  it("takes 10 MiB when nothing else is said", async () => {
    serve(Buffer.alloc(DEFAULT_MAX_BYTES, 1));
    assert.equal((await get()).body.length, DEFAULT_MAX_BYTES);
    serve(Buffer.alloc(DEFAULT_MAX_BYTES + 1, 1));
    await assert.rejects(get(), TOO_LARGE);
  });

  const text = Buffer.from("Millrace ".repeat(50));
  const codings = {
    gzip: gzipSync(text),
    "x-gzip": gzipSync(text),
    deflate: deflateSync(text),
    "deflate ": deflateRawSync(text),
    br: brotliCompressSync(text),
  };
  for (const [coding, compressed] of Object.entries(codings)) {
    it(`decodes ${coding === "deflate " ? "bare deflate" : coding} and counts the decoded bytes`, async () => {
      serve(compressed, { "content-encoding": coding.toUpperCase() });
      assert.deepEqual(Buffer.from((await get({ maxBytes: text.length })).body), text);
      await assert.rejects(get({ maxBytes: text.length - 1 }), TOO_LARGE);
      serve(compressed.subarray(0, -6), { "content-encoding": coding });
      await assert.rejects(get(), BROKEN, "cut off");
      serve(Buffer.from("this is not compressed"), { "content-encoding": coding });
      await assert.rejects(get(), BROKEN);
    });
  }

  it("undoes two codings in order, refuses three, and leaves an unknown one as it came", async () => {
    serve(brotliCompressSync(gzipSync(text)), { "content-encoding": "gzip, br" });
    assert.deepEqual(Buffer.from((await get()).body), text);
    serve(text, { "content-encoding": "gzip, gzip, gzip" });
    await assert.rejects(get(), TOO_LARGE);
    serve(text, { "content-encoding": "zstd" });
    assert.deepEqual(Buffer.from((await get()).body), text);
    serve(text, { "content-encoding": "identity" });
    assert.deepEqual(Buffer.from((await get()).body), text);
  });

  it("takes an answer without a body that names a coding", async () => {
    serve(gzipSync(text), { "content-encoding": "gzip" });
    assert.equal((await get({ method: "HEAD" })).body.length, 0);
  });

  /** gzip of zeros, padded behind the stream so that `bytes` is the compressed size to the byte. */
  const zeros = (decoded: number, bytes: number) =>
    Buffer.concat([gzipSync(Buffer.alloc(decoded)), Buffer.alloc(bytes)]).subarray(0, bytes);

  it("takes a hundredfold expansion, and not one byte more", async () => {
    const compressedSize = 4_000;
    const most = compressedSize * MAX_EXPANSION;
    serve(zeros(most, compressedSize), { "content-encoding": "gzip" });
    assert.equal((await get()).body.length, most);
    serve(zeros(most + 1, compressedSize), { "content-encoding": "gzip" });
    await assert.rejects(get(), { ...TOO_LARGE, message: /100 times/ });
  });

  it("looks at the expansion of larger answers only", async () => {
    serve(gzipSync(Buffer.alloc(EXPANSION_FLOOR_BYTES)), { "content-encoding": "gzip" });
    assert.equal((await get()).body.length, EXPANSION_FLOOR_BYTES);
    serve(gzipSync(Buffer.alloc(EXPANSION_FLOOR_BYTES + 1)), { "content-encoding": "gzip" });
    await assert.rejects(get(), TOO_LARGE);
  });

  it("refuses bombs: 100 MB of zeros, also packed twice, in every coding", async () => {
    const bomb = Buffer.alloc(100_000_000);
    const packed: readonly (readonly [string, Uint8Array])[] = [
      ["gzip", gzipSync(bomb)],
      ["gzip, gzip", gzipSync(gzipSync(bomb))],
      ["deflate", deflateSync(bomb)],
      ["br", brotliCompressSync(bomb)],
    ];
    for (const [coding, bytes] of packed) {
      serve(bytes, { "content-encoding": coding });
      await assert.rejects(get(), TOO_LARGE, coding);
    }
  });

  it("joins repeated headers, keeps odd names harmless and has no inherited ones", async () => {
    serve(text, { "Set-Cookie": ["a=1", "b=2"], ["__proto__"]: "x", "Content-Type": "text/plain; charset=\u00fc" });
    const answer = await get();
    assert.equal(answer.headers["set-cookie"], "a=1, b=2");
    assert.equal(answer.headers["content-type"], "text/plain; charset=\u00fc");
    assert.equal(answer.headers["constructor"], undefined);
    assert.equal(({} as Record<string, unknown>)["x"], undefined);
  });

  it("gives the status of an answer that is not a success, with its body", async () => {
    const failing = await startHttp((_request, response) => response.writeHead(503, { "retry-after": "7" }).end("busy"));
    const guard = createEgress({ dial: createNetwork(() => failing.port).dial });
    const answer = await guard.request({ url: `http://${PUBLIC}/`, method: "GET" });
    assert.deepEqual([answer.status, answer.headers["retry-after"], Buffer.from(answer.body).toString()], [503, "7", "busy"]);
    await guard.close();
    await failing.close();
  });

  describe("that is written by hand", () => {
    let raw: string[] = [];
    let end = true;
    let rawServer: LocalServer;
    let guard: EgressGuard;

    before(async () => {
      rawServer = await startRaw((_request, socket) => {
        for (const part of raw) socket.write(part, "latin1");
        if (end) socket.end();
      });
      guard = createEgress({ dial: createNetwork(() => rawServer.port).dial });
    });
    after(async () => {
      await guard.close();
      await rawServer.close();
    });

    const ask = (request: Partial<GuardedRequest> = {}) => guard.request({ url: `http://${PUBLIC}/`, method: "GET", ...request });
    const write = (...parts: string[]) => {
      raw = parts;
      end = true;
    };

    it("takes headers up to 16 KiB, and not one byte more", async () => {
      const sized = (bytes: number) => `HTTP/1.1 200 OK\r\na: ${"v".repeat(bytes - 1)}\r\n\r\n`;
      write(sized(MAX_RESPONSE_HEADER_BYTES));
      assert.equal((await ask()).status, 200);
      write(sized(MAX_RESPONSE_HEADER_BYTES + 1));
      await assert.rejects(ask(), { ...TOO_LARGE, message: /headers/ });
    });

    it("skips informational answers", async () => {
      write("HTTP/1.1 103 Early\r\nx: 1\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      assert.deepEqual([(await ask()).status, Buffer.from((await ask()).body).toString()], [200, "ok"]);
    });

    const damaged = {
      "two different lengths": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nokk",
      "a length and chunks": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      "a body that is cut off": "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok",
      "chunks that are cut off": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nok",
      "a bad chunk size": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n",
      "another protocol": "SSH-2.0-OpenSSH_9.9\r\n",
      nothing: "",
      "a folded header": "HTTP/1.1 200 OK\r\nx: 1\r\n  y\r\ncontent-length: 0\r\n\r\n",
      "a NUL in a header": "HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n",
      "an upgrade": "HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
    };
    for (const [what, answer] of Object.entries(damaged)) {
      it(`is a network error with ${what}`, async () => {
        write(answer);
        await assert.rejects(ask(), BROKEN);
      });
    }

    it("does not mistake bytes behind an answer for the next one", async () => {
      const smuggled = "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nsmuggle";
      raw = [`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok${smuggled}`];
      end = false;
      for (let round = 0; round < 3; round++) assert.equal(Buffer.from((await ask()).body).toString(), "ok");
    });

    const slow = {
      "never answers": [],
      "stops inside the headers": ["HTTP/1.1 200 OK\r\nx: "],
      "stops inside the body": ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"],
    };
    for (const [what, parts] of Object.entries(slow)) {
      it(`times out when the server ${what}`, async () => {
        raw = parts;
        end = false;
        await assert.rejects(ask({ timeoutMs: 60 }), { name: "RetryableError", type: "http_timeout", message: /60 ms/ });
      });
    }

    it("counts redirects into the time", async () => {
      const redirecting = await startRaw((request, socket) => {
        if (request.startsWith("GET /end ")) return;
        socket.end("HTTP/1.1 302 X\r\nlocation: /end\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      });
      const chain = createEgress({ dial: createNetwork(() => redirecting.port).dial });
      await assert.rejects(chain.request({ url: `http://${PUBLIC}/`, method: "GET", timeoutMs: 60 }), { type: "http_timeout" });
      await chain.close();
      await redirecting.close();
    });
  });
});
