import { type Answer, begin, concurrencyKey, pauseOf, type RunState, reuse } from "@millrace/engine";
import type { Clock } from "#clock";
import type { Ids } from "#ids";
import type { Logger } from "#log";
import { acceptedEntry } from "#runtime/attempts/accepted-entry";
import type { DrivenRuns } from "#runtime/driven-runs";
import { ControlDesk } from "#runtime/embedded/control-desk";
import { Controls } from "#runtime/embedded/controls";
import { HandedQueue } from "#runtime/embedded/handed-queue";
import { RunNews } from "#runtime/embedded/run-news";
import { SharedLanes, type SharedTurn } from "#runtime/embedded/shared-lanes";
import { type PauseElsewherePorts, pauseElsewhere } from "#runtime/pause-elsewhere";
import {
  type Answered,
  Draining,
  type Moment,
  type PieceWatch,
  type RunCounts,
  type RunHandle,
  type RunToStart,
  type Runtime,
  type ShownPiece,
  type Signal,
} from "#runtime/runtime";
import { contentsOf, summaryOf } from "#runtime/summary";
import { HANDED } from "#store/handed-runs";
import type { SharedStore } from "#store/shared-store";
import type { NewRun, RunContents } from "#store/store";

export interface HandingOptions {
  readonly runs: DrivenRuns;
  readonly shared: SharedStore;
  readonly ids: Pick<Ids, "seed">;
  /** Names this process in the store. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of every run that is accepted here. */
  readonly counts: Pick<RunCounts, "accepted">;
  /** Runs that wait for somebody who drives them, over all processes; beyond it invoke answers 503. */
  readonly maxRuns: number;
  loadVersion: PauseElsewherePorts["loadVersion"];
}

/** Of a process that answers requests and drives nothing: what it accepts is driven by the others. */
export class HandingRuntime implements Runtime {
  /** Runs under way here. */
  readonly liveRuns = 0;
  readonly #options: HandingOptions;
  readonly #news: RunNews;
  readonly #queue: HandedQueue;
  readonly #lanes: SharedLanes;
  readonly #desk: ControlDesk;
  readonly #controls: Controls;
  #draining = false;

  constructor(options: HandingOptions) {
    this.#options = options;
    const { runs, shared, owner, clock, log, ids } = options;
    this.#news = new RunNews({ runs, shared, clock, log, isHere: () => false });
    this.#queue = new HandedQueue({ shared, clock, limit: options.maxRuns });
    this.#lanes = new SharedLanes({ shared, owner, clock, log });
    this.#desk = new ControlDesk({ shared, owner, clock, log, newId: ids.seed, wakes: false, carryOut: async () => null });
    this.#controls = new Controls({ awake: async () => this.#nobody(), leaves: (runId) => this.#news.leaves(runId), desk: this.#desk });
  }

  async start(start: RunToStart): Promise<RunHandle> {
    this.#nobody();
    await this.#queue.enter();
    const { tenantId, version, startValues, once, retry, webhooks, startAt } = start;
    const run: NewRun = { ...start.run, owner: HANDED };
    const accepted = acceptedEntry(run, start, { now: this.#options.clock.now(), newSeed: this.#options.ids.seed });
    const reused = retry?.journal ? reuse(version.plan, accepted, retry.journal) : null;
    const state = reused?.state ?? begin(version.plan, accepted);
    const { concurrency } = state.plan;
    const turn = concurrency && startAt === undefined ? this.#turnOf(tenantId, state, concurrencyKey(state, startValues)) : null;
    if (turn && concurrency) await turn.enter(concurrency.queue);
    try {
      const entries = [accepted, ...(reused?.entries ?? [])];
      await this.#options.runs.accept(tenantId, run, entries, summaryOf(state), { once, webhooks });
    } catch (error) {
      turn?.giveBack();
      throw error;
    }
    turn?.leaveToOthers();
    this.#options.shared.say({ kind: "handed", id: run.id });
    this.#options.counts.accepted();
    this.#news.accepted(run.id);
    return {
      runId: run.id,
      result: null,
      current: () => contentsOf(run, state),
      moment: () => ({ pause: pauseOf(state), queuePosition: null }),
    };
  }

  #turnOf(tenantId: string, { run, plan }: RunState, key: string): SharedTurn | null {
    const lane = `${tenantId} ${run.workflow.id} ${key}`;
    return plan.concurrency ? this.#lanes.turn({ lane, tenantId, runId: run.runId }, plan.concurrency) : null;
  }

  attach(): null {
    return null;
  }

  async moment(tenantId: string, runId: string): Promise<Moment | null> {
    const { runs, shared } = this.#options;
    const queuePosition = await shared.turns.position(tenantId, runId);
    const asleep = await runs.asleep(tenantId, runId);
    const pause = asleep ? asleep.pause : await pauseElsewhere(this.#options, tenantId, runId);
    return asleep || pause || queuePosition !== null ? { pause, queuePosition } : null;
  }

  signal(tenantId: string, runId: string, signal: Signal): Promise<boolean> {
    return this.#controls.signal(tenantId, runId, signal);
  }

  answer(tenantId: string, runId: string, seq: number, answer: Answer): Promise<Answered> {
    return this.#controls.answer(tenantId, runId, seq, answer);
  }

  cancel(tenantId: string, runId: string, reason?: string): Promise<boolean> {
    return this.#controls.cancel(tenantId, runId, reason);
  }

  watch(tenantId: string, runId: string, heard: (more: boolean) => void): () => void {
    return this.#news.watch(tenantId, runId, heard);
  }

  watchAll(heard: (runId: string) => void): () => void {
    return this.#news.watchAll(heard);
  }

  watchPieces(runId: string, heard: (piece: ShownPiece) => void): PieceWatch {
    return this.#news.watchPieces(runId, heard);
  }

  whenEnded(tenantId: string, runId: string, listener: (end: RunContents) => void, stuck?: () => void): () => void {
    return this.#news.whenEnded(tenantId, runId, listener, stuck);
  }

  async resume(): Promise<number> {
    return 0;
  }

  async lookAround(): Promise<void> {}

  /** The others have given this process up while it was frozen. It drives nothing that they could have taken: it goes on. */
  async comeBack(): Promise<void> {
    // Whoever takes runs is one of the living, were it none.
    await this.#options.runs.takeHanded(this.#options.owner, 0);
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#desk.stop();
    this.#lanes.stop();
    this.#news.stop();
    // A store that takes no writes has more to worry about.
    await this.#options.runs.resign(this.#options.owner).catch(() => undefined);
  }

  #nobody(): null {
    if (this.#draining) throw new Draining();
    return null;
  }
}
