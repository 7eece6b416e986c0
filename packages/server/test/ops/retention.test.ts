import assert from "node:assert/strict";
import { test } from "node:test";
import { MovableClock } from "#testing/clock";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function withServer(
  settings: Record<string, string>,
  body: (server: TestServer, clock: MovableClock) => Promise<void>,
): Promise<void> {
  const clock = new MovableClock();
  const server = await startTestServer({ settings, surroundings: { clock } });
  try {
    await body(server, clock);
  } finally {
    await server.close();
  }
}

/** Asks each hour until the run is unknown. */
async function untilGone(server: TestServer, clock: MovableClock, key: string, id: unknown): Promise<string> {
  for (;;) {
    const { status, text } = await server.query(key, id);
    if (status === 404) return text;
    clock.forward(HOUR_MS);
  }
}

const withoutRequestId = (text: string): string => text.replace(/"requestId":"[^"]*"/, "");

test("a run is answered byte by byte until its time is over, and is then the one 404", async () => {
  await withServer({}, async (server, clock) => {
    const { key } = await server.publish(echo);
    const acceptedAt = clock.now();
    const { json } = await server.invoke(key, { input: { value: "l".repeat(100_000) } });
    const { text } = await server.query(key, json["workflowRunId"]);
    clock.forward(30 * DAY_MS - HOUR_MS);
    assert.equal((await server.query(key, json["workflowRunId"])).text, text);
    const gone = await untilGone(server, clock, key, json["workflowRunId"]);
    assert.ok(clock.now() - acceptedAt >= 30 * DAY_MS);
    const unknown = await server.query(key, "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10");
    assert.equal(withoutRequestId(gone), withoutRequestId(unknown.text));
    assert.equal(gone.includes("40348"), true);
  });
});

test("MILLRACE_RETENTION_DAYS=1 keeps a day, 0 keeps everything", async () => {
  await withServer({ retentionDays: "1" }, async (server, clock) => {
    const { key } = await server.publish(echo);
    const { json } = await server.invoke(key, { input: { value: 1 } });
    clock.forward(DAY_MS + HOUR_MS);
    await untilGone(server, clock, key, json["workflowRunId"]);
  });
  await withServer({ retentionDays: "0" }, async (server, clock) => {
    const { key } = await server.publish(echo);
    const { json } = await server.invoke(key, { input: { value: 1 } });
    clock.forward(10_000 * DAY_MS);
    assert.equal((await server.query(key, json["workflowRunId"])).status, 200);
  });
});

test("runs are answered while thousands are deleted", async () => {
  await withServer({ maxRuns: "100000" }, async (server, clock) => {
    const { key } = await server.publish(echo);
    const call = () => server.invoke(key, { input: { value: "v".repeat(2_000) } });
    const [first] = await Promise.all(Array.from({ length: 2_000 }, call));
    clock.forward(31 * DAY_MS);
    await untilGone(server, clock, key, first?.json["workflowRunId"]);
    const answers = await Promise.all(Array.from({ length: 50 }, call));
    assert.ok(answers.every(({ json }) => json["status"] === "SUCCEED"));
  });
});
