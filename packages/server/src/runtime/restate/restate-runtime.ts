import type { Json } from "@millrace/contract";
import { type Answer, begin, type Plan, pauseOf, type RunState, reuse } from "@millrace/engine";
import type { Clock } from "#clock";
import type { EngineAddresses } from "#config/engine-addresses";
import { entrust } from "#deed";
import type { Ids } from "#ids";
import { acceptedEntry } from "#runtime/attempts/accepted-entry";
import { SharedNodeLanes } from "#runtime/attempts/shared-node-lanes";
import { Listeners } from "#runtime/listeners";
import { pauseElsewhere } from "#runtime/pause-elsewhere";
import { AwaitedEnds } from "#runtime/restate/awaited-ends";
import { CutOffLives } from "#runtime/restate/cut-off-lives";
import { EngineClient, EngineUnavailable } from "#runtime/restate/engine-client";
import { type Lane, laneOf } from "#runtime/restate/hosted-turn";
import { Reconciler, type ReconcilerPorts } from "#runtime/restate/reconciler";
import { ReplayedRuns } from "#runtime/restate/replayed-runs";
import type { ServicePorts } from "#runtime/restate/service";
import { SpokenTo } from "#runtime/restate/spoken-to";
import type { Message, Reply } from "#runtime/restate/words";
import { type EndpointOptions, WorkerEndpoint } from "#runtime/restate/worker-endpoint";
import {
  type Answered,
  Draining,
  type Moment,
  Overloaded,
  type PieceWatch,
  QueueFull,
  type RunCounts,
  type RunHandle,
  type RunToStart,
  type Runtime,
  type ShownPiece,
  type Signal,
  SignalsFull,
} from "#runtime/runtime";
import { Slices } from "#runtime/slices";
import { contentsOf, summaryOf } from "#runtime/summary";
import { HOSTED } from "#store/hosted-runs";
import type { RunInLine, SharedStore } from "#store/shared-store";
import type { NewRun, RunContents, RunStore } from "#store/store";

/** What a caller is told to wait when the engine cannot be asked. */
const UNAVAILABLE_RETRY_MS = 1_000;

/** How often whoever follows a run looks for more of it that nobody told of, ms. */
const LOOK_EVERY_MS = 1_000;

/** How often whoever tells a run something looks whether that has ended meanwhile, ms. */
const ENDED_EVERY_MS = 1_000;

export interface RestateOptions
  extends Omit<
    ServicePorts,
    "viewers" | "nodeLanes" | "cutOff" | "slices" | "progressed" | "ended" | "callUp" | "cancelCalled" | "runs" | "shared"
  > {
  readonly runs: RunStore;
  readonly shared: SharedStore;
  readonly ids: Pick<Ids, "seed">;
  /** Names this process in the store. */
  readonly owner: string;
  readonly engine: EngineAddresses;
  /** null: this process answers, and others host runs. */
  readonly worker: (EndpointOptions & { readonly url: string | null }) | null;
  readonly counts: RunCounts & ReconcilerPorts["counts"];
}

type News = "progressed" | "ended" | "released";

/** Runs are driven by a Restate server, which calls this process, or others, for each step; what they are is in the store. */
export class RestateRuntime implements Runtime {
  readonly #options: RestateOptions;
  readonly #clock: Clock;
  readonly #engine: EngineClient;
  readonly #endpoint: WorkerEndpoint | null;
  readonly #reconciler: Reconciler;
  readonly #nodeLanes: SharedNodeLanes;
  readonly #news = new Listeners<[News, RunContents?]>();
  readonly #pieces = new Listeners<[ShownPiece]>();
  readonly #watchers = new Set<(runId: string) => void>();
  readonly #ends: AwaitedEnds;
  readonly #replayed: ReplayedRuns;
  readonly #spokenTo: SpokenTo;
  #draining = false;

  constructor(options: RestateOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#engine = new EngineClient(options.engine);
    this.#nodeLanes = new SharedNodeLanes(options);
    this.#replayed = new ReplayedRuns(options.runs);
    this.#spokenTo = new SpokenTo((runId, spoken) => this.#engine.tell(runId, spoken));
    this.#endpoint = options.worker && new WorkerEndpoint(this.#servicePorts(), options.worker);
    this.#reconciler = new Reconciler({ ...options, engine: this.#engine, turns: options.shared.turns });
    this.#ends = new AwaitedEnds({
      engine: this.#engine,
      clock: options.clock,
      log: options.log,
      view: (tenantId, runId) => options.runs.view(tenantId, null, runId),
      ended: (runId, end) => this.#tell(runId, "ended", end),
    });
  }

  #servicePorts(): ServicePorts {
    return {
      ...this.#options,
      nodeLanes: this.#nodeLanes,
      cutOff: new CutOffLives({ ...this.#options, lives: this.#options.shared.hostedLives }),
      slices: new Slices(this.#clock),
      viewers: { show: (runId, piece) => this.#pieces.tell(runId, piece), shown: () => null },
      callUp: (run) => this.#callUp(run),
      cancelCalled: (tenantId, runId) => {
        // Where it cannot be told, it goes on to its end.
        this.cancel(tenantId, runId, "The run that called it no longer waits for it.").catch(() => undefined);
      },
      progressed: (runId) => this.#tell(runId, "progressed"),
      ended: (tenantId, end) => {
        this.#options.counts.ended(end.status);
        this.#options.tracing?.ended(tenantId, end);
        this.#ends.heard(end.id);
        this.#tell(end.id, "ended", end);
      },
    };
  }

  async start(start: RunToStart): Promise<RunHandle> {
    if (this.#draining) throw new Draining();
    if (!this.#reconciler.isHealthy) throw new Overloaded(UNAVAILABLE_RETRY_MS);
    const { tenantId, version, startValues, startAt, once, retry, webhooks } = start;
    const run: NewRun = { ...start.run, owner: HOSTED };
    const accepted = acceptedEntry(run, start, { now: this.#clock.now(), newSeed: this.#options.ids.seed });
    const reused = retry?.journal ? reuse(version.plan, accepted, retry.journal) : null;
    const state = reused?.state ?? begin(version.plan, accepted);
    const entries = [accepted, ...(reused?.entries ?? [])];
    const lane = startAt === undefined ? laneOf(tenantId, state, startValues) : null;
    if (lane) await this.#enter(lane, state);
    try {
      await this.#options.runs.accept(tenantId, run, entries, summaryOf(state), { once, webhooks });
    } catch (error) {
      if (lane) await this.#leave(lane);
      throw error;
    }
    this.#options.counts.accepted();
    for (const heard of this.#watchers) heard(run.id);
    this.#ends.begin({ tenantId, runId: run.id, entries: entries.length, limits: this.#options.limits });
    return {
      runId: run.id,
      result: null,
      current: () => contentsOf(run, state),
      moment: () => ({ pause: pauseOf(state), queuePosition: null }),
    };
  }

  /** The run has its turn under the limit of its workflow, or its place in the line. */
  async #enter(lane: Lane, { plan }: RunState): Promise<void> {
    const { owner, shared } = this.#options;
    const queue = plan.concurrency?.queue ?? 0;
    if (!(await shared.turns.ask(owner, { ...lane, queue }))) throw new QueueFull(queue, UNAVAILABLE_RETRY_MS);
  }

  /** It was not accepted. */
  async #leave({ lane, runId, limit }: Lane): Promise<void> {
    // What cannot be given back is found to be nobody's.
    const next = await this.#options.shared.turns.pass(lane, runId, limit).catch(() => []);
    for (const one of next) void this.#callUp(one);
  }

  /** Where the engine cannot be asked, the reconciler finds that nobody goes on. */
  async #callUp({ runId }: RunInLine): Promise<void> {
    await this.#engine.callUp(runId, this.#clock.now()).catch((error: unknown) => {
      this.#options.log.warn({ err: error, workflowRunId: runId }, "a run could not be told that it may be its turn");
    });
  }

  attach(): null {
    return null;
  }

  /** What a run waits for follows from its journal. */
  async moment(tenantId: string, runId: string): Promise<Moment | null> {
    const { runs, shared, loadVersion } = this.#options;
    const stateOf = (plan: Plan) => this.#replayed.stateOf(plan, tenantId, runId);
    const run = await runs.get(tenantId, null, runId);
    const version = run && run.endedAt === null ? await loadVersion(tenantId, run.workflowId, run.version) : null;
    if (!version) return null;
    const queuePosition = version.plan.concurrency ? await shared.turns.position(tenantId, runId) : null;
    return { pause: await pauseElsewhere({ runs, loadVersion, stateOf }, tenantId, runId), queuePosition };
  }

  async cancel(tenantId: string, runId: string, reason?: string): Promise<boolean> {
    return (
      (await this.#ask(tenantId, runId, { ask: "cancel", at: this.#clock.now(), ...(reason !== undefined && { reason }) })) === "taken"
    );
  }

  async signal(tenantId: string, runId: string, { name, value, id }: Signal): Promise<boolean> {
    const reply = await this.#ask(tenantId, runId, { ask: "signal", at: this.#clock.now(), name, value, ...(id !== undefined && { id }) });
    if (reply === "full") throw new SignalsFull();
    return reply === "taken";
  }

  async answer(tenantId: string, runId: string, seq: number, answer: Answer): Promise<Answered> {
    const reply = await this.#ask(tenantId, runId, { ask: "answer", at: this.#clock.now(), seq, answer });
    return reply === "full" ? "closed" : reply;
  }

  #ask(tenantId: string, runId: string, message: Message): Promise<Reply> {
    return entrust(
      (row) => this.#tellRun(tenantId, runId, row ? { ...message, row } : message),
      (reply) => reply === "taken",
    );
  }

  async #tellRun(tenantId: string, runId: string, message: Message): Promise<Reply> {
    if (this.#draining) throw new Draining();
    const run = await this.#options.runs.get(tenantId, null, runId);
    if (!run || run.endedAt !== null) return "closed";
    const apart = await this.#options.shared.values.setApart(tenantId, runId, message as unknown as Json);
    const stop = this.#closeOnceEnded(tenantId, runId);
    try {
      return await this.#spokenTo.tell(runId, apart ? { apart } : message);
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
      this.#options.log.warn({ err: error, workflowRunId: runId }, "what was said to a run was not heard in time");
      throw new Overloaded(UNAVAILABLE_RETRY_MS);
    } finally {
      stop();
    }
  }

  /** A run that ends before it hears what it is told never answers: it is closed by whoever waits for the answer. */
  #closeOnceEnded(tenantId: string, runId: string): () => void {
    const look = async (): Promise<void> => {
      const run = await this.#options.runs.get(tenantId, null, runId);
      if (run && run.endedAt !== null) await this.#engine.close(runId);
    };
    let stopTimer = (): void => undefined;
    let stopped = false;
    const lookLater = (): void => {
      if (stopped) return;
      // What cannot be looked at now is looked at again.
      stopTimer = this.#clock.at(this.#clock.now() + ENDED_EVERY_MS, () => void look().then(lookLater, lookLater));
    };
    lookLater();
    return () => {
      stopped = true;
      stopTimer();
    };
  }

  /** A run that is hosted elsewhere is looked at now and again: whoever follows it reads what there is. */
  watch(_tenantId: string, runId: string, heard: (more: boolean) => void): () => void {
    const unlisten = this.#listen(runId, (news) => heard(news === "progressed"));
    let stopTimer = (): void => undefined;
    const look = (): void => {
      stopTimer = this.#clock.at(this.#clock.now() + LOOK_EVERY_MS, () => {
        heard(true);
        look();
      });
    };
    look();
    return () => {
      stopTimer();
      unlisten();
    };
  }

  watchAll(heard: (runId: string) => void): () => void {
    this.#watchers.add(heard);
    return () => void this.#watchers.delete(heard);
  }

  /** As far as the run is hosted here. */
  watchPieces(runId: string, heard: (piece: ShownPiece) => void): PieceWatch {
    return { caughtUp: () => null, stop: this.#pieces.on(runId, heard) };
  }

  whenEnded(_tenantId: string, runId: string, listener: (end: RunContents) => void): () => void {
    return this.#listen(runId, (news, end) => news === "ended" && end && listener(end));
  }

  /** Wherever the run is hosted: the engine tells of its end. */
  #listen(runId: string, listener: (news: News, end?: RunContents) => void): () => void {
    const stop = this.#news.on(runId, listener);
    this.#ends.await(runId);
    return () => {
      stop();
      if (!this.#news.has(runId)) this.#ends.leave(runId);
    };
  }

  #tell(runId: string, news: News, end?: RunContents): void {
    for (const heard of this.#watchers) heard(runId);
    this.#news.tell(runId, news, end);
  }

  /** Begins to host runs, where that is this process's part, and asks the engine whether it works. */
  async resume(): Promise<number> {
    const { worker, shared, log } = this.#options;
    if (this.#endpoint && worker) {
      // What is left there says nothing of any run that goes on: it is looked at once, and it does not matter when.
      await shared.hostedLives.tidy().catch((error: unknown) => log.warn({ err: error }, "lives of runs that have ended are still kept"));
      const port = await this.#endpoint.listen();
      this.#reconciler.announce(worker.url ?? `http://${worker.host}:${port}`);
    }
    await this.#reconciler.start();
    return 0;
  }

  lookAround(): Promise<void> {
    return this.#draining ? Promise.resolve() : this.#reconciler.look();
  }

  /** Rejects where the engine does not work. */
  check(): Promise<void> {
    return this.#reconciler.check();
  }

  get liveRuns(): number {
    return 0;
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#reconciler.stop();
    this.#ends.stop();
    await this.#endpoint?.close();
    this.#nodeLanes.stop();
    const { owner, runs, shared } = this.#options;
    if (this.#endpoint) await shared.hostedLives.letGo(owner).catch(() => undefined);
    // Otherwise the others give it up a little later.
    await runs.resign(owner).catch(() => undefined);
    this.#engine.disconnect();
  }
}
