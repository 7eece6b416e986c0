import {
  addUsage,
  apply,
  attemptStarted,
  type Command,
  type EntryBody,
  type ExecuteCommand,
  NO_TOTALS,
  type RunState,
  stamp,
  TerminalError,
  type Usage,
} from "@millrace/engine";
import { CancelledError, RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { carryOutEntrusted } from "#deed";
import { failpoint } from "#failpoint";
import { givenUp, lostAttempts } from "#runtime/attempts/lost-attempts";
import { type RecordedRun, RunRecord } from "#runtime/attempts/run-record";
import type { NextLife } from "#runtime/restate/cut-off-lives";
import { dueNow } from "#runtime/restate/due-now";
import { DueReplies } from "#runtime/restate/due-replies";
import { type CalledBefore, HostedAttempt, hasBegun } from "#runtime/restate/hosted-attempt";
import { answerTo, entryOf, stepEntry } from "#runtime/restate/hosted-entries";
import type { HostedJournal } from "#runtime/restate/hosted-journal";
import { type Follows, HostedPhases } from "#runtime/restate/hosted-phases";
import type { HostedRecord, HostedRunPorts } from "#runtime/restate/hosted-run-ports";
import type { HostedTurn } from "#runtime/restate/hosted-turn";
import { HostedWaits } from "#runtime/restate/hosted-waits";
import { LifeInput } from "#runtime/restate/life-input";
import { LoggedValues } from "#runtime/restate/logged-values";
import { type Completed, completing, keyOf, type Operation, recorded } from "#runtime/restate/operations";
import {
  type CalledRunHandlers,
  CLOSED,
  type Logged,
  type Message,
  type Outcome,
  type Replies,
  type Reply,
  replyTo,
  type Spoken,
  severalIn,
  TOLD,
} from "#runtime/restate/words";
import { LetGo } from "#runtime/runtime";

// Hosts one life of a run in the engine: decide, do one thing, wait for one thing, apply, again. Every life makes the same calls in the same
// order, for what comes of a call is in the engine's log. Laws, each a test by its number:
// L1. Whatever is under way has a key of its own: the path and the number of an attempt, the moment of a timer, the place of a message.
// L2. An outcome is recorded once; carrying out may happen again, and then under the same idempotency key.
// L3. Between two completions nothing is waited for that could come out otherwise in another life: values that the log refers to are read, and
//     entries take their time from the completion before them.
// L4. No error of a node leaves its call: it is an outcome like another, and its retries are entries.
// L5. An attempt is told to stop when nobody wants it, when the run is cancelled, and when this life of the run is over.
// L6. Large values are in the store, and the engine's log refers to them by their content.
// L7. No more are under way at once than the run's limits say.

/** A run that only waits stays so long in the memory of the worker, ms. */
const STAYS_MS = 5_000;

export class HostedRun {
  /** What this life hears. */
  readonly #input = LifeInput.current;
  readonly #ports: HostedRunPorts;
  readonly #context: WorkflowContext;
  readonly #run: RecordedRun;
  readonly #record: RunRecord;
  readonly #journal: HostedJournal;
  readonly #turn: HostedTurn | null;
  readonly #values: LoggedValues<Outcome | Message>;
  readonly #operations = new Map<string, Operation>();
  /** Entries that whatever writes the journal has taken with it. */
  #carried: number;
  readonly #replies: DueReplies;
  readonly #waits: HostedWaits;
  readonly #phases: HostedPhases;
  readonly #life: NextLife | null;

  constructor(ports: HostedRunPorts, context: WorkflowContext, run: HostedRecord) {
    const { clock, limits, shared } = ports;
    const { journal, life, turn, tenantId } = run;
    const operations = this.#operations;
    const state = () => this.state;
    this.#ports = ports;
    this.#context = context;
    this.#run = run;
    this.#journal = journal;
    this.#turn = turn;
    this.#life = life;
    this.#record = new RunRecord(ports, run);
    const waits = new HostedWaits({ context, clock, turn, operations, quietMs: limits.quietMs });
    const values = new LoggedValues<Outcome | Message>({ values: shared.values, clock, tenantId, runId: this.state.run.runId });
    this.#waits = waits;
    this.#values = values;
    this.#phases = new HostedPhases({ ports, journal, life, waits, values, state });
    this.#carried = this.state.seq;
    this.#replies = new DueReplies(this.state.seq, (place, replies) => void context.promise<Replies>(replyTo(place)).resolve(replies));
  }

  get state(): RunState {
    return this.#record.state;
  }

  /** Drives the run to its end. Rejects where the engine, or the store, ends this life of it. */
  async drive(): Promise<void> {
    await this.#advance();
    while (!this.state.finished) {
      await this.#complete(await this.#next());
      await this.#advance();
    }
    await this.#end();
  }

  /** This life of the run is over. */
  stop(): void {
    const left = [...this.#operations.values()].flatMap(({ attempt, waitsFor }) => (attempt && waitsFor === undefined ? attempt : []));
    for (const attempt of left) attempt.drop(new LetGo("The run goes on elsewhere."));
    this.#operations.clear();
    this.#life?.stop();
    this.#journal.close();
    this.#values.close();
  }

  /** Does what is open, as far as it goes without waiting. */
  async #advance(): Promise<void> {
    for (;;) {
      if (this.#turn?.lets(this.state) === false) return;
      if (this.#ports.slices.isOver()) await this.#letPass();
      const commands = this.#record.decide();
      const entry = dueNow(this.#record, this.#ports.executors, commands);
      if (entry) await this.#append(entry);
      else if (await this.#reconcile(commands)) return;
    }
  }

  /** Other runs of this process, and its callers. What follows is the same however long it takes. */
  #letPass(): Promise<void> {
    return new Promise((resolve) => this.#ports.slices.putOff(this.state.run.workflow.id, resolve));
  }

  /** Begins what is not under way yet and drops what the state names no longer. False: what follows is to be decided anew. */
  async #reconcile(commands: readonly Command[]): Promise<boolean> {
    const wanted = new Set(commands.map((command) => (command.do === "execute" ? keyOf(command) : "")));
    for (const [key, { attempt }] of this.#operations) if (attempt && !wanted.has(key)) this.#drop(key);
    for (const command of commands) {
      if (command.do !== "execute" || this.#operations.has(keyOf(command))) continue;
      if (!(await this.#begin(command))) return false;
    }
    return true;
  }

  #drop(key: string): void {
    const { attempt, waitsFor, suspect } = this.#operations.get(key) ?? {};
    this.#operations.delete(key);
    suspect?.passed();
    if (waitsFor === undefined) attempt?.drop(new TerminalError("cancelled", "The result is no longer needed."));
    else this.#ports.cancelCalled(this.#run.tenantId, waitsFor);
  }

  /** False: the node's config cannot be evaluated, so it has failed without an attempt. */
  async #begin(command: ExecuteCommand): Promise<boolean> {
    const attempt = this.#prepared(command);
    if (!(attempt instanceof HostedAttempt)) {
      await this.#append(attempt);
      return false;
    }
    await this.#append(attemptStarted(command));
    this.#start(attempt);
    return true;
  }

  #start(attempt: HostedAttempt, follows: Follows = "nothing"): void {
    const key = keyOf(attempt.command);
    const { name, isBrief, suspect, carryOut } = this.#phases.begin(attempt, follows);
    const promise = recorded(this.#context, name, carryOut, (outcome) => ({ done: "attempt", key, outcome }));
    this.#operations.set(key, { promise, attempt, isBrief, suspect, carries: this.state.seq });
  }

  /** The attempt waits for a run that it has called, in nobody's memory. */
  #park(attempt: HostedAttempt, before: CalledBefore): void {
    const { waitsFor, since } = before;
    const key = keyOf(attempt.command);
    const { timeoutMs } = attempt.command.node;
    const until = timeoutMs === null ? null : since + timeoutMs;
    const ended = this.#context.workflowClient<CalledRunHandlers>({ name: this.#ports.engine.services.runs }, waitsFor).whenEnded(until);
    const promise = completing(ended, () => ({ done: "called", key, before }));
    this.#operations.set(key, { promise, attempt, waitsFor, isWait: true, carries: null });
  }

  /** It begins anew, and finds the end of the run that it has called, or that it is late. */
  async #goOn({ command }: HostedAttempt, before: CalledBefore): Promise<void> {
    const attempt = this.#prepared(command, before);
    if (attempt instanceof HostedAttempt) this.#start(attempt, "call");
    else await this.#append(attempt);
  }

  #prepared(command: ExecuteCommand, before: CalledBefore | null = null): HostedAttempt | EntryBody {
    try {
      return new HostedAttempt(this.#ports, { ...this.#run, state: this.state }, command, before);
    } catch (thrown) {
      return this.#record.failure(command, thrown, this.state.at);
    }
  }

  /** Waits for exactly one of all that may come. */
  async #next(): Promise<Completed> {
    this.#waits.begin(this.state);
    this.#carry();
    const operations = [...this.#operations.values()];
    const stay = operations.every(({ isWait }) => isWait) ? this.#leaveSoon() : null;
    try {
      return await RestatePromise.race(operations.map(({ promise }) => promise));
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      return { done: "message", key: "", spoken: { at: this.state.at, ask: "cancel", reason: "The run was cancelled in the engine." } };
    } finally {
      stay?.();
    }
  }

  /** What comes meanwhile finds this life of it; later, the next one. */
  #leaveSoon(): () => void {
    const { clock } = this.#ports;
    return clock.at(clock.now() + STAYS_MS, () => this.#input.close());
  }

  /** What nothing else that begins now writes goes into the journal by itself. */
  #carry(): void {
    const entries = this.state.seq;
    if (this.#carried === entries) return;
    const begun = [...this.#operations.values()].filter(({ carries }) => carries !== null && carries > this.#carried);
    for (const operation of begun) operation.carries = entries;
    this.#carried = entries;
    if (begun.length > 0) return;
    const key = `journal ${entries}`;
    const write = () => this.#journal.flush(() => this.state);
    const promise = recorded(this.#context, key, write, () => ({ done: "journal", key }));
    this.#operations.set(key, { promise, attempt: null, carries: entries });
  }

  async #complete(completed: Completed): Promise<void> {
    const operation = this.#operations.get(completed.key);
    this.#operations.delete(completed.key);
    if (operation?.carries) this.#replies.durable(operation.carries);
    switch (completed.done) {
      case "attempt":
        return operation?.attempt ? this.#cameOf(operation.attempt, completed.outcome, operation.suspect) : undefined;
      case "called":
        return operation?.attempt ? this.#goOn(operation.attempt, completed.before) : undefined;
      case "timer":
        return this.#fire(completed.until);
      case "message":
        return this.#hear(completed.spoken, completed.key === "" ? null : this.#waits.heard());
      case "turn":
        return this.#turn?.done(completed.isHeld);
      case "journal":
        return;
      default:
        return completed satisfies never;
    }
  }

  async #cameOf(attempt: HostedAttempt, logged: Logged<Outcome>, suspect: NextLife | null = null): Promise<void> {
    const outcome = await this.#outcomeOf(attempt, logged);
    const isWhereItWas = "goesOn" in outcome && outcome.steps.length === 0;
    if (!isWhereItWas) suspect?.passed();
    await this.#settle(attempt, outcome);
  }

  /** What this life has seen it come to, or what an earlier one has. */
  async #outcomeOf(attempt: HostedAttempt, logged: Logged<Outcome>): Promise<Outcome> {
    if (!("apart" in logged)) return logged;
    return attempt.outcome ?? ((await this.#values.whole(logged)) as Outcome);
  }

  async #settle(attempt: HostedAttempt, outcome: Outcome): Promise<void> {
    if ("dropped" in outcome) return;
    const isAgain = outcome.again !== undefined;
    if (isAgain) {
      await this.#append(attemptStarted(attempt.command), outcome.again);
      this.#phases.lost();
    }
    if ("waitsFor" in outcome) return this.#park(attempt, outcome);
    if ("deaths" in outcome) return this.#append(givenUp(outcome.deaths, lostAttempts(this.state)), outcome.at);
    const { command } = attempt;
    const { at, steps } = outcome;
    for (const step of steps) await this.#append(stepEntry(command, step), at);
    this.#journal.whenDurable(attempt.recorded(steps.length));
    if ("goesOn" in outcome) return this.#goFurther(attempt, isAgain ? "loss" : steps.length > 0 ? "steps" : "silence");
    await this.#append(entryOf(this.state, command, outcome), at);
    this.#journal.whenDurable(() => attempt.leave(addUsage(NO_TOTALS, outcome.usage).credits));
  }

  /** Its steps are entries. Where it was under way in an earlier life it begins anew, and finds them. */
  #goFurther(attempt: HostedAttempt, follows: Follows): void {
    const { state } = this;
    try {
      this.#start(attempt.isUnderWay ? attempt : new HostedAttempt(this.#ports, { ...this.#run, state }, attempt.command), follows);
    } catch (thrown) {
      attempt.fail(thrown);
      this.#start(attempt, follows);
    }
  }

  async #fire(until: number): Promise<void> {
    for (;;) {
      const due = this.#waits.firedBy(this.state, until);
      if (!due) return;
      await this.#append({ type: "timer-fired", path: due.path, timer: due.timer }, until);
    }
  }

  async #hear(spoken: Spoken, place: number | null): Promise<void> {
    const several = severalIn(spoken);
    const replies: Reply[] = [];
    for (const logged of several) replies.push(await this.#hearOne(logged));
    if (place === null) return;
    this.#context.set(TOLD, place + 1);
    this.#replies.add({ place, replies: several === spoken ? replies : (replies[0] ?? "closed"), entries: this.state.seq });
  }

  async #hearOne(logged: Logged<Message>): Promise<Reply> {
    const message = (await this.#values.whole(logged)) as Message;
    if (message.ask === "turn") this.#turn?.calledUp();
    const { reply, entry } = answerTo(this.state, message);
    if (entry) await carryOutEntrusted(message.row, () => this.#append(entry, message.at));
    return reply;
  }

  /** Takes its time from the completion before it. */
  async #append(entry: EntryBody, at = this.state.at): Promise<void> {
    const next = apply(this.state, stamp(this.state, entry, at));
    for (const attempt of this.#abandoned(next)) this.#record.pay(attempt.command, null, await this.#paidBy(attempt));
    this.#record.append(entry, at);
  }

  /** Attempts that may have paid for something, and that nobody waits for in that state. */
  #abandoned(state: RunState): readonly HostedAttempt[] {
    const attempts = [...this.#operations.values()].flatMap(({ attempt }) => attempt ?? []);
    return attempts.filter(({ command }) => command.node.spec.paid && !hasBegun(state, command));
  }

  async #paidBy(attempt: HostedAttempt): Promise<readonly Usage[]> {
    const key = keyOf(attempt.command);
    return this.#recorded(`abandoned ${key}`, async () => {
      this.#drop(key);
      return attempt.paid;
    });
  }

  /** What the engine records, whoever cancels the run meanwhile. */
  async #recorded<T>(name: string, action: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.#context.run(name, action);
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
      }
    }
  }

  /** Written again in another life it is the same: the engine need not keep that it was done. */
  async #end(): Promise<void> {
    failpoint("finish.beforeRecord");
    await this.#journal.flush(() => this.state);
    failpoint("finish.afterRecord.beforeAnswer");
    this.#turn?.leave();
    this.#ports.ended(this.#run.tenantId, this.state);
    this.#replies.durable(this.state.seq);
    // Its caller may wait for it in nobody's memory.
    if (this.state.run.caller) void this.#context.promise<boolean>(CLOSED).resolve(true);
  }
}
