import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, test } from "node:test";
import { Project, urlOf } from "./harness.ts";

// A stop in the middle of requests that come on a connection each.

const STOPS = 3;
const CLIENTS = 8;

/** Answers until the server is under load. */
const MANY = 10 * CLIENTS;

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.dispose());

/** What came for it, nothing where the connection broke; null: the connection was refused, and whoever asks may ask another server. */
async function ask(port: number, path: string): Promise<string | null> {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  let isIn = false;
  let text = "";
  socket.once("connect", () => {
    isIn = true;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  });
  socket.on("data", (piece: string) => {
    text += piece;
  });
  await once(socket, "close").catch(() => undefined);
  return isIn ? text : null;
}

const OK = /^HTTP\/1\.1 200 OK/;

/** Stops servers while clients make calls, each until its `call` is false. */
async function stopUnder(env: Readonly<Record<string, string>>, call: (port: number) => Promise<boolean>): Promise<void> {
  for (let stop = 0; stop < STOPS; stop++) {
    const server = project.start(["start", "--port", "0"], { env });
    await server.seen(/http:\/\/127\.0\.0\.1:\d+/);
    const port = Number(new URL(urlOf(server)).port);
    let calls = 0;
    const underLoad = Promise.withResolvers<void>();
    const client = async (): Promise<void> => {
      while (await call(port)) if (++calls === MANY) underLoad.resolve();
    };
    const clients = Promise.all(Array.from({ length: CLIENTS }, client));
    await Promise.race([underLoad.promise, clients]);
    assert.ok(calls >= MANY, "nobody goes before the stop");
    assert.equal(await server.end(), 0);
    await clients;
  }
}

test("whoever asks whether a server is ready, and goes where it is not, is always answered by it", async () => {
  await stopUnder({}, async (port) => {
    const ready = await ask(port, "/readyz");
    assert.match(String(ready), /^HTTP\/1\.1 (200 OK|503 )/);
    assert.match(String(await ask(port, "/version")), OK);
    return OK.test(String(ready));
  });
});

test("without a grace, whoever is heard by a server that stops is answered as ever", async () => {
  await stopUnder({ MILLRACE_STOP_GRACE_MS: "0" }, async (port) => {
    const answer = await ask(port, "/version");
    // Of those whom the system lets in, the last may not be heard.
    if (answer) assert.match(answer, OK);
    return answer !== null;
  });
});
