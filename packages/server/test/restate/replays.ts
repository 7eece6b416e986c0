import assert from "node:assert/strict";
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
import { RestateHouse } from "./house.ts";

/** The engine forgets a run that has waited so long: at each of its waits. */
const FORGETS_AFTER_MS = 2;
const AT_ONCE = 6;
const TENANT = "default";

export interface ReplayFigure {
  readonly graphs: number;
  /** Lives of all runs: how often the engine had one derived anew, and once more for each. */
  readonly lives: number;
  /** What was said of runs that could not go on. */
  readonly mismatches: readonly string[];
  /** Entries of all journals. */
  readonly entries: number;
}

/**
 * Random graphs, some side by side, each hosted by an engine that forgets its run at each wait, so that every life derives everything anew.
 * Rejects where one comes to something else than the reference model. `ended` hears of each end.
 */
export async function forcedReplay(graphs: number, first: number, ended: () => void = () => undefined): Promise<ReplayFigure> {
  const replays = new Replays();
  await replays.open();
  try {
    const seeds = Array.from({ length: graphs }, (_, index) => first + index);
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
          await replays.replay(seed);
          ended();
        }
      }),
    );
    const { lives, complaints, entries } = replays;
    return { graphs, lives, mismatches: [...complaints], entries };
  } finally {
    await replays.close();
  }
}

/** The runtime that is tested, with nodes of the reference model. */
class Replays {
  readonly complaints: string[] = [];
  lives = 0;
  entries = 0;
  readonly #house = new RestateHouse();
  readonly #versions = new Map<string, CompiledVersion>();
  #store!: Store;
  #runtime!: RestateRuntime;

  async open(): Promise<void> {
    const house = this.#house;
    await house.open();
    const complain = (fields: object): void =>
      void this.complaints.push(JSON.stringify(fields, (_, value) => (value instanceof Error ? value.message : value)));
    const log = { debug: () => undefined, info: () => undefined, warn: complain, error: complain };
    const store = await openPostgresStore({ url: house.databaseUrl, owner: "replays", clock: systemClock, logger: log });
    this.#store = store;
    const { shared } = store;
    assert.ok(shared);
    this.#runtime = new RestateRuntime({
      ...{
        clock: systemClock,
        log,
        ids: systemIds(Date.now),
        runs: this.#counted(store.runs),
        results: store.nodeResults,
        shared,
        owner: "replays",
      },
      engine: {
        ingress: [house.restate.ingress],
        admin: [house.restate.admin],
        services: { runs: "MillraceRun", health: "MillraceHealth" },
      },
      inactivityMs: FORGETS_AFTER_MS,
      worker: { host: "127.0.0.1", port: 0, url: null, identityKeys: [] },
      counts: { accepted: () => undefined, ended: () => undefined, takenOver: () => undefined, begunLate: () => undefined },
      // Half of the attempts are over before.
      limits: { concurrency: 4, quietMs: 50, briefMs: 5 },
      executors: new Map([...TEST_NODES.keys()].map((type) => [type, executorOf(type)])),
      places: { outside: new FairPlaces(100), contained: new FairPlaces(100) },
      tracing: null,
      spending: NO_BUDGETS,
      loadVersion: async (_tenantId, _workflowId, version) => this.#versions.get(version) ?? null,
      ...NOTHING_OUTSIDE,
    });
    await this.#runtime.resume();
  }

  async close(): Promise<void> {
    await this.#runtime?.drain();
    await this.#store?.close();
    await this.#house.close();
  }

  async replay(seed: number): Promise<void> {
    const chance = new Chance(seed);
    const graph = withoutLongNaps(generateGraph(seed, 1 + chance.below(8), chance.below(3)));
    const planned = plan(toDocument(graph), TEST_SPECS).plan;
    assert.ok(planned);
    const version: CompiledVersion = { plan: planned, startValues: () => ({}) };
    this.#versions.set(`1.0.${seed}`, version);
    const identity = { workflowId: "0123456789abcdef01234567", workflowName: "generated", version: `1.0.${seed}` };
    const run = { id: systemIds(Date.now).uuidv7(), acceptedAt: Date.now(), userId: null, keyId: null, origin: null, ...identity };
    await this.#runtime.start({ tenantId: TENANT, run, version, input: {}, startValues: {} });
    const end = await this.#endOf(run.id);
    const { status, output } = runModel(graph) as { status: string; output: JsonObject };
    assert.deepEqual([end.status, end.output ?? {}], [status, output], `seed ${seed}`);
    this.entries += (await this.#store.runs.journal(TENANT, run.id)).length;
  }

  /** Says once each what the run waits to hear, until it has ended. */
  async #endOf(runId: string) {
    const ended = Promise.withResolvers<void>();
    const said = new Set<string>();
    const unlisten = this.#runtime.whenEnded(TENANT, runId, () => ended.resolve());
    const stop = this.#runtime.watch(TENANT, runId, () => void this.#sayWhatIsAwaited(runId, said).catch(isOver));
    await ended.promise;
    stop();
    unlisten();
    const run = await this.#store.runs.view(TENANT, null, runId);
    assert.ok(run);
    return run;
  }

  async #sayWhatIsAwaited(runId: string, said: Set<string>): Promise<void> {
    const entries = await this.#store.runs.journal(TENANT, runId);
    const awaited = entries.flatMap((entry, seq) => (entry.type === "signal-awaited" ? [{ name: entry.name, id: `${seq}` }] : []));
    for (const { name, id } of awaited) {
      if (said.has(id)) continue;
      said.add(id);
      await this.#runtime.signal(TENANT, runId, { name, value: null, id });
    }
  }

  #counted(runs: RunStore): RunStore {
    return {
      ...runs,
      takeHosted: (tenantId, runId) => {
        this.lives += 1;
        return runs.takeHosted(tenantId, runId);
      },
    };
  }
}

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
