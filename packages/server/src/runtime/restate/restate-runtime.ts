import { EventEmitter } from "node:events";
import { type Answer, begin, pauseOf, replay, reuse } from "@millrace/engine";
import type { Clock } from "#clock";
import type { EngineAddresses } from "#config/engine-addresses";
import type { Ids } from "#ids";
import { acceptedEntry } from "#runtime/attempts/accepted-entry";
import { NodeLanes } from "#runtime/attempts/node-lanes";
import { EngineClient, EngineUnavailable } from "#runtime/restate/engine-client";
import { Reconciler } from "#runtime/restate/reconciler";
import type { ServicePorts } from "#runtime/restate/service";
import type { Message, Reply } from "#runtime/restate/words";
import { type EndpointOptions, WorkerEndpoint } from "#runtime/restate/worker-endpoint";
import {
  type Answered,
  Draining,
  type Moment,
  Overloaded,
  type RunCounts,
  type RunHandle,
  type RunToStart,
  type Runtime,
  type ShownPiece,
  type Signal,
  SignalsFull,
} from "#runtime/runtime";
import { contentsOf, summaryOf } from "#runtime/summary";
import { HOSTED } from "#store/hosted-runs";
import type { NewRun, RunContents, RunStore } from "#store/store";

/** What a caller is told to wait when the engine cannot be asked. */
const UNAVAILABLE_RETRY_MS = 1_000;

/** How often whoever follows a run looks for more of it that nobody told of, ms. */
const LOOK_EVERY_MS = 1_000;

/** Before the engine is asked again for the end of a run, ms. */
const WATCH_RETRY_MS = 250;

export interface RestateOptions extends Omit<ServicePorts, "show" | "nodeLanes" | "progressed" | "ended" | "runs"> {
  readonly runs: RunStore;
  readonly ids: Pick<Ids, "seed">;
  readonly engine: EngineAddresses;
  /** null: this process answers, and others host runs. */
  readonly worker: (EndpointOptions & { readonly url: string | null }) | null;
  readonly counts: RunCounts;
}

type News = "progressed" | "ended" | "released";

/** Runs are driven by a Restate server, which calls this process, or others, for each step; what they are is in the store. */
export class RestateRuntime implements Runtime {
  readonly #options: RestateOptions;
  readonly #clock: Clock;
  readonly #engine: EngineClient;
  readonly #endpoint: WorkerEndpoint | null;
  readonly #reconciler: Reconciler;
  readonly #news = new EventEmitter<Record<string, [News, RunContents?]>>().setMaxListeners(0);
  readonly #pieces = new EventEmitter<Record<string, [ShownPiece]>>().setMaxListeners(0);
  readonly #watchers = new Set<(runId: string) => void>();
  /** Runs whose end the engine is asked for. */
  readonly #awaited = new Map<string, AbortController>();
  #draining = false;

  constructor(options: RestateOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#engine = new EngineClient(options.engine);
    this.#endpoint = options.worker && new WorkerEndpoint(this.#servicePorts(), options.worker);
    this.#reconciler = new Reconciler({ ...options, engine: this.#engine });
  }

  #servicePorts(): ServicePorts {
    return {
      ...this.#options,
      // What a run that calls itself holds is known only where that is hosted.
      nodeLanes: new NodeLanes(() => null),
      show: (runId, piece) => void this.#pieces.emit(runId, piece),
      progressed: (runId) => this.#tell(runId, "progressed"),
      ended: (tenantId, end) => {
        this.#options.counts.ended(end.status);
        this.#options.tracing?.ended(tenantId, end);
        this.#tell(end.id, "ended", end);
      },
    };
  }

  async start(start: RunToStart): Promise<RunHandle> {
    if (this.#draining) throw new Draining();
    if (!this.#reconciler.isHealthy) throw new Overloaded(UNAVAILABLE_RETRY_MS);
    const { tenantId, version, once, retry, webhooks } = start;
    const run: NewRun = { ...start.run, owner: HOSTED };
    const accepted = acceptedEntry(run, start, { now: this.#clock.now(), newSeed: this.#options.ids.seed });
    const reused = retry?.journal ? reuse(version.plan, accepted, retry.journal) : null;
    const state = reused?.state ?? begin(version.plan, accepted);
    const entries = [accepted, ...(reused?.entries ?? [])];
    await this.#options.runs.accept(tenantId, run, entries, summaryOf(state), { once, webhooks });
    this.#options.counts.accepted();
    for (const heard of this.#watchers) heard(run.id);
    await this.#submit(tenantId, run.id, entries.length);
    return {
      runId: run.id,
      result: null,
      current: () => contentsOf(run, state),
      moment: () => ({ pause: pauseOf(state), queuePosition: null }),
    };
  }

  /** The run is durable: where the engine cannot be asked for the moment, it is asked again. */
  async #submit(tenantId: string, runId: string, entries: number): Promise<void> {
    try {
      await this.#engine.submit({ tenantId, runId, entries });
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
      this.#options.log.warn({ err: error, workflowRunId: runId }, "a run was accepted and not begun yet");
    }
  }

  attach(): null {
    return null;
  }

  /** What a run waits for follows from its journal. */
  async moment(tenantId: string, runId: string): Promise<Moment | null> {
    const { runs, loadVersion } = this.#options;
    const run = await runs.get(tenantId, null, runId);
    const version = run && run.endedAt === null ? await loadVersion(tenantId, run.workflowId, run.version) : null;
    if (!version) return null;
    return { pause: pauseOf(replay(version.plan, await runs.journal(tenantId, runId))), queuePosition: null };
  }

  async cancel(tenantId: string, runId: string, reason?: string): Promise<boolean> {
    const reply = await this.#ask(tenantId, runId, { ask: "cancel", at: this.#clock.now(), ...(reason !== undefined && { reason }) });
    return reply === "taken";
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

  async #ask(tenantId: string, runId: string, message: Message): Promise<Reply> {
    if (this.#draining) throw new Draining();
    const run = await this.#options.runs.get(tenantId, null, runId);
    if (!run || run.endedAt !== null) return "closed";
    try {
      return await this.#engine.tell(runId, message);
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
      this.#options.log.warn({ err: error, workflowRunId: runId }, "what was said to a run was not heard in time");
      throw new Overloaded(UNAVAILABLE_RETRY_MS);
    }
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

  watchPieces(runId: string, heard: (piece: ShownPiece) => void): () => void {
    this.#pieces.on(runId, heard);
    return () => void this.#pieces.off(runId, heard);
  }

  whenEnded(_tenantId: string, runId: string, listener: (end: RunContents) => void): () => void {
    return this.#listen(runId, (news, end) => news === "ended" && end && listener(end));
  }

  /** Wherever the run is hosted: the engine tells of its end. */
  #listen(runId: string, listener: (news: News, end?: RunContents) => void): () => void {
    this.#news.on(runId, listener);
    if (!this.#awaited.has(runId)) void this.#awaitEnd(runId);
    return () => {
      this.#news.off(runId, listener);
      if (this.#news.listenerCount(runId) === 0) this.#awaited.get(runId)?.abort();
    };
  }

  async #awaitEnd(runId: string): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#awaited.set(runId, controller);
    try {
      while (!signal.aborted) {
        const ended = await this.#engine.end(runId, signal).catch(() => null);
        if (signal.aborted) return;
        const end = ended && (await this.#options.runs.view(ended.tenantId, null, runId));
        if (end) return this.#tell(runId, "ended", end);
        await this.#rest(signal);
      }
    } finally {
      this.#awaited.delete(runId);
    }
  }

  #rest(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#clock.at(this.#clock.now() + WATCH_RETRY_MS, resolve);
      signal.addEventListener("abort", stop, { once: true });
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  #tell(runId: string, news: News, end?: RunContents): void {
    for (const heard of this.#watchers) heard(runId);
    this.#news.emit(runId, news, end);
  }

  /** Begins to host runs, where that is this process's part, and asks the engine whether it works. */
  async resume(): Promise<number> {
    const { worker } = this.#options;
    if (this.#endpoint && worker) {
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
    return this.#engine.ping();
  }

  get liveRuns(): number {
    return 0;
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#reconciler.stop();
    for (const controller of this.#awaited.values()) controller.abort();
    await this.#endpoint?.close();
    this.#engine.close();
  }
}
