// A server in a process of its own, which dies at the failpoint that its environment names.
// Arguments: data directory, the time, and the URL of the webhook of a run; without one, what earlier lives left is delivered.

import assert from "node:assert/strict";
import { startTestServer } from "#testing/server";
import { standingClock } from "#testing/standing-clock";
import { echo } from "#testing/workflows";

const [, , dataDir = "", now, url] = process.argv;
const server = await startTestServer({
  dataDir,
  settings: { egressAllow: "127.0.0.0/8" },
  surroundings: { clock: standingClock(Number(now)) },
});
if (url !== undefined) {
  const { key } = await server.publish(echo);
  const accepted = await server.invoke(key, { input: { value: 1 }, isAsync: true, webhook: [{ method: "POST", url }] });
  assert.equal(accepted.status, 200, accepted.text);
}
