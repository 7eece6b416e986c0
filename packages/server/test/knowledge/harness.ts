import assert from "node:assert/strict";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { type Answer, startTestServer, type TestServer, type TestServerOptions } from "#testing/server";

/** A server, and what an operator asks of it. */
export interface World {
  readonly server: TestServer;
  /** Below /api/v1. */
  manage(method: string, path: string, body?: unknown, headers?: { readonly [name: string]: string }): Promise<Answer>;
  makeBase(name: string, more?: object): Promise<string>;
  /** Adds a document and waits until it is indexed or failed. */
  add(base: string, document: object): Promise<JsonObject>;
  /** The document, once nothing is to be done for it. */
  settled(base: string, document: string): Promise<JsonObject>;
  search(base: string, query: string, more?: object): Promise<readonly JsonObject[]>;
  close(): Promise<void>;
}

export async function openWorld(options: TestServerOptions = {}): Promise<World> {
  const server = await startTestServer(options);
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { workflows: [], scopes: ["admin"] });
  const manage: World["manage"] = (method, path, body, headers = {}) =>
    server.call(method, `/api/v1${path}`, {
      key,
      headers: { ...(body !== undefined && { "Content-Type": "application/json" }), ...headers },
      body,
    });
  const settled: World["settled"] = async (base, document) => {
    for (;;) {
      const { status, json, text } = await manage("GET", `/knowledge/${base}/documents/${document}`);
      assert.equal(status, 200, text);
      if (json["state"] !== "waiting") return json;
      // The server works in this process: every turn of the loop is one for it.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    server,
    manage,
    settled,
    makeBase: async (name, more = {}) => {
      const { status, json, text } = await manage("POST", "/knowledge", { name, ...more });
      assert.equal(status, 201, text);
      return String(json["id"]);
    },
    add: async (base, document) => {
      const { status, json, text } = await manage("POST", `/knowledge/${base}/documents`, document);
      assert.equal(status, 202, text);
      return settled(base, String(json["id"]));
    },
    search: async (base, query, more = {}) => {
      const { status, json, text } = await manage("POST", `/knowledge/${base}/search`, { query, ...more });
      assert.equal(status, 200, text);
      return json["items"] as JsonObject[];
    },
    close: () => server.close(),
  };
}
