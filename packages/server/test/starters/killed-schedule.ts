// A server in a process of its own, which dies at the failpoint that its environment names once a schedule is due. Arguments: data directory,
// the time at which it starts, the time to which its clock is moved.

import assert from "node:assert/strict";
import { DEFAULT_TENANT } from "#app";
import { startTestServer } from "#testing/server";
import { standingClock } from "#testing/standing-clock";
import { echo } from "#testing/workflows";

const [, , dataDir = "", from = "", to = ""] = process.argv;
const clock = standingClock(Number(from));
const server = await startTestServer({ dataDir, surroundings: { clock } });
await server.publish(echo);
const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
const made = await server.call("POST", "/api/v1/schedules", { key, body: { workflow: "echo", cron: "0 * * * *" } });
assert.equal(made.status, 201, made.text);
process.stdout.write(String(made.json["id"]), () => clock.moveTo(Number(to)));
