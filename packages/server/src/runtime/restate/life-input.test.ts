import assert from "node:assert/strict";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { LifeInput } from "#runtime/restate/life-input";

describe("the input of a life", () => {
  let server: Http2Server;
  let session: ClientHttp2Session;
  let begun: (life: { readonly input: LifeInput; readonly heard: AsyncIterator<Buffer> }) => void;

  before(async () => {
    server = createServer(LifeInput.ofEach((request) => begun({ input: LifeInput.current, heard: request[Symbol.asyncIterator]() })));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  after(async () => {
    session.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  async function life() {
    const { promise, resolve } = Promise.withResolvers<Parameters<typeof begun>[0]>();
    begun = resolve;
    const engine = session.request({ ":method": "POST" });
    return { engine, ...(await promise) };
  }

  const told = (engine: ClientHttp2Stream, text: string) => new Promise((resolve) => engine.write(text, resolve));

  async function allOf(heard: AsyncIterator<Buffer>): Promise<string> {
    let text = "";
    for (let piece = await heard.next(); !piece.done; piece = await heard.next()) text += String(piece.value);
    return text;
  }

  test("is heard in order, also where nobody listened for long, to its end", async () => {
    const { engine, heard } = await life();
    const texts = Array.from({ length: 100 }, (_, n) => `${n};`);
    for (const text of texts) await told(engine, text);
    engine.end();
    assert.equal(await allOf(heard), texts.join(""));
    assert.equal((await heard.next()).done, true);
  });

  test("ends when the life closes it, before and while somebody listens, whatever comes then", async () => {
    const { engine, input, heard } = await life();
    const waits = heard.next();
    input.close();
    assert.equal((await waits).done, true);
    await told(engine, "too late");
    assert.equal((await heard.next()).done, true);
    // As long as nobody read it, the engine could not say more.
    await told(engine, "x".repeat(1_000_000));
    engine.close();
  });

  test("fails where the connection breaks before it is whole", async () => {
    const { engine, heard } = await life();
    const waits = heard.next();
    engine.destroy();
    await assert.rejects(waits);
    await assert.rejects(async () => heard.next());
  });

  test("is asked for by a life alone", () => {
    assert.throws(() => LifeInput.current, /only a life/);
  });
});
