import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { refuseBytes } from "#http/refuse-bytes";

const TOO_SLOW = Object.assign(new Error("Request timeout"), { code: "ERR_HTTP_REQUEST_TIMEOUT" });

/** A client's end and the server's of one connection, which stays open for reading when the other side has ended, as HTTP has it. */
async function connection(t: { after: (work: () => void) => void }): Promise<readonly [client: Socket, server: Socket]> {
  const listener = createServer({ allowHalfOpen: true });
  t.after(() => void listener.close());
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const accepted = once(listener, "connection");
  const client = connect({ port: (listener.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
  t.after(() => void client.destroy());
  const [server] = (await accepted) as [Socket];
  return [client, server];
}

test("a client that is too slow is told so", async (t) => {
  const [client, server] = await connection(t);
  refuseBytes(TOO_SLOW, server);
  let answer = "";
  for await (const chunk of client) answer += String(chunk);
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*"message":"The request did not arrive as a whole within 60 seconds\."/);
});

test("one that reads nothing and goes on sending is cut off", async (t) => {
  const [client, server] = await connection(t);
  client.pause();
  server.resume();
  const sending = setInterval(() => client.write("a"), 20);
  t.after(() => clearInterval(sending));
  refuseBytes(TOO_SLOW, server);
  const [error] = (await once(client, "error")) as [NodeJS.ErrnoException];
  assert.match(String(error.code), /^(EPIPE|ECONNRESET)$/);
});
