import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { type Collector, spanNamed, startCollector } from "#testing/collector";
import { type Receiver, startReceiver } from "#testing/receiver";
import { document, start } from "#testing/workflows";
import { Project, urlOf } from "../cli/harness.ts";

const ADMIN_KEY = `mr_${"t".repeat(40)}`;

let project: Project;
let collector: Collector;
let receiver: Receiver;

beforeEach(async () => {
  project = new Project();
  collector = await startCollector();
  receiver = await startReceiver();
});
afterEach(async () => {
  await project.dispose();
  receiver.close();
  collector.close();
});

async function started() {
  const env = {
    MILLRACE_ADMIN_KEY: ADMIN_KEY,
    MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  };
  const server = project.start(["start", "--port", "0"], { env });
  await server.seen(/"url":"http:/);
  const post = async (path: string, key: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const answer = await fetch(urlOf(server) + path, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, unknown>;
  };
  return { server, post };
}

test("a run that is killed and resumed is one trace, with the lost attempt in it", async () => {
  const reached = Promise.withResolvers<void>();
  receiver.answer("/pay", (response, nth) => {
    if (nth > 0) response.end("{}");
    // The first call is never answered: its server dies meanwhile.
    else reached.resolve();
  });
  const request = { method: "POST", url: receiver.url("/pay"), body: { json: {} } };
  const nodes = [start({}), { id: "pay", type: "http", request }, { id: "end", type: "end", output: {} }];
  const first = await started();
  const { workflows } = await first.post("/api/v1/deploy", ADMIN_KEY, {
    document: document("order", nodes, ["start -> pay", "pay -> end"]),
    publish: true,
  });
  const [{ id: workflowId }] = workflows as [{ id: string }];
  const { key } = await first.post("/api/v1/keys", ADMIN_KEY, { workflows: [workflowId] });
  const { workflowRunId } = await first.post("/v1/workflow/invoke", String(key), { input: {}, isAsync: true });
  await reached.promise;
  await first.server.end("SIGKILL");
  const second = await started();
  for (;;) {
    const { status } = await second.post("/v1/workflow/query/result", String(key), { workflowRunId });
    if (status !== "RUNNING" && status !== "PENDING") break;
  }
  assert.equal(await second.server.end("SIGTERM"), 0);

  const spans = collector.spans();
  assert.deepEqual(new Set(spans.map(({ traceId }) => traceId)), new Set([String(workflowRunId).replaceAll("-", "")]));
  const run = spanNamed(spans, "run order");
  assert.deepEqual([run.parentSpanId, run.isError], [undefined, false]);
  const attempts = spans.filter(({ name }) => name === "http pay");
  assert.deepEqual(
    attempts.map(({ attributes, parentSpanId }) => [attributes["millrace.node.attempt"], attributes["error.type"], parentSpanId]),
    [
      [1, "interrupted", run.spanId],
      [2, undefined, run.spanId],
    ],
  );
  // Of the lost attempt's request only the receiver knows; it stands below the same span.
  const [lost, sent] = receiver.at("/pay").map(({ headers }) => String(headers["traceparent"]));
  const post = spanNamed(spans, "POST");
  assert.equal(post.parentSpanId, attempts[1]?.spanId);
  assert.equal(sent, `00-${run.traceId}-${post.spanId}-01`);
  assert.ok(lost?.startsWith(`00-${run.traceId}-`));
});
