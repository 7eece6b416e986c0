import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { startTestServer, type TestServer } from "#testing/server";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** All that comes back on one connection, which the last request closes. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect({ port: server.port, host: "127.0.0.1" });
  socket.write(bytes);
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}

const LAST = "GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

for (const [what, hosts] of [
  ["no host", ""],
  ["two hosts", "Host: a\r\nHost: b\r\n"],
] as const) {
  test(`W11 a request with ${what} is refused with a body, and the one behind it is answered`, async () => {
    const [refusal = "", body = "", next = ""] = (await exchange(`GET /version HTTP/1.1\r\n${hosts}\r\n${LAST}`)).split(
      /\r\n\r\n|(?=HTTP\/1\.1 200)/,
    );
    assert.match(refusal, /^HTTP\/1\.1 400 /);
    assert.match(body, /^\{"code":40000,"message":"The request must have one Host header\.","type":"\/errors\/invalid_request"/);
    assert.match(next, /^HTTP\/1\.1 200 /);
  });
}

test("a request of HTTP/1.0 needs no host", async () => {
  assert.match(await exchange("GET /version HTTP/1.0\r\n\r\n"), /^HTTP\/1\.1 200 /);
});
