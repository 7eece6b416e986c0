import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { plan } from "@millrace/engine";
import { Chance, generateGraph, toDocument } from "@millrace/engine/testing/generate";
import { type ModelGraph, runModel } from "@millrace/engine/testing/model";
import { TEST_NODES, TEST_SPECS } from "@millrace/engine/testing/specs";
import type { Executor } from "@millrace/nodes";
import { systemClock } from "#clock";
import { systemIds } from "#ids";
import { FairPlaces } from "#runtime/attempts/fair-places";
import { RestateRuntime } from "#runtime/restate/restate-runtime";
import type { CompiledVersion } from "#runtime/runtime";
import { openPostgresStore } from "#store/postgres/open";
import type { RunStore, Store } from "#store/store";
import { NO_BUDGETS } from "#testing/no-budgets";
import { RestateHouse, skip } from "./house.ts";

// L3: the engine forgets each run at each of its waits, so that every life of it derives everything anew.

const GRAPHS = Number(process.env["MILLRACE_REPLAY_GRAPHS"] ?? 12);
const AT_ONCE = 6;
const FORGETS_AFTER_MS = 2;
const TENANT = "default";

describe("forced replay", { skip, timeout: 60_000 + GRAPHS * 10_000 }, () => {
  const house = new RestateHouse();
  const versions = new Map<string, CompiledVersion>();
  /** What was said of runs that could not go on. */
  const complaints: string[] = [];
  let store: Store;
  let runtime: RestateRuntime;
  let lives = 0;

  before(async () => {
    await house.open();
    const complain = (fields: object): void =>
      void complaints.push(JSON.stringify(fields, (_, value) => (value instanceof Error ? value.message : value)));
    const log = { debug: () => undefined, info: () => undefined, warn: complain, error: complain };
    store = await openPostgresStore({ url: house.databaseUrl, owner: "replays", clock: systemClock, logger: log });
    runtime = new RestateRuntime({
      ...{ clock: systemClock, log, ids: systemIds(Date.now), runs: counted(store.runs), results: store.nodeResults, spending: NO_BUDGETS },
      ...{ engine: { ingress: [house.restate.ingress], admin: house.restate.admin }, inactivityMs: FORGETS_AFTER_MS },
      worker: { host: "127.0.0.1", port: 0, url: null, identityKeys: [] },
      counts: { accepted: () => undefined, ended: () => undefined, takenOver: () => undefined },
      limits: { concurrency: 4 },
      executors: new Map([...TEST_NODES.keys()].map((type) => [type, executorOf(type)])),
      places: { outside: new FairPlaces(100), contained: new FairPlaces(100) },
      tracing: null,
      loadVersion: async (_tenantId, _workflowId, version) => versions.get(version) ?? null,
      ...NOTHING_OUTSIDE,
    });
    await runtime.resume();
  });
  after(async () => {
    await runtime?.drain();
    await store?.close();
    await house.close();
  });

  test("L3 random graphs come to what the reference model says, and no life of a run differs from the one before", async (t) => {
    const first = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seeds from ${first} on`);
    const seeds = Array.from({ length: GRAPHS }, (_, index) => first + index);
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) await replayed(seed);
      }),
    );
    t.diagnostic(`${GRAPHS} graphs in ${lives} lives, ${complaints.length} mismatches`);
    assert.deepEqual(complaints, []);
    assert.ok(lives > GRAPHS, "the engine forgot none of the runs");
  });

  async function replayed(seed: number): Promise<void> {
    const chance = new Chance(seed);
    const graph = withoutLongNaps(generateGraph(seed, 1 + chance.below(8), chance.below(3)));
    const planned = plan(toDocument(graph), TEST_SPECS).plan;
    assert.ok(planned);
    const version = `1.0.${seed}`;
    versions.set(version, { plan: planned, startValues: () => ({}) });
    const identity = {
      workflowId: "0123456789abcdef01234567",
      workflowName: "generated",
      version,
      userId: null,
      keyId: null,
      origin: null,
    };
    const run = { id: systemIds(Date.now).uuidv7(), acceptedAt: Date.now(), ...identity };
    await runtime.start({ tenantId: TENANT, run, version: versions.get(version) as CompiledVersion, input: {}, startValues: {} });
    const end = await endOf(run.id);
    const { status, output } = runModel(graph) as { status: string; output: JsonObject };
    assert.deepEqual([end.status, end.output ?? {}], [status, output], `seed ${seed}`);
  }

  /** Says what the run waits to hear until it has ended. */
  async function endOf(runId: string) {
    const ended = Promise.withResolvers<void>();
    const unlisten = runtime.whenEnded(TENANT, runId, () => ended.resolve());
    const stop = runtime.watch(TENANT, runId, () => void sayWhatIsAwaited(runId).catch(isOver));
    await ended.promise;
    stop();
    unlisten();
    const run = await store.runs.view(TENANT, null, runId);
    assert.ok(run);
    return run;
  }

  async function sayWhatIsAwaited(runId: string): Promise<void> {
    const entries = await store.runs.journal(TENANT, runId);
    const awaited = entries.flatMap((entry, seq) => (entry.type === "signal-awaited" ? [{ name: entry.name, id: `${seq}` }] : []));
    for (const { name, id } of awaited) await runtime.signal(TENANT, runId, { name, value: null, id });
  }

  function counted(runs: RunStore): RunStore {
    return {
      ...runs,
      takeHosted: (tenantId, runId) => {
        lives += 1;
        return runs.takeHosted(tenantId, runId);
      },
    };
  }
});

function executorOf(type: string): Executor {
  const node = TEST_NODES.get(type);
  if (!node) throw new Error(`no node ${type}`);
  if (node.spec.effect === "none")
    return { effect: "none", run: (config: JsonObject, { path }) => node.run({ path, attempt: 1, config }) } as Executor;
  const run = async (config: JsonObject, { path, attempt }: { path: string; attempt: number }) => {
    // Siblings are to end in any order.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
    return node.run({ path, attempt, config });
  };
  return { effect: "outside", run } as unknown as Executor;
}

/** The engine's time is real. */
function withoutLongNaps(graph: ModelGraph): ModelGraph {
  return JSON.parse(JSON.stringify(graph), (_, value) => (value?.ms === undefined ? value : { ...value, ms: Math.min(value.ms, 60) }));
}

/** It has ended meanwhile. */
function isOver(): void {}

async function refused(): Promise<never> {
  throw new Error("there is nothing outside");
}

const NOTHING_OUTSIDE = {
  egress: { request: refused },
  capabilitiesOf: () => ({}) as never,
  vault: { open: refused },
  callWorkflow: refused,
  describeWorkflow: refused,
};
