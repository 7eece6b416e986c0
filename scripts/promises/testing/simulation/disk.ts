import type { Entry } from "../../../../packages/engine/src/index.ts";
import type { Claim, ClaimedRun, NewRun, RunRow, RunStore, RunSummary, Sleep } from "../../../../packages/server/src/store/store.ts";
import type { Life, World } from "./world.ts";

export const TENANT = "default";

/** The errors of the server that is simulated: of another copy they would be others. */
export interface StoreErrors {
  readonly Fenced: new (runId: string) => Error;
  readonly StoreFull: new () => Error;
}

interface DiskRun {
  readonly run: NewRun;
  summary: RunSummary;
  /** null: nobody's, or asleep. */
  owner: string | null;
  fence: number;
  entries: Entry[];
  asleep: Sleep | null;
}

interface Operation {
  apply(): unknown;
  /** Its process hears of it. */
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * A store whose disk is as bad as disks are allowed to be: what was not committed is gone in a crash, what was committed may never have been
 * answered, and a write may fail without having been done.
 */
export class Disk {
  readonly runs = new Map<string, DiskRun>();
  readonly #world: World;
  readonly #errors: StoreErrors;
  readonly #chance: () => number;
  /** Lives whose lease has run out. */
  readonly #gone = new Set<string>();
  /** The fence under which a life last heard that it holds a run. */
  readonly #told = new Map<string, number>();
  /** Share of commits that find the disk full. */
  fullness = 0;

  constructor(world: World, errors: StoreErrors, chance: () => number) {
    this.#world = world;
    this.#errors = errors;
    this.#chance = chance;
  }

  /** Whatever this process owns is nobody's from now on. */
  giveUp(owner: string): void {
    this.#gone.add(owner);
  }

  /** Is the run this owner's, and has it heard so? One that was overtaken may claim the run again before it knows of either. */
  isHeldKnowingly(owner: string, runId: string): boolean {
    const run = this.runs.get(runId);
    return run?.owner === owner && this.#told.get(`${owner} ${runId}`) === run.fence;
  }

  storeOf(life: Life): RunStore {
    const writer = new Writer(this.#world, life, () => this.#mayFail());
    const claimed = (run: DiskRun): ClaimedRun => this.#claim(run, life.owner);
    const tell = (claims: readonly Claim[]): void => {
      for (const { runId, fence } of claims) this.#told.set(`${life.owner} ${runId}`, fence);
    };
    const tellAll = (runs: readonly ClaimedRun[]): void => tell(runs.map(({ claim }) => claim));
    const read = <T>(what: string, value: () => T) => this.#world.call(life, `read ${what}`, value);
    const unsupported = (): never => {
      throw new Error("not simulated");
    };
    return {
      accept: (_, run, entries, summary) =>
        writer.write(
          `accept ${run.id}`,
          () => this.#accept(run, entries, summary),
          (one) => tell([one]),
        ),
      append: (claim, entries, summary) => writer.write(`append ${claim.runId}`, () => this.#append(claim, entries, summary)),
      sleep: (claim, sleep) => writer.write(`sleep ${claim.runId}`, () => this.#sleep(claim, sleep)),
      takeOver: (_, limit) => writer.write("claim", () => this.#abandoned().slice(0, limit).map(claimed), tellAll),
      takeHanded: async () => [],
      wake: (_, at, limit) => writer.write("wake", () => this.#due(at).slice(0, limit).map(claimed), tellAll),
      wakeOne: (_, __, runId) =>
        writer.write(
          `wake ${runId}`,
          () => {
            const run = this.runs.get(runId);
            return run?.asleep ? claimed(run) : null;
          },
          (woken) => tellAll(woken ? [woken] : []),
        ),
      nextWakeAt: () => read("next", () => minimum([...this.runs.values()].flatMap(({ asleep }) => asleep?.until ?? []))),
      asleep: (_, runId) => read(runId, () => this.runs.get(runId)?.asleep ?? null),
      get: (_, __, runId) => read(runId, () => rowOf(this.runs.get(runId))),
      // Deaths are no run's fault here: what kills a process is the world.
      lastEntry: unsupported,
      owned: unsupported,
      giveBack: unsupported,
      takeHosted: unsupported,
      unstartedHosted: unsupported,
      leftHosted: unsupported,
      resign: async () => undefined,
      suspect: unsupported,
      takeAside: async () => null,
      acceptedUnder: unsupported,
      renew: unsupported,
      view: unsupported,
      list: unsupported,
      count: unsupported,
      history: unsupported,
      journal: unsupported,
      journalFrom: unsupported,
      tallies: unsupported,
      countUnfinished: unsupported,
      backlog: unsupported,
    };
  }

  #mayFail(): Error | null {
    return this.fullness > 0 && this.#chance() < this.fullness ? new this.#errors.StoreFull() : null;
  }

  #accept(run: NewRun, entries: readonly Entry[], summary: RunSummary): Claim {
    if (this.runs.has(run.id)) throw new Error(`run ${run.id} is there already`);
    this.runs.set(run.id, { run, summary, owner: run.owner, fence: 1, entries: copyOf(entries), asleep: null });
    return { tenantId: TENANT, runId: run.id, fence: 1 };
  }

  #append(claim: Claim, entries: readonly Entry[], summary: RunSummary): void {
    const run = this.#held(claim);
    run.entries.push(...copyOf(entries));
    run.summary = summary;
    if (summary.endedAt !== null) run.owner = null;
  }

  #sleep(claim: Claim, sleep: Sleep): void {
    const run = this.#held(claim);
    run.asleep = sleep;
    run.owner = null;
  }

  #held({ runId, fence }: Claim): DiskRun {
    const run = this.runs.get(runId);
    if (!run || run.fence !== fence || run.asleep || run.summary.endedAt !== null) throw new this.#errors.Fenced(runId);
    return run;
  }

  #claim(run: DiskRun, owner: string): ClaimedRun {
    // Whoever claims is alive again.
    this.#gone.delete(owner);
    run.owner = owner;
    run.fence += 1;
    run.asleep = null;
    const claim = { tenantId: TENANT, runId: run.run.id, fence: run.fence };
    return { claim, run: rowOf(run) as RunRow, entries: copyOf(run.entries), orphaned: false };
  }

  #abandoned(): DiskRun[] {
    const unfinished = [...this.runs.values()].filter(({ summary, asleep }) => summary.endedAt === null && !asleep);
    return unfinished.filter(({ owner }) => owner === null || this.#gone.has(owner));
  }

  #due(at: number): DiskRun[] {
    const due = [...this.runs.values()].filter(({ asleep }) => asleep?.until !== undefined && asleep.until !== null && asleep.until <= at);
    return due.sort((a, b) => (a.asleep?.until ?? 0) - (b.asleep?.until ?? 0));
  }
}

/** Writes of one process: committed in order, several at once, and answered some time after that. */
class Writer {
  readonly #world: World;
  readonly #life: Life;
  readonly #mayFail: () => Error | null;
  #waiting: Operation[] = [];

  constructor(world: World, life: Life, mayFail: () => Error | null) {
    this.#world = world;
    this.#life = life;
    this.#mayFail = mayFail;
  }

  /** `told`: called as whoever asked hears of it. */
  write<T>(label: string, apply: () => T, told: (value: T) => void = () => undefined): Promise<T> {
    const written = new Promise<T>((resolve, reject) => {
      const answer = (value: unknown): void => {
        told(value as T);
        resolve(value as T);
      };
      this.#waiting.push({ apply, resolve: answer, reject });
    });
    this.#world.park(this.#life, label, () => this.#commit());
    return written;
  }

  /** Everything that waits; what is asked for after it waits for the next commit. */
  #commit(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    const failure = this.#mayFail();
    const answers = batch.map((operation) => (failure ? () => operation.reject(failure) : answerOf(operation)));
    this.#world.park(this.#life, "answers", () => {
      for (const answer of answers) answer();
    });
  }
}

function answerOf(operation: Operation): () => void {
  try {
    const value = operation.apply();
    return () => operation.resolve(value);
  } catch (error) {
    return () => operation.reject(error);
  }
}

/** What is stored is text: nothing is shared with who wrote it. */
function copyOf(entries: readonly Entry[]): Entry[] {
  return JSON.parse(JSON.stringify(entries)) as Entry[];
}

function rowOf(run: DiskRun | undefined): RunRow | null {
  if (!run) return null;
  const { owner: _, ...identity } = run.run;
  return { ...identity, ...run.summary };
}

function minimum(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}
