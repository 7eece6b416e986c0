import { LIMITS } from "@millrace/contract";
import {
  type Answer,
  type Command,
  draftAnswer,
  type EntryBody,
  type ExecuteCommand,
  isPaused,
  type OpenQuestion,
  pauseOf,
  prepare,
  type RunState,
  settled,
  timers,
} from "@millrace/engine";
import { failpoint } from "#failpoint";
import type { RunJournal } from "#runtime/attempts/run-journal";
import { type RecordedRun, type RecordPorts, RunRecord } from "#runtime/attempts/run-record";
import type { Turn } from "#runtime/embedded/lanes";
import { UnderWay, type UnderWayPorts } from "#runtime/embedded/under-way";
import { type Answered, type Moment, type Signal, SignalsFull } from "#runtime/runtime";
import { SLICE_MS } from "#runtime/slices";
import { sleepOf, summaryOf } from "#runtime/summary";
import { Fenced, isPassing } from "#store/errors";

// Drives one run: decide, append, apply, again. Invariants, each a test by its number:
// D1. An attempt that others may observe begins only after its node-started entry is durable.
// D2. `onAccepted` and `onEnded` are called only after the entries behind them are durable, each at most once.
// D3. After a lost fence nothing more is written, begun or told.
// D4. A full disk or a store that is held by another loses nothing: entries wait and are written once it can be, and whoever waits for the
// run is told so.
// D5. No run holds the thread for longer than a slice, and all that have much to do share one.
// D6. While a limit holds for the run, nothing of it is begun without a turn. Waiting takes none.
// D7. A run that is to sleep has done its last here once that is durable; who asks something of it meanwhile wakes it anew.

/** Wait before another try of a write that the store could not take. */
const STORE_RETRY_MS = 1_000;

/** After this the run is stuck. Shorter than the store waits for another program: its first refusal is enough. */
const STUCK_AFTER_MS = 3_000;

/** A shorter wait is waited for here: to put a run to sleep and to wake it costs about as much as two steps of it. */
const SLEEPS_FROM_MS = 5_000;

export interface DrivenRun extends RecordedRun {
  readonly journal: RunJournal;
  /** null: no limit holds for the run. */
  readonly turn: Turn | null;
}

export type DriverPorts = RecordPorts & UnderWayPorts;

export interface DriverEvents {
  /** The run exists. */
  accepted(): void;
  /** The run does not exist: its first append failed. */
  refused(error: unknown): void;
  /** More of the journal is durable. */
  progressed(): void;
  /** The store has taken nothing of the run for a while; told again with each try that fails. */
  stuck(): void;
  ended(): void;
  /** The run does nothing but wait until then (epoch ms; null: until somebody asks something of it): it is nobody's, and to be woken. */
  fellAsleep(until: number | null): void;
  /** The run goes on elsewhere, or after the next start. */
  released(): void;
  /** Its journal could not be written, for no reason that passes by itself: what is in the store is all that is known of it. */
  lost(error: unknown): void;
  /** The run of a draft is left as its process would leave it that dies. */
  died(): void;
}

export class Driver {
  readonly #ports: DriverPorts;
  readonly #events: DriverEvents;
  readonly #record: RunRecord;
  readonly #journal: RunJournal;
  /** null: nothing of the run was ever under way, as in a run of pure nodes. */
  #underWay: UnderWay | null = null;
  readonly #turn: Turn | null;
  /** During an attempt of this node the run is dropped; null: of none, or this is the life after it. */
  readonly #crashAt: string | null;
  #isDurable: boolean;
  /** When the first write began that has not gone through, monotonic ms; null: nothing waits to be written. */
  #writingSince: number | null = null;
  #closed = false;
  #isFallingAsleep = false;
  /** An advance is due after this turn of the event loop. */
  #isAdvancing = false;

  constructor(ports: DriverPorts, run: DrivenRun, events: DriverEvents) {
    this.#ports = ports;
    this.#events = events;
    this.#record = new RunRecord(ports, run);
    this.#journal = run.journal;
    this.#turn = run.turn;
    this.#crashAt = (!run.resumed && run.state.run.draft?.crashOnce) || null;
    this.#isDurable = run.resumed;
  }

  get state(): RunState {
    return this.#record.state;
  }

  moment(): Moment {
    return { pause: pauseOf(this.state), queuePosition: this.#turn?.position ?? null };
  }

  /** Does what is open, as far as it goes without waiting. */
  advance(): void {
    if (this.#closed) return;
    if (this.#turn && !this.#hasTurn(this.#turn)) this.#reconcile([...timers(this.state), ...this.#queueTimer()]);
    else this.#advance();
    this.#flush();
  }

  /** Whoever only waits, or comes to its end, needs none. */
  #hasTurn(turn: Turn): boolean {
    if (turn.isHeld || this.state.failure || this.state.finished || isPaused(this.state)) return true;
    turn.ask(() => this.#advanceSoon());
    return turn.isHeld;
  }

  /** How long a run may wait that has not begun. */
  #queueTimer(): Command[] {
    const { plan, startedAt, at } = this.state;
    if (startedAt !== null || !plan.concurrency) return [];
    return [{ do: "wait", path: "", timer: "queue", until: at + plan.concurrency.queueTimeoutMs }];
  }

  #advance(): void {
    const until = this.#ports.clock.mono() + SLICE_MS;
    while (!this.#closed) {
      const commands = this.#record.decide();
      const [first] = commands;
      if (!first || !(this.#answerDraft(commands) || this.#stepNow(first))) {
        this.#reconcile(commands);
        break;
      }
      if (this.#ports.clock.mono() > until) {
        this.#advanceSoon();
        break;
      }
    }
    if (this.#turn && isPaused(this.state)) this.#turn.giveBack();
  }

  /** Once for everything that this turn of the event loop brings: a hundred answers at once are one decision, not a hundred. */
  #advanceSoon(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    this.#ports.slices.putOff(this.state.run.workflow.id, () => {
      this.#isAdvancing = false;
      this.advance();
    });
  }

  /** Records the cancellation; the rest follows from it. False once the run has ended. */
  cancel(reason: string | undefined): boolean {
    if (this.#closed || this.state.finished || this.state.failure) return false;
    this.#record.append({ type: "run-cancelled", ...(reason !== undefined && { reason }) });
    this.advance();
    return true;
  }

  /** Records the signal; resolves once it is durable. False: the run takes none any more. Rejects with SignalsFull, or the store's error. */
  async signal(signal: Signal): Promise<boolean> {
    const { finished, failure, signals } = this.state;
    if (this.#closed || finished || failure) return false;
    if (signals.kept.length >= LIMITS.signalsKept.value) throw new SignalsFull();
    this.#record.append({ type: "signal-received", ...signal });
    this.advance();
    await this.#journal.flush(() => summaryOf(this.state));
    return true;
  }

  /** Records the answer; resolves once it is durable, as what kept it from being taken is. Rejects with the store's error. */
  async answer(seq: number, answer: Answer): Promise<Answered> {
    const open = this.#closed ? undefined : this.state.active.find((one) => one.active === "question" && one.seq === seq);
    const answered = open?.active === "question" ? this.#settle(open, answer) : "closed";
    await this.#journal.flush(() => summaryOf(this.state));
    return answered;
  }

  #settle({ path, until, answers }: OpenQuestion, answer: Answer): Answered {
    if (answers.some(({ person }) => person === answer.person)) return "before";
    // Its time is over, and the answer was quicker than the timer.
    const isLate = until !== null && this.#ports.clock.now() >= until;
    this.#record.append(isLate ? { type: "timer-fired", path, timer: "answer" } : { type: "question-answered", path, answer });
    this.advance();
    return isLate ? "closed" : "taken";
  }

  /** Lets the run go: attempts are dropped, what waits to be written is written. */
  async release(): Promise<void> {
    const wasOpen = this.#stop("The server is shutting down.");
    await this.#journal.flush(() => summaryOf(this.state)).catch(() => undefined);
    if (wasOpen) this.#events.released();
  }

  /** True where a run of a draft answers for one of the nodes. */
  #answerDraft(commands: readonly Command[]): boolean {
    if (!this.state.run.draft) return false;
    const now = this.#ports.clock.now();
    for (const command of commands) {
      const entry = command.do === "execute" ? draftAnswer(this.state, command, now) : null;
      if (!entry) continue;
      this.#record.append(entry, now);
      return true;
    }
    return false;
  }

  /** True where the command could be carried out at once and the next decision is due. */
  #stepNow(command: Command): boolean {
    if (command.do === "record") {
      this.#record.append(command.entry);
      return true;
    }
    if (command.do === "execute" && command.node.spec.effect === "none") {
      const now = this.#ports.clock.now();
      this.#record.append(this.#executePure(command, now), now);
      return true;
    }
    return false;
  }

  #executePure(command: ExecuteCommand, now: number): EntryBody {
    try {
      const executor = this.#ports.executors.get(command.node.type);
      if (executor?.effect !== "none") throw new Error(`no pure executor for ${command.node.type}`);
      const prepared = prepare(this.state, command.path);
      return settled(this.state, command, executor.run(prepared.config, this.#record.context(command, prepared)), now);
    } catch (thrown) {
      return this.#record.failure(command, thrown, now);
    }
  }

  #reconcile(commands: readonly Command[]): void {
    if (commands.length === 0 && !this.#underWay) return;
    this.#underWay ??= new UnderWay(this.#ports, this.#record, () => this.#advanceSoon());
    this.#underWay.reconcile(commands);
  }

  /** Makes durable what waits, then does what had to wait for it. */
  #flush(): void {
    const ending = this.state.finished !== null;
    const announced = this.#underWay?.announced() ?? NONE;
    const settled = this.#underWay?.settled() ?? NONE;
    if (ending) failpoint("finish.beforeRecord");
    this.#writingSince ??= this.#ports.clock.mono();
    this.#journal
      .flush(() => summaryOf(this.state))
      .then(
        () => {
          this.#underWay?.acquit(settled);
          this.#flushed(ending, announced);
        },
        (error: unknown) => this.#flushFailed(error),
      );
  }

  /** `announced`: attempts whose announcement is durable now. */
  #flushed(ending: boolean, announced: readonly string[]): void {
    this.#writingSince = null;
    if (this.#closed) return;
    this.#tellAccepted();
    if (ending) this.#end();
    else this.#events.progressed();
    const crashes = this.#crashAt !== null && this.#underWay?.announces(this.#crashAt, announced);
    this.#underWay?.launch(announced);
    if (crashes) this.#die();
    else this.#maySleep();
  }

  /** Whoever does nothing but wait is put to sleep, once what else waits in the event loop had its say. */
  #maySleep(): void {
    if (this.#closed || !sleepOf(this.state)) return;
    this.#ports.clock.soon(() => this.#fallAsleep());
  }

  #fallAsleep(): void {
    const sleep = sleepOf(this.state);
    if (this.#closed || this.#isFallingAsleep || !sleep || !this.#journal.isIdle) return;
    if (sleep.until !== null && sleep.until - this.#ports.clock.now() < SLEEPS_FROM_MS) return;
    this.#isFallingAsleep = true;
    this.#journal.sleep(sleep).then(
      () => this.#stop("The run sleeps.") && this.#events.fellAsleep(sleep.until),
      // It stays awake for now: nothing is lost but memory.
      (error: unknown) => {
        this.#isFallingAsleep = false;
        if (isPassing(error)) this.#ports.clock.at(this.#ports.clock.now() + STORE_RETRY_MS, () => this.#maySleep());
        else this.#flushFailed(error);
      },
    );
  }

  /** What is under way is dropped, and nothing is written any more: what is durable is all that is left of the run. */
  #die(): void {
    if (this.#stop("The process died, as was asked for.")) this.#events.died();
  }

  #tellAccepted(): void {
    if (this.#isDurable) return;
    this.#isDurable = true;
    this.#events.accepted();
  }

  #end(): void {
    failpoint("finish.afterRecord.beforeAnswer");
    if (this.#stop("The run has ended.")) this.#events.ended();
  }

  #flushFailed(error: unknown): void {
    if (this.#closed) return;
    if (!this.#isDurable) {
      this.#stop("The run was not accepted.");
      this.#events.refused(error);
    } else if (isPassing(error)) {
      if (this.#writingSince !== null && this.#ports.clock.mono() - this.#writingSince >= STUCK_AFTER_MS) this.#events.stuck();
      this.#ports.clock.at(this.#ports.clock.now() + STORE_RETRY_MS, () => this.#flush());
    } else if (error instanceof Fenced) {
      this.#stop("The run belongs to another owner.");
      this.#events.released();
    } else {
      this.#ports.log.error({ err: error, workflowRunId: this.state.run.runId }, "the journal cannot be written");
      this.#stop("The journal cannot be written.");
      this.#events.lost(error);
    }
  }

  #stop(reason: string): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    this.#turn?.giveBack();
    this.#underWay?.stop(reason);
    return true;
  }
}

const NONE: readonly never[] = [];
