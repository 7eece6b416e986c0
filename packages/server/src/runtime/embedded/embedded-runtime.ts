import type { JsonObject } from "@millrace/contract";
import { type Answer, apply, begin, concurrencyKey, type EntryBody, type RunState, replay, reuse, stamp } from "@millrace/engine";
import type { Clock } from "#clock";
import type { Ids } from "#ids";
import { approvalsChanged } from "#runtime/approvals";
import { acceptedEntry } from "#runtime/attempts/accepted-entry";
import { NodeLanes } from "#runtime/attempts/node-lanes";
import { RunJournal } from "#runtime/attempts/run-journal";
import { SharedNodeLanes } from "#runtime/attempts/shared-node-lanes";
import type { DrivenRuns } from "#runtime/driven-runs";
import { ControlDesk, type ControlDeskPorts } from "#runtime/embedded/control-desk";
import { Controls } from "#runtime/embedded/controls";
import { CrashLoops, type Resumable } from "#runtime/embedded/crash-loops";
import type { DrivenRun, Driver, DriverPorts } from "#runtime/embedded/driver";
import { Lanes, type Turn } from "#runtime/embedded/lanes";
import { LiveRun, type LiveRunEvents } from "#runtime/embedded/live-run";
import { Pending } from "#runtime/embedded/pending";
import { RunNews } from "#runtime/embedded/run-news";
import { SharedLanes } from "#runtime/embedded/shared-lanes";
import { Sleepers } from "#runtime/embedded/sleepers";
import { Strays } from "#runtime/embedded/strays";
import { Undriven } from "#runtime/embedded/undriven";
import { pauseElsewhere } from "#runtime/pause-elsewhere";
import {
  type Answered,
  type CompiledVersion,
  Draining,
  type Moment,
  Overloaded,
  type PieceWatch,
  type RunCounts,
  type RunHandle,
  type RunToStart,
  type Runtime,
  type ShownPiece,
  type Signal,
} from "#runtime/runtime";
import { Slices } from "#runtime/slices";
import { CommitUnknown } from "#store/errors";
import type { SharedStore } from "#store/shared-store";
import type { ClaimedRun, NewRun, RunContents } from "#store/store";

/** A draft's run that was to die is nobody's for so long: as a process that comes back. */
const REBIRTH_MS = 1_000;

/** Owner of a draft's run that is to die: no worker, and so one that is dead to everybody who takes over. */
const DOOMED = "doomed ";

/** What a caller is told to wait when every place is taken. */
const OVERLOAD_RETRY_MS = 1_000;

export interface EmbeddedOptions extends Omit<DriverPorts, "viewers" | "nodeLanes" | "slices"> {
  readonly runs: DrivenRuns;
  /** Where other processes drive runs too. */
  readonly shared?: SharedStore | null;
  readonly ids: Pick<Ids, "seed">;
  /** Names this process in the store. */
  readonly owner: string;
  /** Told of every run that is accepted here, and of every end. */
  readonly counts: RunCounts;
  /** Runs in memory at once; beyond it invoke answers 503. */
  readonly maxRuns: number;
  /** The plan of a stored version; null when it is gone or can no longer be planned. */
  loadVersion(tenantId: string, workflowId: string, version: string): Promise<CompiledVersion | null>;
}

/** Emptied when the run is let go. */
interface Live {
  run: LiveRun | null;
}

/** One process, its store, and nothing else: runs are driven where they were accepted, and again after a restart. */
export class EmbeddedRuntime implements Runtime {
  readonly #options: EmbeddedOptions;
  readonly #ports: DriverPorts;
  readonly #clock: Clock;
  readonly #live = new Map<string, Live>();
  readonly #news: RunNews;
  readonly #sleepers: Sleepers;
  /** Runs that are being woken for somebody, by id. */
  readonly #rousing = new Map<string, Promise<void>>();
  readonly #lanes = new Lanes();
  readonly #sharedLanes: SharedLanes | null;
  readonly #sharedNodeLanes: SharedNodeLanes | null;
  readonly #crashLoops: CrashLoops;
  readonly #undriven: Undriven;
  readonly #strays: Strays;
  readonly #looks = new Pending();
  readonly #controls: Controls;
  /** null: nobody else drives runs. */
  readonly #desk: ControlDesk | null;
  #draining = false;
  readonly #events: LiveRunEvents = {
    left: (runId) => this.#forget(runId),
    accepted: (runId) => {
      this.#options.counts.accepted();
      this.#news.accepted(runId);
    },
    stuck: (runId) => this.#news.stuck(runId),
    tell: (runId, news, end) => this.#news.tell(runId, news, end),
    ended: (tenantId, end) => {
      this.#options.counts.ended(end.status);
      this.#options.tracing?.ended(tenantId, end);
      this.#log(end);
    },
    sleeps: (until) => {
      if (until !== null) this.#sleepers.expect(until);
    },
    lost: (runId, error) => {
      if (!(error instanceof CommitUnknown)) this.#strays.suspect(runId);
    },
    died: () => void this.#clock.at(this.#clock.now() + REBIRTH_MS, () => void this.#undriven.recover()),
  };

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    const { runs, shared = null, clock, log } = options;
    this.#sharedNodeLanes = shared && new SharedNodeLanes({ shared, runs, owner: options.owner, clock, log });
    const nodeLanes = this.#sharedNodeLanes ?? new NodeLanes((runId) => this.#live.get(runId)?.run?.driver.state ?? null);
    const isHere = (runId: string): boolean => this.#live.has(runId);
    this.#news = new RunNews({ runs, shared, clock, log, isHere });
    this.#ports = { ...options, nodeLanes, slices: new Slices(clock), viewers: this.#news };
    this.#clock = clock;
    this.#strays = new Strays({ runs, owner: options.owner, log, isHere });
    const common = { runs, owner: options.owner, clock, log, strays: this.#strays };
    this.#sleepers = new Sleepers({
      ...common,
      room: () => options.maxRuns - this.#live.size,
      drive: (run) => this.#resumeOne(run),
      takeOver: () => this.#undriven.takeOverWhenPossible(),
    });
    this.#crashLoops = new CrashLoops({
      ...common,
      load: (run) => this.#load(run),
      drive: (run, first) => this.#goOn(run, first),
      listen: (runId, changed) => this.#news.listenHere(runId, () => changed(this.#live.get(runId)?.run?.driver.state ?? null)),
    });
    this.#undriven = new Undriven({
      ...{ ...common, shared, counts: options.counts, crashLoops: this.#crashLoops },
      room: () => options.maxRuns - this.#live.size,
      load: (run) => this.#load(run),
      drive: (run) => this.#goOn(run),
      driveHanded: (run) => {
        this.#news.wanted(run.claimed.run.id);
        return this.#goOn(run);
      },
    });
    this.#sharedLanes = shared && new SharedLanes({ shared, owner: options.owner, clock, log });
    this.#desk = shared && this.#deskOn(shared);
    this.#controls = new Controls({
      awake: (tenantId, runId) => this.#awake(tenantId, runId),
      leaves: (runId) => this.#news.leaves(runId),
      desk: this.#desk,
    });
  }

  #deskOn(shared: SharedStore): ControlDesk {
    const { owner, clock, log, ids } = this.#options;
    const carryOut: ControlDeskPorts["carryOut"] = ({ tenantId, runId, id, body }) => this.#controls.carryOut(tenantId, runId, id, body);
    return new ControlDesk({ shared, owner, clock, log, newId: ids.seed, wakes: true, carryOut });
  }

  /** Runs under way here. */
  get liveRuns(): number {
    return this.#live.size;
  }

  start(start: RunToStart): Promise<RunHandle> {
    if (this.#draining) return Promise.reject(new Draining());
    if (!start.caller && this.#live.size >= this.#options.maxRuns) return Promise.reject(new Overloaded(OVERLOAD_RETRY_MS));
    const owner = start.draft?.crashOnce === undefined ? this.#options.owner : DOOMED + start.run.id;
    const run: NewRun = { ...start.run, owner };
    const { tenantId, version, startValues, once, retry, webhooks } = start;
    const journal = RunJournal.ofNew(this.#options.runs, { tenantId, run, once, webhooks });
    const accepted = acceptedEntry(run, start, { now: this.#clock.now(), newSeed: this.#options.ids.seed });
    journal.push(accepted);
    const reused = retry?.journal ? reuse(version.plan, accepted, retry.journal) : null;
    if (reused) for (const entry of reused.entries) journal.push(entry);
    const state = reused?.state ?? begin(version.plan, accepted);
    const turn = this.#turnOf(tenantId, state, startValues);
    const driven = { tenantId, keyId: run.keyId, journal, version, state, resumed: false, startValues, turn };
    const { concurrency } = state.plan;
    return turn && concurrency && start.startAt === undefined
      ? this.#enter(run, driven, turn, concurrency.queue)
      : this.#drive(run, driven);
  }

  async #enter(run: NewRun, driven: DrivenRun, turn: Turn, queue: number): Promise<RunHandle> {
    await turn.enter(queue);
    if (!this.#draining) return this.#drive(run, driven);
    turn.giveBack();
    throw new Draining();
  }

  /**
   * The right to be under way of a run whose workflow has a limit. One that is called by another runs within that one's: if it waited for a
   * turn, its caller might be what it waits for.
   */
  #turnOf(tenantId: string, state: RunState, startValues: JsonObject): Turn | null {
    const { concurrency } = state.plan;
    if (!concurrency || state.run.caller) return null;
    const lane = `${tenantId} ${state.run.workflow.id} ${concurrencyKey(state, startValues)}`;
    const { runId } = state.run;
    return this.#sharedLanes?.turn({ lane, tenantId, runId }, concurrency) ?? this.#lanes.turn(lane, concurrency, runId);
  }

  attach(runId: string): RunHandle | null {
    return this.#live.get(runId)?.run ?? null;
  }

  async moment(tenantId: string, runId: string): Promise<Moment | null> {
    const live = this.attach(runId)?.moment();
    const { runs, shared } = this.#options;
    // Where processes share a limit, those before it may be theirs.
    const queuePosition = shared ? await shared.turns.position(tenantId, runId) : (live?.queuePosition ?? null);
    if (live) return { ...live, queuePosition };
    const asleep = await runs.asleep(tenantId, runId);
    const pause = asleep || !shared ? (asleep?.pause ?? null) : await pauseElsewhere(this.#options, tenantId, runId);
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
    const resumed = await this.#undriven.takeOverWhenPossible();
    void this.#undriven.takeHanded();
    void this.#crashLoops.resumeAside();
    await this.#sleepers.start();
    return resumed;
  }

  async lookAround(): Promise<void> {
    if (!this.#draining) await this.#looks.during(() => this.#lookAround());
  }

  async #lookAround(): Promise<void> {
    await this.#undriven.takeOverWhenPossible();
    void this.#crashLoops.resumeAside();
    await this.#undriven.takeHanded();
    await this.#desk?.takeUp();
    await this.#sleepers.look();
    if (await this.#strays.giveBack()) await this.#undriven.takeOverWhenPossible();
  }

  /** The others have given this process up, and its runs are theirs: it lets go of them, and begins anew. */
  async comeBack(): Promise<void> {
    await Promise.all([...this.#live.values()].map(({ run }) => run?.driver.release()));
    await this.lookAround();
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#sleepers.stop();
    this.#crashLoops.stop();
    this.#undriven.stop();
    this.#desk?.stop();
    this.#sharedLanes?.stop();
    this.#sharedNodeLanes?.stop();
    this.#news.stop();
    // Runs that come of them would be let go by nobody, and the store is closed soon.
    await Promise.all([this.#looks.settled(), this.#strays.settled()]);
    // A store that takes no writes has more to worry about, and the next start counts a death too many.
    await this.#options.runs.resign(this.#options.owner).catch(() => undefined);
    await Promise.all([...this.#live.values()].map(({ run }) => run?.driver.release()));
  }

  /** The run, woken where it sleeps; null: it is not driven here. */
  async #awake(tenantId: string, runId: string): Promise<Driver | null> {
    if (this.#draining) throw new Draining();
    const live = this.#live.get(runId)?.run;
    if (live) return live.driver;
    const rousing = this.#rousing.get(runId) ?? this.#rouse(tenantId, runId).finally(() => this.#rousing.delete(runId));
    this.#rousing.set(runId, rousing);
    await rousing;
    return this.#live.get(runId)?.run?.driver ?? null;
  }

  async #rouse(tenantId: string, runId: string): Promise<void> {
    const claimed = await this.#strays.during(async () => {
      const one = await this.#options.runs.wakeOne(this.#options.owner, tenantId, runId);
      if (one) await this.#resumeOne(one);
      return one;
    });
    // Or its time has come at this very moment.
    if (!claimed) await this.#sleepers.settled();
  }

  async #resumeOne(claimed: ClaimedRun): Promise<void> {
    const loaded = await this.#load(claimed);
    if (loaded) await this.#goOn(loaded);
  }

  /** null: it cannot go on. */
  async #load(claimed: ClaimedRun): Promise<Resumable | null> {
    const { claim, run, entries } = claimed;
    const version = await this.#options.loadVersion(claim.tenantId, run.workflowId, run.version);
    if (!version) {
      this.#options.log.error(
        { workflowRunId: run.id, workflowId: run.workflowId, version: run.version },
        "the version of an unfinished run cannot be loaded",
      );
      return null;
    }
    return { claimed, version, state: replay(version.plan, entries) };
  }

  async #goOn({ claimed: { claim, run }, version, state: replayed }: Resumable, first?: EntryBody): Promise<void> {
    // One that was lost while this process slept, and came back: whoever drove it here under the old claim begins nothing any more.
    await this.#live.get(run.id)?.run?.driver.release();
    const journal = RunJournal.ofClaimed(this.#options.runs, claim);
    const begun = first ? this.#recorded(replayed, first, journal) : replayed;
    const state = await this.#withoutOrphans(claim.tenantId, begun, journal);
    const turn = this.#turnOf(claim.tenantId, state, version.startValues(state.run.input));
    await this.#drive(
      { ...run, owner: this.#options.owner },
      { tenantId: claim.tenantId, keyId: run.keyId, journal, version, state, resumed: true, turn },
    );
  }

  /** A run whose caller has ended by now, which only a crash can bring about, is cancelled before it begins anything. */
  async #withoutOrphans(tenantId: string, state: RunState, journal: RunJournal): Promise<RunState> {
    const { caller } = state.run;
    if (!caller || state.failure) return state;
    const calling = await this.#options.runs.get(tenantId, null, caller.runId);
    if (calling?.endedAt === null) return state;
    return this.#recorded(state, { type: "run-cancelled", reason: "The run that called it has ended." }, journal);
  }

  #recorded(state: RunState, entry: EntryBody, journal: RunJournal): RunState {
    const stamped = stamp(state, entry, this.#clock.now());
    const after = apply(state, stamped);
    journal.push(stamped, approvalsChanged(state, after, stamped));
    return after;
  }

  /** Resolves when the run is accepted; for a resumed one, at once. */
  #drive(run: NewRun, driven: DrivenRun): Promise<RunHandle> {
    const live = new LiveRun(this.#ports, run, driven, this.#events);
    this.#live.set(run.id, { run: live });
    return live.begin(driven.resumed);
  }

  #forget(runId: string): void {
    const live = this.#live.get(runId);
    // A Map's outgrown tables stay linked to one another until the next full collection: what they still name must not be a whole run.
    if (live) live.run = null;
    this.#live.delete(runId);
    this.#undriven.roomMade();
  }

  #log({ id, workflowId, status, errorType, executionMs }: RunContents): void {
    const { log } = this.#options;
    if (status === "FAILED") log.info({ workflowRunId: id, workflowId, errorType }, "a run failed");
    else log.debug({ workflowRunId: id, workflowId, executionMs }, "a run succeeded");
  }
}
