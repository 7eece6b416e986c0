import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { startTestServer, type TestServer } from "#testing/server";
import { advice } from "#testing/workflows";

let server: TestServer;
let admin: string;
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
});
after(() => server.close());

const saying = (text: string, more: JsonObject = {}): JsonObject => {
  const [start, end] = advice["nodes"] as JsonObject[];
  return { ...advice, ...more, nodes: [start ?? {}, { ...end, text }] };
};
const call = (method: string, path: string, body?: JsonObject) =>
  server.call(method, `/api/v1/workflows/advice${path}`, { key: admin, ...(body && { body }) });
const save = (document: JsonObject) => call("PUT", "/draft", { document });

const NOTHING = { nodes: [], edges: { added: [], removed: [] }, settings: [], layout: { moved: 0 } };

test("draft, live and any version are compared by meaning", async () => {
  await server.publish(saying("one"));
  await save(saying("two", { layout: { end: [1, 1] } }));
  const fields = [{ path: "/text", before: "one", after: "two" }];
  const changed = { ...NOTHING, nodes: [{ path: "end", id: "end", name: "end", change: "changed", fields }], layout: { moved: 1 } };
  const { json } = await call("GET", "/diff");
  assert.deepEqual(json, { from: "1.0.0", to: "draft", summary: "1 node changed", ...changed });
  await call("POST", "/publish", {});
  const later = await call("GET", "/diff");
  assert.deepEqual(later.json, { from: "1.0.1", to: "draft", summary: "no changes", ...NOTHING });
  const between = await call("GET", "/diff?from=1.0.0&to=live");
  assert.deepEqual(between.json, { from: "1.0.0", to: "1.0.1", summary: "1 node changed", ...changed });
});

test("what was never published is compared with an empty workflow", async () => {
  await server.call("POST", "/api/v1/workflows", { key: admin, body: { document: { ...advice, name: "unpublished" } } });
  const { json } = await server.call("GET", "/api/v1/workflows/unpublished/diff", { key: admin });
  assert.deepEqual([json["from"], json["to"], json["summary"], json["settings"]], [undefined, "draft", "2 nodes added", []]);
});

test("a version that does not exist, and a reference that can be none, are refused by their name", async () => {
  const unknown = await call("GET", "/diff?from=9.9.9");
  assert.deepEqual([unknown.status, unknown.json["code"]], [400, 403203]);
  const bad = await call("GET", "/diff?to=a/b");
  assert.deepEqual([bad.status, bad.json["type"]], [400, "/errors/invalid_request"]);
  assert.match(String(bad.json["message"]), /^to: /);
});

test("a key needs the scope version", async () => {
  const { id } = await server.publish(saying("scoped", { name: "scoped" }));
  const { key } = await server.app.apiKeys.create("default", { workflows: [id], scopes: ["draft"] });
  const answer = await server.call("GET", "/api/v1/workflows/scoped/diff", { key });
  assert.deepEqual([answer.status, answer.json["type"]], [403, "/errors/scope"]);
});
