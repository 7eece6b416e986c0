import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { OFFLINE_MODEL } from "@millrace/contract";
import { executors } from "@millrace/nodes/executors";
import { nodeSpecs } from "@millrace/nodes/specs";
import pino from "pino";
import { systemClock } from "#clock";
import { RateCard } from "#credits/rate-card";
import { createEgress } from "#egress/egress";
import { systemIds } from "#ids";
import { ModelService } from "#models/model-service";
import { FairPlaces } from "#runtime/attempts/fair-places";
import { EmbeddedRuntime } from "#runtime/embedded/embedded-runtime";
import { checkCode } from "#sandbox/program/prepare";
import { openSqliteStore } from "#store/sqlite/open";
import type { RunContents, RunStore } from "#store/store";
import { NO_BUDGETS } from "#testing/no-budgets";
import { document, start } from "#testing/workflows";
import { compileVersion } from "#workflows/compile-version";
import { linearPatterns } from "#workflows/linear-patterns";

const twoSteps = document(
  "twoSteps",
  [
    start({}),
    { id: "one", type: "code", code: "return { n: 1 };" },
    { id: "two", type: "code", code: "return { n: 2 };" },
    { id: "end", type: "end", output: { n: "{{ one.n + two.n }}" } },
  ],
  ["start -> one", "one -> two", "two -> end"],
);

/** The real store, whose first write waits for `gate`. */
function gated(runs: RunStore, gate: Promise<void>): RunStore {
  const accept: RunStore["accept"] = async (...given) => {
    await gate;
    return runs.accept(...given);
  };
  return { ...runs, accept };
}

test("sandboxed code waits for no disk, and its run is told to nobody before all of it is durable", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-contained-"));
  const log = pino({ level: "silent" });
  const store = await openSqliteStore({ dataDir, owner: "owner-1", logger: log });
  const ids = systemIds(systemClock.now);
  const options = { specs: nodeSpecs, patterns: linearPatterns, checkCode, maxIterations: 100, maxFileBytes: 1_000 };
  const { version } = compileVersion(twoSteps, options);
  assert.ok(version);
  const gate = Promise.withResolvers<void>();
  const steps: string[] = [];
  const run = async ({ code }: { code: string }) => {
    steps.push(code);
    // Both steps ran, and nothing of the run is on the disk: a runtime that waited for its first entries would never come here.
    if (steps.length === 2) gate.resolve();
    return { value: { n: steps.length }, logs: [] };
  };
  const nowhere = () => Promise.reject(new Error("not here"));
  const models = new ModelService({
    connections: { open: async () => null, list: async () => [] },
    rateCard: new RateCard({ prices: store.prices, clock: systemClock }),
    defaultModel: OFFLINE_MODEL,
    clock: systemClock,
    log,
  });
  const runtime = new EmbeddedRuntime({
    runs: gated(store.runs, gate.promise),
    results: store.nodeResults,
    ids,
    owner: "owner-1",
    clock: systemClock,
    executors,
    spending: NO_BUDGETS,
    vault: { open: () => Promise.reject(new Error("nothing is sealed here")) },
    tracing: null,
    egress: createEgress({ allow: "", version: "0" }),
    capabilitiesOf: (scope) => ({
      sandbox: { run, render: nowhere },
      models: models.of(scope),
      files: { parse: nowhere },
      databases: { query: () => Promise.reject(new Error("not here")) },
      tools: { list: () => Promise.reject(new Error("not here")), call: () => Promise.reject(new Error("not here")) },
      knowledge: { search: nowhere },
    }),
    log,
    callWorkflow: nowhere,
    describeWorkflow: nowhere,
    limits: {},
    maxRuns: 1,
    places: { outside: new FairPlaces(1), contained: new FairPlaces(1) },
    counts: { accepted: () => undefined, ended: () => undefined, takenOver: () => undefined },
    loadVersion: async () => version,
  });
  const about = { workflowId: "w", workflowName: "twoSteps", version: "1", userId: null, keyId: null, origin: null };
  const identity = { ...about, id: ids.uuidv7(), acceptedAt: 1 };
  const end = new Promise<RunContents>((resolve) => runtime.whenEnded("default", identity.id, resolve));
  let isTold = false;
  const handle = runtime.start({ tenantId: "default", run: identity, version, input: {}, startValues: {} }).then((given) => {
    isTold = true;
    return given;
  });
  await gate.promise;
  assert.equal(isTold, false);
  await handle;
  const ended = await end;
  assert.deepEqual([ended.status, ended.output], ["SUCCEED", { n: 3 }]);
  assert.equal((await store.runs.journal("default", identity.id)).at(-1)?.type, "run-finished");
  await runtime.drain();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});
