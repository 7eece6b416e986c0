import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, test } from "node:test";
import { createEgress } from "#egress/egress";

const { signal } = new AbortController();
const never = () => Promise.reject(new Error("nothing may be dialled"));

describe("bare connections", () => {
  test("go where requests may go, and nowhere else", async () => {
    const resolver = { resolve: async (name: string) => (name === "inner.example.com" ? ["8.8.8.8", "10.0.0.1"] : ["169.254.169.254"]) };
    const egress = createEgress({ resolver, dial: never });
    for (const host of [
      "127.0.0.1",
      "[::1]",
      "localhost",
      "10.1.2.3",
      "inner.example.com",
      "meta.example.com",
      "0x7f.1",
      "user@example.com",
      "a/b",
    ])
      await assert.rejects(egress.connect({ host, port: 5432, signal }), { type: "egress_denied" }, host);
    await egress.close();
  });

  test("an allowed host is connected to, at its port alone", async () => {
    const server = createServer((socket) => socket.end("hello"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const egress = createEgress({ allow: `127.0.0.1:${port}` });
    const socket = await egress.connect({ host: "127.0.0.1", port, signal });
    const [chunk] = await once(socket, "data");
    assert.equal(String(chunk), "hello");
    socket.destroy();
    await assert.rejects(egress.connect({ host: "127.0.0.1", port: port + 1, signal }), { type: "egress_denied" });
    await assert.rejects(egress.connect({ host: "127.0.0.1", port, signal: AbortSignal.abort(new Error("enough")) }));
    server.close();
    await once(server, "close");
    await assert.rejects(egress.connect({ host: "127.0.0.1", port, signal }), { type: "http_network" });
    await egress.close();
  });
});
