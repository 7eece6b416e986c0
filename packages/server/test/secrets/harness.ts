import assert from "node:assert/strict";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { type Receiver, startReceiver } from "#testing/receiver";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

/** A server that may call a receiver on loopback, and one on another port, which is another origin. */
export interface World {
  readonly server: TestServer;
  readonly receiver: Receiver;
  readonly elsewhere: Receiver;
  /** The management API, as an admin. */
  manage(method: string, path: string, body?: unknown): Promise<Answer>;
  setSecret(name: string, value: string): Promise<void>;
  /** Publishes a workflow whose http node makes this request, and runs it; the answer of the run. */
  runHttp(node: JsonObject, input?: JsonObject): Promise<Answer>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const [receiver, elsewhere] = await Promise.all([startReceiver(), startReceiver()]);
  const egressAllow = `127.0.0.1:${receiver.port},127.0.0.1:${elsewhere.port}`;
  const server = await startTestServer({ settings: { egressAllow } });
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  let published = 0;
  const manage = (method: string, path: string, body?: unknown) =>
    server.call(method, `/api/v1/${path}`, { key, ...(body !== undefined && { body }) });
  return {
    server,
    receiver,
    elsewhere,
    manage,
    setSecret: async (name, value) => {
      const { status, text } = await manage("PUT", `secrets/${name}`, { value });
      assert.equal(status, 200, text);
    },
    runHttp: async (node, input = {}) => {
      const { key: own } = await server.publish(calling(`calling${published++}`, node));
      return server.invoke(own, { input });
    },
    close: async () => {
      await server.close();
      receiver.close();
      elsewhere.close();
    },
  };
}

/** start → http → end, whose output is all that the http node gave. */
export function calling(name: string, node: JsonObject): JsonObject {
  const end = { id: "end", type: "end", output: { status: "{{ call.status }}", headers: "{{ call.headers }}", body: "{{ call.body }}" } };
  return document(name, [start({}), { id: "call", type: "http", ...node }, end], ["start -> call", "call -> end"]);
}
