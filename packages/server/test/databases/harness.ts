import assert from "node:assert/strict";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

/** A server that may reach this machine, and what an operator and a workflow do with a database of it. */
export interface World {
  readonly server: TestServer;
  /** Below /api/v1. */
  manage(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Sets a connection; resolves once it is kept. */
  connect(name: string, connection: object): Promise<void>;
  /** Runs a workflow of one database node; resolves with its body. */
  run(node: object, input?: JsonObject): Promise<JsonObject>;
  /** The result of the node. */
  query(node: object, input?: JsonObject): Promise<JsonObject>;
  /** The error that the run failed with. */
  refused(node: object, input?: JsonObject): Promise<JsonObject>;
  close(): Promise<void>;
}

export async function openWorld(settings: Readonly<Record<string, string>> = {}): Promise<World> {
  const server = await startTestServer({ settings: { egressAllow: "127.0.0.1", ...settings } });
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { workflows: [], scopes: ["admin"] });
  const manage: World["manage"] = (method, path, body) =>
    server.call(method, `/api/v1${path}`, { key, headers: { ...(body !== undefined && { "Content-Type": "application/json" }) }, body });
  let count = 0;
  const run: World["run"] = async (node, input = {}) => {
    const properties = Object.fromEntries(Object.keys(input).map((name) => [name, {}]));
    const nodes = [start(properties), { id: "q", type: "database", ...node }, { id: "end", type: "end", output: { result: "{{ q }}" } }];
    const { key: own } = await server.publish(document(`query-${count++}`, nodes, ["start -> q", "q -> end"]));
    const { json } = await server.invoke(own, { input });
    return json;
  };
  return {
    server,
    manage,
    run,
    connect: async (name, connection) => {
      const { status, text } = await manage("PUT", `/connections/${name}`, connection);
      assert.equal(status, 200, text);
    },
    query: async (node, input) => {
      const json = await run(node, input);
      assert.equal(json["status"], "SUCCEED", JSON.stringify(json));
      return (json["output"] as JsonObject)["result"] as JsonObject;
    },
    refused: async (node, input) => {
      const json = await run(node, input);
      assert.equal(json["status"], "FAILED", JSON.stringify(json));
      return json["error"] as JsonObject;
    },
    close: () => server.close(),
  };
}

/** What people have put into statements to make them say something else. */
export const INJECTIONS: readonly string[] = [
  "' OR '1'='1",
  "'; DROP TABLE members; --",
  "' UNION SELECT secret FROM vault --",
  "\\'; DELETE FROM members; #",
  "1; DELETE FROM members",
  "x') OR 1=1 --",
  '" OR ""="',
  "`; DROP TABLE members",
  "$1",
  ":name",
  "?",
  "{{ start.x }}",
  "/* */",
  "-- ",
  "\u0000".replace("\u0000", "%00"),
  "ʼ OR 1=1",
  "'||(SELECT secret FROM vault)||'",
  "E'\\x27 OR 1=1'",
];
