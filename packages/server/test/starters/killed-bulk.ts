// A server in a process of its own, which dies at the failpoint that its environment names while a job replays 35 failed runs. Argument: data
// directory.

import assert from "node:assert/strict";
import { DEFAULT_TENANT } from "#app";
import { startTestServer } from "#testing/server";
import { failing } from "#testing/workflows";

const [, , dataDir = ""] = process.argv;
const server = await startTestServer({ dataDir });
const { key } = await server.publish(failing);
const runs = await Promise.all(Array.from({ length: 35 }, () => server.invoke(key, { input: {} })));
for (const { json } of runs) assert.equal(json["status"], "FAILED");
const { key: admin } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
const body = { action: "replay", filter: { workflow: "failing", status: "FAILED" } };
const made = await server.call("POST", "/api/v1/bulk-jobs", { key: admin, body });
assert.equal(made.status, 201, made.text);
process.stdout.write(String(made.json["id"]));
