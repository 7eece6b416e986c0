import assert from "node:assert/strict";
import { test } from "node:test";
import { MovableClock } from "#testing/clock";
import { type Answer, startTestServer } from "#testing/server";
import { ofOneServer } from "#testing/store-database";
import { echo } from "#testing/workflows";

// What callers see of a server that is told to stop; what becomes of the runs is in durability.

const GRACE_MS = 5_000;

test("told to stop, a server answers as before for its grace, and says with each answer that it goes", ofOneServer, async () => {
  const clock = new MovableClock();
  const server = await startTestServer({ settings: { stopGraceMs: String(GRACE_MS) }, surroundings: { clock } });
  const { key } = await server.publish(echo);
  assert.equal((await server.call("GET", "/readyz")).status, 200);
  const closed = server.close();
  const of = ({ status, headers }: Answer) => [status, headers["connection"]];
  const ready = await server.call("GET", "/readyz");
  assert.deepEqual([...of(ready), ready.json["type"]], [503, "close", "/errors/draining"]);
  assert.deepEqual(of(await server.call("GET", "/healthz")), [200, "close"]);
  const answer = await server.invoke(key, { input: { value: 1 } });
  assert.deepEqual([...of(answer), answer.json["status"], answer.json["output"]], [200, "close", "SUCCEED", { value: 1 }]);
  clock.forward(GRACE_MS);
  await closed;
  await assert.rejects(server.call("GET", "/healthz"), { code: "ECONNREFUSED" });
});
