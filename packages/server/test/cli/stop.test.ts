import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, test } from "node:test";
import { Project, urlOf } from "./harness.ts";

// A stop without any grace, in the middle of requests that come on a connection each.

const STOPS = 3;
const CLIENTS = 8;
const REQUEST = "GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.dispose());

/** What came for it; null: the connection was refused, and whoever asks may ask another server. */
async function ask(port: number): Promise<string | null> {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  let isIn = false;
  let text = "";
  socket.once("connect", () => {
    isIn = true;
    socket.write(REQUEST);
  });
  socket.on("data", (piece: string) => {
    text += piece;
  });
  // A connection that breaks has an answer too few, which is what is told.
  await once(socket, "close").catch(() => undefined);
  return isIn ? text : null;
}

test("whoever is heard by a server that stops is answered as ever", async () => {
  for (let stop = 0; stop < STOPS; stop++) {
    const server = project.start(["start", "--port", "0"], { env: { MILLRACE_STOP_GRACE_MS: "0" } });
    await server.seen(/http:\/\/127\.0\.0\.1:\d+/);
    const port = Number(new URL(urlOf(server)).port);
    let answered = 0;
    const underLoad = Promise.withResolvers<void>();
    const client = async (): Promise<void> => {
      for (let text = await ask(port); text !== null; text = await ask(port)) {
        // Of those whom the system lets in, the last may not have been heard.
        if (text !== "") assert.match(text, /^HTTP\/1\.1 200 OK/);
        answered += 1;
        if (answered === 10 * CLIENTS) underLoad.resolve();
      }
    };
    const clients = Promise.all(Array.from({ length: CLIENTS }, client));
    await Promise.race([underLoad.promise, clients]);
    assert.equal(await server.end(), 0);
    await clients;
  }
});
