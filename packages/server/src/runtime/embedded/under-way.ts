import { errorMessage, type MessageKey } from "@millrace/contract";
import { addUsage, attemptStarted, type Command, type EntryBody, type ExecuteCommand, NO_TOTALS, TerminalError } from "@millrace/engine";
import type { EffectExecutor, Executor } from "@millrace/nodes";
import { type Attempt, type AttemptContext, runAttempt } from "#runtime/attempts/attempt";
import { executorWithEffects } from "#runtime/attempts/executor-of";
import type { FairPlaces, Place } from "#runtime/attempts/fair-places";
import { type KeptResult, type KeptResultPorts, keptResultOf } from "#runtime/attempts/kept-results";
import type { NodeLimits, NodeTurn } from "#runtime/attempts/node-lanes";
import type { OnceDone, PaidOnce } from "#runtime/attempts/once";
import type { RunRecord } from "#runtime/attempts/run-record";
import { type Step, type StepPorts, stepOf } from "#runtime/attempts/step";
import type { BudgetGate, Entered } from "#runtime/budget-gate";
import { LetGo } from "#runtime/runtime";

export interface UnderWayPorts extends StepPorts, KeptResultPorts {
  readonly executors: ReadonlyMap<string, Executor>;
  readonly spending: BudgetGate;
  /** For attempts of all runs together, by their effect. */
  readonly nodeLanes: NodeLimits;
  readonly places: { readonly [Effect in Exclude<EffectExecutor["effect"], "none">]: FairPlaces };
}

type WaitCommand = Extract<Command, { do: "wait" }>;

/** An attempt whose node-started entry was appended. */
interface Announced {
  readonly command: ExecuteCommand;
  readonly step: Step;
  /** null: no limit of the node's own holds. */
  readonly turn: NodeTurn | null;
  /** null: the node keeps no results. */
  readonly kept: KeptResult | null;
}

const UNNEEDED = new TerminalError("cancelled", "The result is no longer needed.");

/**
 * What of one run is under way in this process: attempts of nodes with effects, and timers. What comes of them is appended to the record;
 * `changed` is called after that.
 */
export class UnderWay {
  readonly #ports: UnderWayPorts;
  readonly #record: RunRecord;
  readonly #changed: () => void;
  /** Each as the way to drop it. */
  readonly #attempts = new Map<string, (reason: TerminalError) => void>();
  readonly #timers = new Map<string, () => void>();
  /** Attempts that wait for their node-started entry to be durable. */
  readonly #announced = new Map<string, Announced>();
  /** What waits for what was appended to be durable: budgets that a cost is reckoned under, attempts that recorded a step. */
  #settled: Array<() => void> = [];
  #stopped = false;

  constructor(ports: UnderWayPorts, record: RunRecord, changed: () => void) {
    this.#ports = ports;
    this.#record = record;
    this.#changed = changed;
  }

  /** Starts what is not under way yet and drops what the state names no longer. When the slice is over, the rest starts with the next decision. */
  reconcile(commands: readonly Command[]): void {
    const wanted = new Set(commands.map(keyOf));
    for (const [key, drop] of this.#attempts) if (!wanted.has(key)) drop(UNNEEDED);
    for (const [key, stop] of this.#timers) if (!wanted.has(key)) this.#disarm(key, stop);
    for (const key of this.#announced.keys()) if (!wanted.has(key)) this.#announced.delete(key);
    let hasBegun = false;
    // A node whose config cannot be evaluated has failed without an attempt: what follows is decided anew.
    let isDecidedAnew = false;
    for (const command of commands) {
      if (command.do === "wait") this.#arm(command);
      if (command.do !== "execute" || this.#has(command)) continue;
      isDecidedAnew ||= hasBegun && this.#ports.slices.isOver();
      if (isDecidedAnew) break;
      isDecidedAnew = !this.#begin(command);
      hasBegun = true;
    }
    if (isDecidedAnew) this.#changed();
  }

  /** The attempts that may begin once what was appended so far is durable. */
  announced(): readonly string[] {
    return [...this.#announced.keys()];
  }

  /** Is an attempt of the node among these? */
  announces(nodeId: string, keys: readonly string[]): boolean {
    return keys.some((key) => this.#announced.get(key)?.command.node.id === nodeId);
  }

  /** What waits for what was appended so far. */
  settled(): readonly (() => void)[] {
    return [...this.#settled];
  }

  /** What these waited for is durable. */
  acquit(settled: readonly (() => void)[]): void {
    if (settled.length === 0) return;
    this.#settled = this.#settled.filter((leave) => !settled.includes(leave));
    for (const leave of settled) leave();
  }

  /** Begins attempts whose announcement is durable, one after the other, so that what each sets off is done before the next. */
  launch(keys: readonly string[]): void {
    for (const [index, key] of keys.entries()) {
      const announced = this.#announced.get(key);
      // Another flush was quicker, or nobody wants it any more.
      if (!announced || !this.#announced.delete(key) || !this.#isAttemptWanted(announced.command)) continue;
      this.#execute(announced);
      const rest = keys.slice(index + 1);
      if (rest.length > 0) this.#ports.slices.putOff(this.#record.state.run.workflow.id, () => this.launch(rest));
      break;
    }
  }

  /** Drops everything; nothing is appended any more. */
  stop(reason: string): void {
    this.#stopped = true;
    for (const drop of this.#attempts.values()) drop(new LetGo(reason));
    for (const [key, stop] of this.#timers) this.#disarm(key, stop);
    this.#announced.clear();
    this.acquit(this.#settled);
  }

  #has(command: ExecuteCommand): boolean {
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
      const announced = this.#announce(command);
      this.#record.append(attemptStarted(command));
      if (command.node.spec.effect === "outside") this.#announced.set(keyOf(command), announced);
      else this.#execute(announced);
      return true;
    } catch (thrown) {
      const now = this.#ports.clock.now();
      this.#record.append(this.#record.failure(command, thrown, now), now);
      return false;
    }
  }

  #announce(command: ExecuteCommand): Announced {
    const executor = executorWithEffects(this.#ports.executors, command);
    const step = stepOf(this.#ports, this.#record, command, executor);
    const { tenantId, state } = this.#record;
    const turn = command.node.concurrency && this.#ports.nodeLanes.turn(tenantId, state, command);
    return { command, step, turn, kept: command.node.cache && keptResultOf(this.#ports, this.#record, command) };
  }

  /** Where no result is kept, begins the attempt as soon as it is its turn, its budgets have something left for it, and there is a place. */
  #execute(announced: Announced): void {
    const { command, turn, kept } = announced;
    const executor = executorWithEffects(this.#ports.executors, command);
    const place = this.#ports.places[executor.effect].place(this.#record.state.run.workflow.id);
    let attempt: Attempt | null = null;
    let entered: Entered | null = null;
    this.#attempts.set(keyOf(command), (reason) => {
      this.#attempts.delete(keyOf(command));
      attempt?.abort(reason);
      place.leave();
      turn?.leave();
      entered?.leave(0n);
    });
    const begin = (): void =>
      place.take(() => {
        attempt = this.#begun(announced, place, () => entered);
      });
    const refuse = (message: MessageKey): void => this.#refuse(announced, errorMessage(message, "en"));
    const enter = (): void => {
      if (command.node.spec.paid) entered = this.#ports.spending.enter(this.#record.payer, { begin, refuse });
      else begin();
    };
    const ask = (): void => (turn ? turn.take(enter) : enter());
    if (kept) void this.#recall(command, kept, ask);
    else ask();
  }

  /** What was kept is the attempt's answer: it costs nothing, and waits for nobody. */
  async #recall(command: ExecuteCommand, kept: KeptResult, otherwise: () => void): Promise<void> {
    const found = await kept.find();
    if (!this.#attempts.has(keyOf(command))) return;
    if (found) this.#settle(command, (now) => this.#record.settled(command, found, now));
    else otherwise();
  }

  #enter({ begin, refuse }: PaidOnce): Entered {
    return this.#ports.spending.enter(this.#record.payer, {
      begin,
      refuse: (message) => refuse(new TerminalError("out_of_credits", errorMessage(message, "en"))),
    });
  }

  /** Appends a step of an attempt; calls back once it is durable. null: nobody wants it any more. */
  #done<T>(command: ExecuteCommand, { append, durable }: OnceDone<T>): T | null {
    if (this.#stopped || !this.#isAttemptWanted(command)) return null;
    const appended = append();
    this.#settled.push(durable);
    this.#changed();
    return appended;
  }

  #refuse({ command, turn }: Announced, message: string): void {
    turn?.leave();
    this.#settle(command, (now) => this.#record.failure(command, new TerminalError("out_of_credits", message), now));
  }

  #begun({ command, step, turn, kept }: Announced, place: Place, entered: () => Entered | null): Attempt {
    const record = this.#record;
    const settle = (entry: (now: number) => EntryBody) => {
      place.leave();
      turn?.leave();
      const appended = this.#settle(command, entry);
      this.#leaveWhenDurable(entered(), appended);
      return appended;
    };
    // A run that is called needs places of its own, and spends on its own account: whoever waits for it holds none.
    const calling = (): void => {
      place.leave();
      entered()?.leave(0n);
    };
    const execute = (own: AttemptContext) =>
      step(own, { calling, enter: (paid) => this.#enter(paid), done: (done) => this.#done(command, done) });
    return runAttempt(
      this.#ports.clock,
      { command, runId: record.state.run.runId, execute },
      (directive) => {
        const appended = settle((now) => record.settled(command, directive, now));
        if (appended?.type === "node-finished") kept?.keep(directive, appended.usage ?? []);
      },
      (thrown) => void settle((now) => record.failure(command, thrown, now)),
    );
  }

  /** Appends what came of the attempt, unless nobody wants it any more. */
  #settle(command: ExecuteCommand, entry: (now: number) => EntryBody): EntryBody | null {
    if (!this.#attempts.delete(keyOf(command)) || !this.#isAttemptWanted(command)) return null;
    const now = this.#ports.clock.now();
    const appended = entry(now);
    this.#record.append(appended, now);
    this.#changed();
    return appended;
  }

  #leaveWhenDurable(entered: Entered | null, appended: EntryBody | null): void {
    if (!entered) return;
    const usage = appended && "usage" in appended ? appended.usage : undefined;
    const leave = (): void => entered.leave(addUsage(NO_TOTALS, usage).credits);
    if (appended) this.#settled.push(leave);
    else leave();
  }

  /** What happened earlier in this turn of the event loop may have moved the state on without the attempt, before that was noticed here. */
  #isAttemptWanted({ path, attempt }: ExecuteCommand): boolean {
    return this.#record.state.active.some((one) => one.active === "attempt" && one.path === path && one.attempt === attempt);
  }

  #isTimerWanted({ path, timer, until }: WaitCommand): boolean {
    const { active, startedAt, failure } = this.#record.state;
    if (timer === "queue") return startedAt === null && failure === null;
    return active.some((one) => one.active === "timer" && one.path === path && one.timer === timer && one.until === until);
  }

  #arm(command: WaitCommand): void {
    const key = keyOf(command);
    if (this.#timers.has(key)) return;
    const stop = this.#ports.clock.at(command.until, () => {
      if (this.#stopped || !this.#timers.delete(key) || !this.#isTimerWanted(command)) return;
      this.#record.append({ type: "timer-fired", path: command.path, timer: command.timer });
      this.#changed();
    });
    this.#timers.set(key, stop);
  }

  #disarm(key: string, stop: () => void): void {
    this.#timers.delete(key);
    stop();
  }
}

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
