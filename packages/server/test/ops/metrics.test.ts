import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTestServer, type TestServer } from "#testing/server";
import { ofOneServer } from "#testing/store-database";
import { echo, failing } from "#testing/workflows";

const TOKEN = "a-token-of-the-metrics";
const FROM_ELSEWHERE = { "X-Forwarded-For": "192.0.2.7" };

/** Series -> value, of the text format; fails where a line is neither a comment nor a series. */
function seriesOf(text: string): ReadonlyMap<string, number> {
  const series = new Map<string, number>();
  for (const line of text.trimEnd().split("\n")) {
    if (/^# (HELP|TYPE) [a-z_]+ .+$/.test(line)) continue;
    const [, name, value] = /^([a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) ([-+.\de]+)$/.exec(line) ?? [];
    assert.ok(name !== undefined && !series.has(name), line);
    series.set(name, Number(value));
  }
  return series;
}

describe("GET /metrics", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ settings: { metricsToken: TOKEN } });
  });
  after(() => server.close());

  test("counts runs and requests by what they came to, and never names one", ofOneServer, async () => {
    const { key } = await server.publish(echo);
    const { key: failingKey } = await server.publish(failing);
    const { json } = await server.invoke(key, { input: { value: "a user's text" } });
    await server.invoke(key, { input: { value: 2 } });
    await server.invoke(failingKey, { input: {} });
    await server.invoke("nobody's", { input: {} });
    const { status, headers, text } = await server.call("GET", "/metrics");
    assert.deepEqual([status, headers["content-type"]], [200, "text/plain; version=0.0.4; charset=utf-8"]);
    const series = seriesOf(text);
    const invoked = (outcome: string) =>
      series.get(`millrace_http_request_duration_seconds_count{route="/v1/workflow/invoke",status="${outcome}"}`);
    assert.deepEqual([invoked("2xx"), invoked("4xx")], [3, 1]);
    assert.equal(series.get("millrace_runs_accepted_total"), 3);
    assert.equal(series.get('millrace_runs_ended_total{status="SUCCEED"}'), 2);
    assert.equal(series.get('millrace_runs_ended_total{status="FAILED"}'), 1);
    assert.equal(series.get("millrace_runs_live"), 0);
    for (const name of ["millrace_runs_taken_over_total", "millrace_runs_undriven", "millrace_runs_start_lag_seconds"])
      assert.equal(series.get(name) ?? 0, 0, name);
    for (const name of ["millrace_store_batches_total", "millrace_store_commit_seconds_total"])
      assert.ok((series.get(name) ?? 0) > 0, name);
    // PostgreSQL has its log for itself.
    assert.equal((series.get("millrace_store_wal_bytes") ?? 0) > 0, server.app.store.shared === null);
    for (const name of ["millrace_event_loop_lag_seconds", "process_resident_memory_bytes", "millrace_store_checkpoints_total"])
      assert.ok(series.has(name), name);
    for (const never of [key, String(json["workflowRunId"]), "user's"]) assert.ok(!text.includes(never));
  });

  test("a bucket holds all that took no longer, and the last one all", async () => {
    await server.call("GET", "/healthz");
    const series = seriesOf((await server.call("GET", "/metrics")).text);
    const buckets = [...series].filter(([name]) => /_bucket\{route="\/healthz"/.test(name)).map(([, count]) => count);
    assert.deepEqual(
      buckets,
      buckets.toSorted((left, right) => left - right),
    );
    assert.equal(buckets.at(-1), series.get('millrace_http_request_duration_seconds_count{route="/healthz",status="2xx"}'));
  });

  test("paths that nobody serves are one route, however many there are", async () => {
    const before = seriesOf((await server.call("GET", "/metrics")).text).size;
    for (let path = 0; path < 5; path++) await server.call("GET", `/api/v9/${path}`);
    const after = seriesOf((await server.call("GET", "/metrics")).text);
    assert.ok(after.size - before <= 2 * 18, `${after.size - before} series more`);
    assert.ok(![...after.keys()].some((name) => name.includes("/api/v9/")));
  });

  test("L38: from another host it needs the token; through a proxy everybody is elsewhere", async () => {
    const asked = async (headers: Record<string, string>) => (await server.call("GET", "/metrics", { headers })).status;
    assert.equal(await asked({}), 200);
    assert.equal(await asked(FROM_ELSEWHERE), 401);
    assert.equal(await asked({ Forwarded: "for=192.0.2.7" }), 401);
    assert.equal(await asked({ ...FROM_ELSEWHERE, Authorization: `Bearer ${TOKEN}x` }), 401);
    assert.equal(await asked({ ...FROM_ELSEWHERE, Authorization: `Bearer ${TOKEN}` }), 200);
  });

  test("without a token no other host may read it", async () => {
    const closed = await startTestServer();
    const { status } = await closed.call("GET", "/metrics", { headers: { ...FROM_ELSEWHERE, Authorization: "Bearer null" } });
    await closed.close();
    assert.equal(status, 401);
  });
});
