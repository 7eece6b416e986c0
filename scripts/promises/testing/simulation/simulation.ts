import { isDeepStrictEqual } from "node:util";
import type { Directive, Entry, Plan } from "../../../../packages/engine/src/index.ts";
import { replay } from "../../../../packages/engine/src/index.ts";
import { generateGraph, toDocument } from "../../../../packages/engine/src/testing/generate.ts";
import { planTest } from "../../../../packages/engine/src/testing/host.ts";
import { type ModelGraph, runModel } from "../../../../packages/engine/src/testing/model.ts";
import { TEST_NODES } from "../../../../packages/engine/src/testing/specs.ts";
import type { EffectContext, Executor } from "../../../../packages/nodes/src/kit/executor.ts";
import type { EmbeddedOptions } from "../../../../packages/server/src/runtime/embedded/embedded-runtime.ts";
import { NO_BUDGETS } from "../../../../packages/server/src/testing/no-budgets.ts";
import { Disk, type StoreErrors, TENANT } from "./disk.ts";
import { type Life, settled, World } from "./world.ts";

// The real runtime, driver and reducer over a simulated disk, clock and world, one choice at a time.

/** The code that is simulated: this repository's, or a copy with a bug in it. */
export interface Subject {
  readonly EmbeddedRuntime: typeof import("../../../../packages/server/src/runtime/embedded/embedded-runtime.ts").EmbeddedRuntime;
  readonly FairPlaces: typeof import("../../../../packages/server/src/runtime/attempts/fair-places.ts").FairPlaces;
  readonly errors: StoreErrors;
}

type Runtime = InstanceType<Subject["EmbeddedRuntime"]>;

export interface Result {
  readonly steps: number;
  readonly trace: number;
  readonly runs: number;
  /** Runs that were told to be cancelled. */
  readonly cancelled: number;
  readonly crashes: number;
  readonly pauses: number;
  /** Attempts of a step beyond its first. */
  readonly repeated: number;
  /** What went wrong, in words. */
  readonly failures: readonly string[];
}

const RUNS = 4;
const FAULTY_STEPS = 400;
/** Without faults everything comes to its end within so many. */
const HEALING_STEPS = 4_000;
const ATTEMPTS_AT_ONCE = 3;

/** What happens in one seed, and how often: uniform mixes hide bugs. */
interface Swarm {
  readonly crash: number;
  readonly pause: number;
  readonly cancel: number;
  readonly signal: number;
  readonly advance: number;
  readonly fullness: number;
  /** Nodes that fail: only where no attempt is lost, since a lost one takes a number. */
  readonly failures: boolean;
}

function swarmOf(chance: () => number): Swarm {
  const sometimes = (share: number, rate: number) => (chance() < share ? rate : 0);
  const crash = sometimes(0.5, 0.02);
  const pause = sometimes(0.3, 0.02);
  return {
    crash,
    pause,
    cancel: sometimes(0.3, 0.01),
    signal: sometimes(0.7, 0.1),
    advance: 0.02 + chance() * 0.1,
    fullness: sometimes(0.2, 0.05),
    failures: crash === 0 && pause === 0,
  };
}

interface Submitted {
  readonly id: string;
  readonly graph: ModelGraph;
  readonly plan: Plan;
  acknowledged: boolean;
  refused: boolean;
  cancelled: boolean;
}

export async function simulate(subject: Subject, seed: number, chance: () => number): Promise<Result> {
  const simulation = new Simulation(subject, seed, chance);
  await simulation.run();
  return simulation.result();
}

class Simulation {
  readonly #subject: Subject;
  readonly #seed: number;
  readonly #chance: () => number;
  readonly #swarm: Swarm;
  readonly #world = new World();
  readonly #disk: Disk;
  readonly #submitted: Submitted[] = [];
  readonly #failures: string[] = [];
  readonly #lives: Life[] = [];
  readonly #attempts = new Map<string, number>();
  #current: { life: Life; runtime: Runtime };
  #serial = 0;
  #crashes = 0;
  #pauses = 0;

  constructor(subject: Subject, seed: number, chance: () => number) {
    this.#subject = subject;
    this.#seed = seed;
    this.#chance = chance;
    this.#swarm = swarmOf(chance);
    this.#disk = new Disk(this.#world, subject.errors, chance);
    this.#current = this.#boot();
  }

  async run(): Promise<void> {
    this.#disk.fullness = this.#swarm.fullness;
    for (let step = 0; step < FAULTY_STEPS; step++) await this.#step();
    this.#disk.fullness = 0;
    if (!this.#swarm.failures) this.#restart();
    await this.#heal();
    for (const one of this.#submitted) this.#check(one);
  }

  result(): Result {
    const repeated = [...this.#attempts.values()].reduce((sum, count) => sum + count - 1, 0);
    const { steps, trace } = this.#world;
    const cancelled = this.#submitted.filter((run) => run.cancelled).length;
    const counted = { runs: this.#submitted.length, cancelled, crashes: this.#crashes, pauses: this.#pauses, repeated };
    return { steps, trace, ...counted, failures: this.#failures };
  }

  async #step(): Promise<void> {
    const { crash, pause, cancel, signal, advance } = this.#swarm;
    if (this.#submitted.length < RUNS && this.#chance() < 0.1) this.#submit();
    else if (this.#chance() < crash) this.#crash();
    else if (this.#chance() < pause) this.#pause();
    else if (this.#chance() < cancel) this.#cancel();
    else if (this.#chance() < signal) this.#signal(this.#below(2) === 0 ? "one" : "two");
    else if (this.#world.choices === 0 || this.#chance() < advance) this.#world.advance();
    if (this.#world.choices > 0) await this.#world.go(this.#below(this.#world.choices));
    else await settled();
  }

  /** Whoever slept too long ends as well. */
  #restart(): void {
    for (const life of this.#lives) this.#end(life);
    this.#current = this.#boot();
  }

  /** Without faults: until nothing waits any more and no run is unfinished. */
  async #heal(): Promise<void> {
    for (let step = 0; step < HEALING_STEPS; step++) {
      if (this.#world.choices > 0) await this.#world.go(this.#below(this.#world.choices));
      else if (this.#world.advance()) await settled();
      else if (this.#isDone()) return;
      else {
        // Whoever still waits does so for word from outside.
        for (const name of ["one", "two"]) this.#signal(name);
        await settled();
      }
    }
    this.#fail(`it does not come to rest: ${this.#unfinished().join(", ")}`);
  }

  #isDone(): boolean {
    return this.#unfinished().length === 0;
  }

  #unfinished(): string[] {
    return [...this.#disk.runs.values()].filter(({ summary }) => summary.endedAt === null).map(({ run }) => run.id);
  }

  #boot(): { life: Life; runtime: Runtime } {
    const life: Life = { owner: `owner-${this.#lives.length}`, alive: true, paused: false };
    this.#lives.push(life);
    const { EmbeddedRuntime, FairPlaces } = this.#subject;
    const runtime = new EmbeddedRuntime({
      runs: this.#disk.storeOf(life),
      results: { find: async () => null, keep: async () => undefined },
      ids: { seed: () => String(this.#serial++).padStart(32, "0") } as EmbeddedOptions["ids"],
      owner: life.owner,
      clock: this.#world.clockOf(life),
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      counts: { accepted: ignore, ended: ignore, takenOver: ignore },
      limits: {},
      maxRuns: 100,
      executors: this.#executorsOf(life),
      egress: { request: () => Promise.reject(new Error("not simulated")) },
      capabilitiesOf: () => ({}) as ReturnType<EmbeddedOptions["capabilitiesOf"]>,
      vault: { open: () => Promise.reject(new Error("not simulated")) },
      describeWorkflow: () => Promise.reject(new Error("not simulated")),
      callWorkflow: () => Promise.reject(new Error("not simulated")),
      tracing: null,
      spending: NO_BUDGETS,
      places: { outside: new FairPlaces(ATTEMPTS_AT_ONCE), contained: new FairPlaces(ATTEMPTS_AT_ONCE) },
      loadVersion: async (_, workflowId) => this.#versionOf(workflowId),
    });
    runtime.resume().catch((error: unknown) => this.#fail(`a start failed: ${String(error)}`));
    return { life, runtime };
  }

  #versionOf(workflowId: string) {
    const plan = this.#submitted.find(({ id }) => id === workflowId)?.plan;
    return plan ? { plan, startValues: () => ({}) } : null;
  }

  #executorsOf(life: Life): ReadonlyMap<string, Executor> {
    return new Map([...TEST_NODES].map(([type, node]): [string, Executor] => [type, this.#executorOf(life, node)]));
  }

  #executorOf(life: Life, { spec, run }: typeof TEST_NODES extends ReadonlyMap<string, infer Node> ? Node : never): Executor {
    if (spec.effect === "none")
      return { spec, effect: "none", run: (config, { path }) => run({ path, attempt: 1, config }), withEffects: null };
    return {
      spec,
      effect: spec.effect,
      run: (config, context) => {
        this.#effectBegins(life, context);
        const { path, attempt } = context;
        return this.#world.call(life, `effect ${context.runId} ${path}`, (): Directive => {
          this.#effectAnswers(life, context);
          return run({ path, attempt, config });
        });
      },
    };
  }

  /** The world outside sees this attempt from now on: what led to it has to be on the disk, and nothing that speaks against it. */
  #effectBegins(life: Life, { runId, path, attempt, idempotencyKey }: EffectContext): void {
    const what = `${runId} ${path}`;
    this.#attempts.set(what, (this.#attempts.get(what) ?? 0) + 1);
    if (idempotencyKey !== `${runId}:${path}`) this.#fail(`${what} carries the key ${idempotencyKey}`);
    const stored = this.#disk.runs.get(runId);
    const entries = stored?.entries ?? [];
    // One that has been overtaken has not learned of it yet; what it begins before that is an attempt like one lost in a crash.
    if (!this.#disk.isHeldKnowingly(life.owner, runId)) return;
    if (!entries.some((entry) => entry.type === "node-started" && entry.path === path && entry.attempt === attempt))
      this.#fail(`${what} began before attempt ${attempt} was durable`);
    if (entries.some((entry) => entry.type === "node-finished" && entry.path === path))
      this.#fail(`${what} ran again after it was recorded`);
    if (entries.some(({ type }) => type === "run-finished")) this.#fail(`${what} began after the end of its run`);
    if (this.#submitted.find(({ id }) => id === runId)?.cancelled) this.#fail(`${what} began after its run was cancelled`);
  }

  /** Sockets and sandboxes are told as soon as nobody waits for them. */
  #effectAnswers({ owner }: Life, { runId, path, signal }: EffectContext): void {
    const stored = this.#disk.runs.get(runId);
    const ended = stored?.entries.some(({ type }) => type === "run-finished") ?? false;
    // One that was overtaken may not know yet.
    const isTheirs = stored?.run.owner === owner && stored.fence === 1;
    if (ended && isTheirs && !signal.aborted) this.#fail(`${runId} ${path} was not told of the end of its run`);
  }

  #submit(): void {
    const serial = this.#submitted.length;
    const id = `run-${serial}`;
    // Failures show most where much goes on side by side.
    const most = this.#swarm.failures ? 10 : 6;
    const graph = generateGraph(this.#seed * RUNS + serial, 1 + this.#below(most), this.#below(3), this.#swarm.failures);
    const submitted: Submitted = { id, graph, plan: planTest(toDocument(graph)), acknowledged: false, refused: false, cancelled: false };
    this.#submitted.push(submitted);
    const about = { workflowId: id, workflowName: id, version: "1", userId: null, keyId: null, origin: null };
    const { runtime } = this.#current;
    runtime.whenEnded(TENANT, id, () => this.#assertDurable(id, "was told to have ended", ({ type }) => type === "run-finished"));
    runtime
      .start({
        tenantId: TENANT,
        run: { id, ...about, acceptedAt: this.#world.now },
        version: { plan: submitted.plan, startValues: () => ({}) },
        input: {},
        startValues: {},
      })
      .then(
        () => {
          submitted.acknowledged = true;
          this.#assertDurable(id, "was acknowledged", ({ type }) => type === "run-accepted");
        },
        () => {
          submitted.refused = true;
        },
      );
  }

  #assertDurable(runId: string, what: string, isIt: (entry: Entry) => boolean): void {
    if (!this.#disk.runs.get(runId)?.entries.some(isIt)) this.#fail(`${runId} ${what} before that was durable`);
  }

  #cancel(): void {
    const target = this.#any();
    if (!target) return;
    this.#current.runtime.cancel(TENANT, target.id).then((cancelled) => {
      if (!cancelled) return;
      target.cancelled = true;
      this.#assertDurable(target.id, "was told to be cancelled", ({ type }) => type === "run-cancelled");
    }, ignore);
  }

  #signal(name: string): void {
    const target = this.#any();
    if (!target) return;
    const id = `signal-${this.#serial++}`;
    this.#current.runtime
      .signal(TENANT, target.id, { name, value: null, id })
      .then(
        (told) => told && this.#assertDurable(target.id, `took ${id}`, (entry) => entry.type === "signal-received" && entry.id === id),
        ignore,
      );
  }

  #any(): Submitted | undefined {
    return this.#submitted[this.#below(this.#submitted.length)];
  }

  #crash(): void {
    this.#crashes += 1;
    this.#end(this.#current.life);
    this.#current = this.#boot();
  }

  #end(life: Life): void {
    this.#world.kill(life);
    this.#disk.giveUp(life.owner);
    this.#world.note(`end ${life.owner}`);
  }

  /** Longer than its lease: another takes over, and it wakes up knowing nothing of that. */
  #pause(): void {
    this.#pauses += 1;
    const { life } = this.#current;
    life.paused = true;
    this.#disk.giveUp(life.owner);
    this.#world.note(`pause ${life.owner}`);
    this.#current = this.#boot();
    for (const one of this.#lives) if (one !== life && this.#chance() < 0.5) one.paused = false;
  }

  #check({ id, graph, plan, acknowledged, refused }: Submitted): void {
    const stored = this.#disk.runs.get(id);
    if (acknowledged && !stored) this.#fail(`${id} was acknowledged and is lost`);
    if (refused && stored) this.#fail(`${id} was refused and is there`);
    if (!stored) return;
    const { entries } = stored;
    const ends = entries.filter(({ type }) => type === "run-finished");
    if (ends.length !== 1) this.#fail(`${id} ended ${ends.length} times`);
    this.#assertOnce(id, entries);
    this.#assertTimers(id, entries);
    const { finished, failure } = replay(plan, entries);
    if (failure?.type === "cancelled") return;
    const expected = runModel(graph);
    const { status, output = {} } = finished ?? {};
    if (!isDeepStrictEqual({ status, output }, expected))
      this.#fail(`${id} ended ${status} where the model says ${expected.status}, or otherwise`);
  }

  #assertOnce(id: string, entries: readonly Entry[]): void {
    const finished = new Set<string>();
    for (const entry of entries) {
      if (!("path" in entry)) continue;
      if ((entry.type === "node-started" || entry.type === "node-finished") && finished.has(entry.path))
        this.#fail(`${id} ${entry.path} again`);
      if (entry.type === "node-finished") finished.add(entry.path);
    }
  }

  #assertTimers(id: string, entries: readonly Entry[]): void {
    const until = new Map<string, number>();
    for (const entry of entries) {
      if (entry.type === "timer-set") until.set(entry.path, entry.until);
      if (entry.type === "timer-fired" && entry.timer === "wait" && entry.at < (until.get(entry.path) ?? 0))
        this.#fail(`${id} ${entry.path} woke too early`);
    }
  }

  #below(count: number): number {
    return Math.floor(this.#chance() * count);
  }

  #fail(what: string): void {
    this.#failures.push(what);
  }
}

function ignore(): void {
  // Nobody listens here.
}
