import assert from "node:assert/strict";
import { test } from "node:test";
import { contextOfAttempt, contextOfRun, parseTraceparent, type Sampling, traceparentOf, wellFormed } from "#telemetry/trace-context";

const RUN = "01990000-0000-7000-8000-000000000001";
const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const ALWAYS: Sampling = { sampler: "parentbased_always_on", ratio: 1 };

test("a traceparent is read as W3C Trace Context says, or not at all", () => {
  assert.deepEqual(parseTraceparent(PARENT), {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
    sampled: true,
  });
  assert.equal(parseTraceparent(PARENT.replace(/01$/, "03"))?.sampled, true);
  assert.equal(parseTraceparent(PARENT.replace(/01$/, "02"))?.sampled, false);
  for (const malformed of [
    undefined,
    "",
    PARENT.toUpperCase(),
    PARENT.slice(0, -1),
    `${PARENT}-00`,
    PARENT.replace(/^00/, "01"),
    PARENT.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32)),
    PARENT.replace("00f067aa0ba902b7", "0".repeat(16)),
  ])
    assert.equal(parseTraceparent(malformed), null, malformed);
  assert.equal(wellFormed([PARENT, PARENT]), null);
});

test("a run's spans follow from its id, and those of its attempts differ", () => {
  const run = { runId: RUN };
  assert.equal(contextOfRun(run, ALWAYS).traceId, RUN.replaceAll("-", ""));
  assert.deepEqual(contextOfAttempt(run, "pay", 1, ALWAYS), contextOfAttempt({ runId: RUN }, "pay", 1, ALWAYS));
  const ids = [
    contextOfRun(run, ALWAYS),
    ...["pay", "each[0]/pay"].flatMap((path) => [1, 2].map((n) => contextOfAttempt(run, path, n, ALWAYS))),
  ];
  assert.equal(new Set(ids.map(({ spanId }) => spanId)).size, 5);
  for (const id of ids) assert.deepEqual(parseTraceparent(traceparentOf(id)), id);
});

test("samplers: by the parent where they say so, else by their name", () => {
  const unsampled = PARENT.replace(/01$/, "00");
  const sampled = (sampler: Sampling["sampler"], ratio: number, traceparent?: string) =>
    contextOfRun({ runId: RUN, ...(traceparent !== undefined && { traceparent }) }, { sampler, ratio }).sampled;
  assert.deepEqual(
    [sampled("always_on", 0), sampled("always_off", 1), sampled("traceidratio", 0), sampled("traceidratio", 1)],
    [true, false, false, true],
  );
  for (const sampler of ["always_on", "always_off", "traceidratio"] as const) {
    assert.equal(sampled(`parentbased_${sampler}`, 0, PARENT), true);
    assert.equal(sampled(`parentbased_${sampler}`, 1, unsampled), false);
    assert.equal(sampled(`parentbased_${sampler}`, 0), sampled(sampler, 0));
    assert.equal(sampled(sampler, 0, PARENT), sampled(sampler, 0), "the parent does not matter");
  }
});

test("the ratio is that share of the runs, however alike their ids", () => {
  const runs = Array.from({ length: 4_000 }, (_, n) => `01990000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`);
  const chosen = runs.filter((runId) => contextOfRun({ runId }, { sampler: "traceidratio", ratio: 0.25 }).sampled);
  // The ids are always the same ones, so this is too: 1,000 is expected, and four deviations are 110.
  assert.ok(Math.abs(chosen.length - 1_000) < 110, `${chosen.length}`);
});
