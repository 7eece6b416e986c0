import type { JsonObject } from "@millrace/contract";
import {
  apply,
  attemptStarted,
  type Command,
  type DecideLimits,
  decide,
  type EntryBody,
  type ExecuteCommand,
  failed,
  type Prepared,
  prepare,
  type RunState,
  settled,
  stamp,
  TerminalError,
} from "@millrace/engine";
import type { Executor, PureContext } from "@millrace/nodes";
import type { Clock } from "#clock";
import { failpoint } from "#failpoint";
import type { Logger } from "#log";
import { type Attempt, isInternal, runAttempt } from "#runtime/embedded/attempt";
import type { RunJournal } from "#runtime/embedded/run-journal";
import { capabilitiesFor, type StepPorts } from "#runtime/embedded/step-capabilities";
import { type CompiledVersion, LetGo } from "#runtime/runtime";
import { summaryOf } from "#runtime/summary";
import { Fenced, isPassing } from "#store/errors";

// Drives one run: decide, append, apply, again. Invariants, each a test by its number:
// D1. An attempt that others may observe begins only after its node-started entry is durable.
// D2. `onAccepted` and `onEnded` are called only after the entries behind them are durable, each at most once.
// D3. After a lost fence nothing more is written, begun or told.
// D4. A full disk or a store that is held by another loses nothing: entries wait and are written once it can be.
// D5. No run holds the thread for longer than a slice.

/** A run of pure nodes gives the thread back after this long: half of what a caller beside it would notice. */
const SLICE_MS = 5;

/** Wait before another try of a write that the store could not take. */
const STORE_RETRY_MS = 1_000;

export interface DriverPorts extends StepPorts {
  readonly clock: Clock;
  readonly executors: ReadonlyMap<string, Executor>;
  readonly log: Logger;
  readonly limits: DecideLimits;
}

export interface DriverEvents {
  /** The run exists. */
  accepted(): void;
  /** The run does not exist: its first append failed. */
  refused(error: unknown): void;
  ended(): void;
  /** The run goes on elsewhere, or after the next start. */
  released(): void;
}

/** What a driver drives. */
export interface DrivenRun {
  readonly tenantId: string;
  readonly journal: RunJournal;
  readonly version: CompiledVersion;
  readonly state: RunState;
  /** The state comes from a journal that is durable already. */
  readonly resumed: boolean;
  /** The input as nodes see it, where the caller knows it already. */
  readonly startValues?: JsonObject;
}

const UNNEEDED = new TerminalError("cancelled", "The result is no longer needed.");

/** An attempt whose node-started entry was appended. */
interface Announced {
  readonly command: ExecuteCommand;
  readonly prepared: Prepared;
}

export class Driver {
  readonly #ports: DriverPorts;
  readonly #tenantId: string;
  readonly #journal: RunJournal;
  readonly #version: CompiledVersion;
  readonly #events: DriverEvents;
  readonly #attempts = new Map<string, Attempt>();
  readonly #timers = new Map<string, () => void>();
  /** Attempts that wait for their node-started entry to be durable. */
  readonly #announced = new Map<string, Announced>();
  /** null: nobody ever watched, which is the common case. */
  #watchers: Set<(more: boolean) => void> | null = null;
  #state: RunState;
  #isDurable: boolean;
  #closed = false;
  /** An advance is due after this turn of the event loop. */
  #isAdvancing = false;
  #startValues: JsonObject | undefined;

  constructor(ports: DriverPorts, run: DrivenRun, events: DriverEvents) {
    this.#ports = ports;
    this.#tenantId = run.tenantId;
    this.#journal = run.journal;
    this.#version = run.version;
    this.#state = run.state;
    this.#isDurable = run.resumed;
    this.#startValues = run.startValues;
    this.#events = events;
  }

  get state(): RunState {
    return this.#state;
  }

  /** Does what is open, as far as it goes without waiting. */
  advance(): void {
    const until = this.#ports.clock.mono() + SLICE_MS;
    while (!this.#closed) {
      const commands = decide(this.#state, this.#ports.limits);
      const [first] = commands;
      if (!first || !this.#stepNow(first)) {
        this.#reconcile(commands);
        break;
      }
      if (this.#ports.clock.mono() > until) {
        this.#advanceSoon();
        break;
      }
    }
    this.#flush();
  }

  /** Once for everything that this turn of the event loop brings: a hundred answers at once are one decision, not a hundred. */
  #advanceSoon(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    this.#ports.clock.soon(() => {
      this.#isAdvancing = false;
      this.advance();
    });
  }

  /** Records the cancellation; the rest follows from it. False once the run has ended. */
  cancel(reason: string | undefined): boolean {
    if (this.#closed || this.#state.finished || this.#state.failure) return false;
    this.#append({ type: "run-cancelled", ...(reason !== undefined && { reason }) });
    this.advance();
    return true;
  }

  /** Calls back after each append, and with false when this driver has done its last. Returns the way to stop. */
  watch(heard: (more: boolean) => void): () => void {
    const watchers = this.#watchers ?? new Set();
    this.#watchers = watchers.add(heard);
    return () => void watchers.delete(heard);
  }

  #tellWatchers(more: boolean): void {
    for (const heard of this.#watchers ?? []) heard(more);
  }

  /** Lets the run go: attempts are dropped, what waits to be written is written. */
  async release(): Promise<void> {
    const wasOpen = this.#stop("The server is shutting down.");
    await this.#journal.flush(() => summaryOf(this.#state)).catch(() => undefined);
    if (wasOpen) this.#released();
  }

  #append(entry: EntryBody, now = this.#ports.clock.now()): void {
    const stamped = stamp(this.#state, entry, now);
    this.#state = apply(this.#state, stamped);
    this.#journal.push(stamped);
  }

  /** True where the command could be carried out at once and the next decision is due. */
  #stepNow(command: Command): boolean {
    if (command.do === "record") {
      this.#append(command.entry);
      return true;
    }
    if (command.do === "execute" && command.node.spec.effect === "none") {
      const now = this.#ports.clock.now();
      this.#append(this.#executePure(command, now), now);
      return true;
    }
    return false;
  }

  #executePure(command: ExecuteCommand, now: number): EntryBody {
    try {
      const executor = this.#executorOf(command);
      if (executor.effect !== "none") throw new Error(`${command.node.type} has effects`);
      const prepared = prepare(this.#state, command.path);
      return settled(this.#state, command, executor.run(prepared.config, this.#context(command, prepared)), now);
    } catch (thrown) {
      return this.#failure(command, thrown, now);
    }
  }

  /** Starts what is not under way yet and drops what the state names no longer. */
  #reconcile(commands: readonly Command[]): void {
    if (commands.length === 0 && this.#attempts.size === 0 && this.#timers.size === 0 && this.#announced.size === 0) return;
    const wanted = new Set(commands.map(keyOf));
    for (const [key, attempt] of this.#attempts) if (!wanted.has(key)) this.#drop(key, attempt, UNNEEDED);
    for (const [key, stop] of this.#timers) if (!wanted.has(key)) this.#disarm(key, stop);
    for (const key of this.#announced.keys()) if (!wanted.has(key)) this.#announced.delete(key);
    let failedAtOnce = false;
    for (const command of commands) {
      if (command.do === "wait") this.#arm(command);
      if (command.do === "execute" && !this.#isUnderWay(command)) failedAtOnce = !this.#begin(command) || failedAtOnce;
    }
    // A node whose config cannot be evaluated has failed without an attempt: what follows is decided anew.
    if (failedAtOnce) this.#advanceSoon();
  }

  #isUnderWay(command: ExecuteCommand): boolean {
    const key = keyOf(command);
    return this.#attempts.has(key) || this.#announced.has(key);
  }

  /**
   * Announces an attempt; one that others may observe begins when the announcement is durable. One lost in a crash is begun anew, under the
   * next number.
   */
  #begin(lost: ExecuteCommand): boolean {
    const command = lost.begun ? { ...lost, attempt: lost.attempt + 1 } : lost;
    try {
      const prepared = prepare(this.#state, command.path);
      this.#append(attemptStarted(command));
      if (command.node.spec.effect === "outside") this.#announced.set(keyOf(command), { command, prepared });
      else this.#execute(command, prepared);
      return true;
    } catch (thrown) {
      const now = this.#ports.clock.now();
      this.#append(this.#failure(command, thrown, now), now);
      return false;
    }
  }

  #execute(command: ExecuteCommand, prepared: Prepared): void {
    const executor = this.#executorOf(command);
    if (executor.effect === "none") throw new Error(`${command.node.type} is pure`);
    const key = keyOf(command);
    const settle = (entry: (now: number) => EntryBody) => {
      if (this.#closed || !this.#attempts.delete(key)) return;
      const now = this.#ports.clock.now();
      this.#append(entry(now), now);
      this.#advanceSoon();
    };
    const attempt = runAttempt(
      { clock: this.#ports.clock, capabilities: capabilitiesFor(this.#ports, this.#tenantId, this.#state, command.path) },
      { command, executor, prepared, context: this.#context(command, prepared) },
      (directive) => settle((now) => settled(this.#state, command, directive, now)),
      (thrown) => settle((now) => this.#failure(command, thrown, now)),
    );
    this.#attempts.set(key, attempt);
  }

  #arm(command: Extract<Command, { do: "wait" }>): void {
    const key = keyOf(command);
    if (this.#timers.has(key)) return;
    const stop = this.#ports.clock.at(command.until, () => {
      if (this.#closed || !this.#timers.delete(key)) return;
      this.#append({ type: "timer-fired", path: command.path, timer: command.timer });
      this.#advanceSoon();
    });
    this.#timers.set(key, stop);
  }

  #drop(key: string, attempt: Attempt, reason: TerminalError): void {
    this.#attempts.delete(key);
    attempt.abort(reason);
  }

  #disarm(key: string, stop: () => void): void {
    this.#timers.delete(key);
    stop();
  }

  /** Makes durable what waits, then does what had to wait for it. */
  #flush(): void {
    const ending = this.#state.finished !== null;
    const announced = this.#announced.size === 0 ? NONE : [...this.#announced.keys()];
    if (ending) failpoint("finish.beforeRecord");
    this.#journal
      .flush(() => summaryOf(this.#state))
      .then(
        () => this.#flushed(ending, announced),
        (error: unknown) => this.#flushFailed(error),
      );
  }

  /** `announced`: attempts whose announcement is durable now. */
  #flushed(ending: boolean, announced: readonly string[]): void {
    if (this.#closed) return;
    this.#tellAccepted();
    if (ending) this.#end();
    else if (this.#watchers) this.#tellWatchers(true);
    this.#launch(announced);
  }

  /** When the slice is over, the rest follow after what else waits. */
  #launch(keys: readonly string[]): void {
    const until = this.#ports.clock.mono() + SLICE_MS;
    for (const [index, key] of keys.entries()) {
      const announced = this.#announced.get(key);
      // Another flush was quicker, or nobody wants it any more.
      if (!announced || !this.#announced.delete(key) || !this.#isWanted(announced.command)) continue;
      this.#execute(announced.command, announced.prepared);
      if (this.#ports.clock.mono() <= until) continue;
      this.#ports.clock.soon(() => this.#launch(keys.slice(index + 1)));
      break;
    }
  }

  /** Between the announcement and its durability the state may have moved on without the attempt. */
  #isWanted(command: ExecuteCommand): boolean {
    return this.#state.active.some((one) => one.active === "attempt" && one.path === command.path && one.attempt === command.attempt);
  }

  #tellAccepted(): void {
    if (this.#isDurable) return;
    this.#isDurable = true;
    this.#events.accepted();
  }

  #end(): void {
    failpoint("finish.afterRecord.beforeAnswer");
    if (!this.#stop("The run has ended.")) return;
    this.#events.ended();
    if (this.#watchers) this.#tellWatchers(false);
  }

  #released(): void {
    this.#events.released();
    this.#tellWatchers(false);
  }

  #flushFailed(error: unknown): void {
    if (this.#closed) return;
    if (!this.#isDurable) {
      this.#stop("The run was not accepted.");
      this.#events.refused(error);
    } else if (isPassing(error)) {
      this.#ports.clock.at(this.#ports.clock.now() + STORE_RETRY_MS, () => this.#flush());
    } else {
      if (!(error instanceof Fenced))
        this.#ports.log.error({ err: error, workflowRunId: this.#state.run.runId }, "the journal cannot be written");
      this.#stop("The run belongs to another owner.");
      this.#released();
    }
  }

  #stop(reason: string): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    for (const [key, attempt] of this.#attempts) this.#drop(key, attempt, new LetGo(reason));
    for (const [key, stop] of this.#timers) this.#disarm(key, stop);
    if (this.#announced.size > 0) this.#announced.clear();
    return true;
  }

  #failure(command: ExecuteCommand, thrown: unknown, now: number): EntryBody {
    if (isInternal(thrown))
      this.#ports.log.error({ err: thrown, workflowRunId: this.#state.run.runId, path: command.path }, "a node failed internally");
    return failed(this.#state, command, thrown, now);
  }

  #executorOf(command: ExecuteCommand): Executor {
    const executor = this.#ports.executors.get(command.node.type);
    if (!executor) throw new Error(`no executor for ${command.node.type}`);
    return executor;
  }

  #context(command: ExecuteCommand, prepared: Prepared): PureContext {
    this.#startValues ??= this.#version.startValues(this.#state.run.input);
    return {
      runId: this.#state.run.runId,
      path: command.path,
      inputs: prepared.inputs,
      startValues: this.#startValues,
      maxIterations: this.#state.plan.maxIterations,
    };
  }
}

const NONE: readonly string[] = [];

function keyOf(command: Command): string {
  switch (command.do) {
    case "record":
      return "";
    case "execute":
      return `${command.path}#${command.attempt}`;
    case "wait":
      return `${command.path} ${command.timer} ${command.until}`;
    default:
      return command satisfies never;
  }
}
