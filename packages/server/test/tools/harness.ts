import assert from "node:assert/strict";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

/** A server that may reach this machine, and what an operator and a workflow do with tools. */
export interface ToolWorld {
  readonly server: TestServer;
  /** Below /api/v1. */
  manage(method: string, path: string, body?: unknown): Promise<Answer>;
  connect(name: string, connection: object): Promise<void>;
  /** The result of a workflow of one tool node. */
  call(node: object): Promise<JsonObject>;
  /** The error that it failed with. */
  refused(node: object): Promise<JsonObject>;
  close(): Promise<void>;
}

export async function openToolWorld(settings: Readonly<Record<string, string>> = {}): Promise<ToolWorld> {
  const server = await startTestServer({ settings: { egressAllow: "127.0.0.1", ...settings } });
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { workflows: [], scopes: ["admin"] });
  const manage: ToolWorld["manage"] = (method, path, body) =>
    server.call(method, `/api/v1${path}`, { key, headers: { ...(body !== undefined && { "Content-Type": "application/json" }) }, body });
  let count = 0;
  const run = async (node: object): Promise<JsonObject> => {
    const nodes = [start({}), { id: "t", type: "tool", ...node }, { id: "end", type: "end", output: { result: "{{ t }}" } }];
    const { key: own } = await server.publish(document(`tool-${count++}`, nodes, ["start -> t", "t -> end"]));
    return (await server.invoke(own, { input: {} })).json;
  };
  return {
    server,
    manage,
    connect: async (name, connection) => {
      const { status, text } = await manage("PUT", `/connections/${name}`, connection);
      assert.equal(status, 200, text);
    },
    call: async (node) => {
      const json = await run(node);
      assert.equal(json["status"], "SUCCEED", JSON.stringify(json));
      return (json["output"] as JsonObject)["result"] as JsonObject;
    },
    refused: async (node) => {
      const json = await run(node);
      assert.equal(json["status"], "FAILED", JSON.stringify(json));
      return json["error"] as JsonObject;
    },
    close: () => server.close(),
  };
}
