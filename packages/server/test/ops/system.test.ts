import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type CheckList, ROLES, roleMay, type SystemView } from "@millrace/contract";
import { startTestServer, type TestServer } from "#testing/server";
import { doctorOf } from "./doctor.ts";

// How the server is, as it says itself and as the command line sees it.

let server: TestServer;
let admin: string;

before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
});
after(() => server.close());

const checks = async () => (await server.call("GET", "/api/v1/system/checks", { key: admin })).json as unknown as CheckList;

test("C51: the checks and verdicts are those of millrace doctor, where all is well and where it is not", async () => {
  const same = async () => {
    const inside = (await checks()).data.map(({ check, verdict, fix }) => [check, verdict, fix !== undefined]);
    const outside = (await doctorOf(server.dataDir)).map(({ check, verdict, fix }) => [check, verdict, fix !== null]);
    assert.deepEqual(inside, outside);
    return inside.filter(([, verdict]) => verdict !== "ok").map(([check]) => check);
  };
  assert.deepEqual(await same(), []);
  const key = join(server.dataDir, "secret.key");
  chmodSync(key, 0o644);
  assert.deepEqual(await same(), ["keys"]);
  chmodSync(key, 0o600);
});

test("a check that failed names its fix", async () => {
  const key = join(server.dataDir, "secret.key");
  chmodSync(key, 0o640);
  const failed = (await checks()).data.find(({ check }) => check === "keys");
  chmodSync(key, 0o600);
  assert.deepEqual([failed?.problem, failed?.fix], [`${key} can be read by other users`, `chmod 600 ${key}`]);
});

test("the system tells its engine, queue, database and retention", async () => {
  const { status, json } = await server.call("GET", "/api/v1/system", { key: admin });
  const { engine, unfinishedRuns, database, databaseBytes, retentionDays, auditRetentionDays, node, publicUrl } =
    json as unknown as SystemView;
  assert.equal(status, 200);
  assert.deepEqual([engine, unfinishedRuns, retentionDays, node, publicUrl], ["embedded", 0, 30, process.versions.node, undefined]);
  assert.equal(database, server.app.store.shared ? "postgres" : "sqlite");
  assert.ok(databaseBytes > 0 && auditRetentionDays > 0);
});

test("who operates may run the checks, and whoever may look sees the rest", async () => {
  for (const role of ROLES) {
    const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"], role });
    assert.equal((await server.call("GET", "/api/v1/system", { key })).status, 200, role);
    assert.equal((await server.call("GET", "/api/v1/system/checks", { key })).status, roleMay(role, "operate") ? 200 : 403, role);
  }
});
