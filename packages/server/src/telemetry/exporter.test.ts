import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExporterPorts, SpanExporter, type WaitingRun } from "#telemetry/exporter";
import {
  EXPORT_DELAY_MS,
  FIRST_BACK_OFF_MS,
  FLUSH_MS,
  MAX_BATCH_SPANS,
  MAX_EXPORT_TRIES,
  MAX_WAITING_RUNS,
  MAX_WAITING_SPANS,
} from "#telemetry/limits";
import type { Span } from "#telemetry/span";
import { standingClock } from "#testing/standing-clock";

// The invariants of exporter.ts, by their numbers. Time is moved by the test; `mono` of the flush as well.

const span: Span = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  name: "a span",
  kind: 1,
  startedAt: 0,
  endedAt: 1,
  attributes: {},
};

const run: WaitingRun = { tenantId: "default", runId: "run" };

interface Post {
  readonly spans: number;
  readonly timeoutMs: number;
  answer(status: number): void;
  fail(): void;
}

/** An exporter whose posts the test answers, one by one. */
function setUp(spansOf: ExporterPorts<WaitingRun>["spansOf"] = async function* () {}) {
  const clock = standingClock(0);
  let mono = 0;
  const posts: Post[] = [];
  let came = Promise.withResolvers<void>();
  const told: string[] = [];
  const note = (_fields: object, message: string) => void told.push(message);
  const exporter = new SpanExporter<WaitingRun>({
    clock: { ...clock, mono: () => mono },
    log: { info: note as never, warn: note as never },
    resource: { serviceName: "millrace", version: "0", instanceId: "i" },
    spansOf,
    post: (body, timeoutMs, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      posts.push({ spans: countSpans(body), timeoutMs, answer: resolve, fail: () => reject(new Error("no connection")) });
      came.resolve();
      return promise;
    },
  });
  return {
    exporter,
    clock,
    told,
    passFlush: () => {
      mono += FLUSH_MS;
    },
    /** The n-th post, as soon as it is there. */
    post: async (n: number): Promise<Post> => {
      for (;;) {
        const post = posts[n];
        if (post) return post;
        came = Promise.withResolvers();
        await came.promise;
      }
    },
    posts,
  };
}

function countSpans(body: string): number {
  return (JSON.parse(body) as { resourceSpans: [{ scopeSpans: [{ spans: unknown[] }] }] }).resourceSpans[0].scopeSpans[0].spans.length;
}

/** Whatever waits in the event loop has had its say. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("spans go together, a while after the first", async () => {
  const { exporter, clock, post, posts } = setUp();
  exporter.record(span);
  clock.moveTo(EXPORT_DELAY_MS - 1);
  exporter.record(span);
  await settled();
  assert.equal(posts.length, 0);
  clock.moveTo(EXPORT_DELAY_MS);
  const first = await post(0);
  assert.equal(first.spans, 2);
  first.answer(200);
  await exporter.close();
  assert.deepEqual(exporter.figures, { exported: 2, dropped: 0, runsDropped: 0 });
});

test("no export is larger than its bound", async () => {
  const { exporter, clock, post } = setUp();
  for (let n = 0; n <= MAX_BATCH_SPANS; n++) exporter.record(span);
  clock.moveTo(EXPORT_DELAY_MS);
  const first = await post(0);
  first.answer(200);
  const second = await post(1);
  second.answer(200);
  assert.deepEqual([first.spans, second.spans], [MAX_BATCH_SPANS, 1]);
  await exporter.close();
});

test("T1, T2: while the collector hangs, two lines fill up to their bounds, and what is beyond is counted", async () => {
  const { exporter, clock, post, posts } = setUp();
  exporter.record(span);
  clock.moveTo(EXPORT_DELAY_MS);
  const hanging = await post(0);
  for (let n = 0; n < MAX_WAITING_SPANS; n++) exporter.record(span);
  for (let n = 0; n < MAX_WAITING_RUNS; n++) exporter.ended(run);
  assert.deepEqual(exporter.figures, { exported: 0, dropped: 0, runsDropped: 0 });
  exporter.record(span);
  exporter.ended(run);
  assert.deepEqual(exporter.figures, { exported: 0, dropped: 1, runsDropped: 1 });
  assert.equal(posts.length, 1);
  hanging.answer(200);
  const closed = exporter.close();
  for (let n = 1; n <= MAX_WAITING_SPANS / MAX_BATCH_SPANS; n++) (await post(n)).answer(200);
  await closed;
  assert.equal(exporter.figures.exported, MAX_WAITING_SPANS + 1);
});

for (const [how, fault] of [
  ["answers 503", (post: Post) => post.answer(503)],
  ["is not there", (post: Post) => post.fail()],
] as const)
  test(`a collector that ${how} is tried again, later each time, and given up`, async () => {
    const { exporter, clock, post, posts, told } = setUp();
    exporter.record(span);
    clock.moveTo(EXPORT_DELAY_MS);
    let now = EXPORT_DELAY_MS;
    for (let tries = 1; tries < MAX_EXPORT_TRIES; tries++) {
      fault(await post(tries - 1));
      await settled();
      now += FIRST_BACK_OFF_MS * 2 ** (tries - 1);
      clock.moveTo(now - 1);
      await settled();
      assert.equal(posts.length, tries, "not before its time");
      clock.moveTo(now);
    }
    fault(await post(MAX_EXPORT_TRIES - 1));
    await settled();
    assert.deepEqual(exporter.figures, { exported: 0, dropped: 1, runsDropped: 0 });
    assert.deepEqual(told, ["traces cannot be exported; runs go on without"], "told once");
    exporter.record(span);
    clock.moveTo(now + EXPORT_DELAY_MS);
    (await post(MAX_EXPORT_TRIES)).answer(200);
    await settled();
    assert.deepEqual(told.slice(1), ["traces are exported again"]);
    await exporter.close();
  });

test("what the collector refuses is not sent again", async () => {
  const { exporter, clock, post, posts } = setUp();
  exporter.record(span);
  clock.moveTo(EXPORT_DELAY_MS);
  (await post(0)).answer(500);
  await settled();
  clock.moveTo(1_000_000);
  await settled();
  assert.equal(posts.length, 1);
  assert.deepEqual(exporter.figures, { exported: 0, dropped: 1, runsDropped: 0 });
  await exporter.close();
});

test("a run whose spans cannot be made is counted and told, and keeps nobody", async () => {
  const { exporter, clock, post, told } = setUp(async function* ({ runId }) {
    if (runId === "damaged") throw new Error("damaged");
    yield span;
  });
  exporter.ended({ ...run, runId: "damaged" });
  exporter.ended(run);
  clock.moveTo(EXPORT_DELAY_MS);
  (await post(0)).answer(200);
  await exporter.close();
  assert.deepEqual(exporter.figures, { exported: 1, dropped: 0, runsDropped: 1 });
  assert.deepEqual(told, ["the trace of a run could not be made"]);
});

test("T3: stopping gives an export that hangs one more try, no longer than the flush may take", async () => {
  const { exporter, clock, post, passFlush } = setUp(async function* () {
    yield span;
  });
  exporter.record(span);
  clock.moveTo(EXPORT_DELAY_MS);
  await post(0);
  exporter.ended(run);
  const closed = exporter.close();
  const last = await post(1);
  assert.equal(last.timeoutMs, FLUSH_MS);
  passFlush();
  last.fail();
  await closed;
  assert.deepEqual(exporter.figures, { exported: 0, dropped: 1, runsDropped: 1 }, "there was no time left for the run");
});

test("T3: stopping ends the wait before another try", async () => {
  const { exporter, clock, post } = setUp();
  exporter.record(span);
  clock.moveTo(EXPORT_DELAY_MS);
  (await post(0)).answer(503);
  await settled();
  const closed = exporter.close();
  (await post(1)).answer(200);
  await closed;
  assert.deepEqual(exporter.figures, { exported: 1, dropped: 0, runsDropped: 0 });
});
