import { errorMessage, type MessageKey } from "@millrace/contract";
import {
  attemptStarted,
  type Directive,
  type Entry,
  type ExecuteCommand,
  errorOf,
  type RecordedStep,
  type RunState,
  TerminalError,
} from "@millrace/engine";
import type { CalledRun, Executor, WorkflowCall } from "@millrace/nodes";
import { type Attempt, type AttemptContext, isInternal, runAttempt } from "#runtime/attempts/attempt";
import { executorWithEffects } from "#runtime/attempts/executor-of";
import type { FairPlaces } from "#runtime/attempts/fair-places";
import { type KeptResult, type KeptResultPorts, keptResultOf } from "#runtime/attempts/kept-results";
import type { NodeLimits, NodeTurn } from "#runtime/attempts/node-lanes";
import type { OnceDone, PaidOnce } from "#runtime/attempts/once";
import { type RecordedRun, type RecordPorts, RunRecord } from "#runtime/attempts/run-record";
import { type Step, type StepPorts, stepOf } from "#runtime/attempts/step";
import { usageOf } from "#runtime/attempts/watched-usage";
import type { BudgetGate, Entered } from "#runtime/budget-gate";
import type { GivenUp, Halfway, Logged, Outcome, Settled } from "#runtime/restate/words";
import { type CallingStep, LetGo } from "#runtime/runtime";

export interface HostedAttemptPorts extends StepPorts, KeptResultPorts, RecordPorts {
  readonly executors: ReadonlyMap<string, Executor>;
  readonly spending: BudgetGate;
  /** For attempts of all runs that are hosted here, by their effect. */
  readonly nodeLanes: NodeLimits;
  readonly places: { readonly [Effect in "outside" | "contained"]: FairPlaces };
  /** Of a run that was called and that nobody waits for any more. Never rejects. */
  cancelCalled(tenantId: string, runId: string): void;
}

const UNNEEDED = { dropped: true } as const satisfies Outcome;

/** What an attempt comes to, beside its steps. */
type End =
  | Exclude<Outcome, Settled | Halfway | GivenUp>
  | Omit<Extract<Settled, { error: unknown }>, "steps">
  | Omit<Extract<Settled, { directive: unknown }>, "steps">;

interface DoneStep {
  readonly record: RecordedStep;
  /** The entry that tells of it is durable, or nobody wants the attempt any more. */
  durable: () => void;
}

/** One that waits for another run no longer than this keeps its place in memory: to begin it anew is dearer. */
const WAITS_HERE_MS = 5_000;

/** An attempt that began to wait for another run in an earlier life of its run. */
export interface CalledBefore {
  readonly waitsFor: string;
  readonly since: number;
}

/**
 * One attempt of a node with effects, from the state in which it begins. It writes nothing of the run: its steps, and what it comes to, are
 * recorded by the engine, and made into entries by whoever hosts the run, now and in every replay.
 */
export class HostedAttempt {
  readonly command: ExecuteCommand;
  readonly #ports: HostedAttemptPorts;
  /** A record of its own, of what the attempt alone does. */
  readonly #record: RunRecord;
  readonly #step: Step;
  readonly #turn: NodeTurn | null;
  readonly #kept: KeptResult | null;
  /** Those that no entry tells of yet. */
  readonly #steps: DoneStep[] = [];
  #entered: Entered | null = null;
  /** What came of it last in this life of the run. */
  outcome: Outcome | null = null;
  #end: Promise<End> | null = null;
  /** What comes of it next, as the engine is to record it. */
  #coming: Promise<Logged<Outcome>> | null = null;
  #tell: () => void = () => undefined;
  #drop: ((reason: TerminalError) => void) | null = null;
  #dropped: TerminalError | null = null;

  readonly #before: CalledBefore | null;
  /** Lets it wait without a place in memory. */
  #park: ((waitsFor: CalledBefore) => void) | null = null;

  /** Throws where the node's config cannot be evaluated. */
  constructor(
    given: HostedAttemptPorts,
    run: Omit<RecordedRun, "journal" | "resumed">,
    command: ExecuteCommand,
    before: CalledBefore | null = null,
  ) {
    const ports = { ...given, callWorkflow: (step: CallingStep, call: WorkflowCall) => this.#call(given, step, call) };
    this.#ports = ports;
    this.command = command;
    this.#before = before;
    this.#record = new RunRecord(ports, { ...run, journal: { push: (entry) => this.#note(entry) }, resumed: true });
    if (!hasBegun(run.state, command)) this.#record.append(attemptStarted(command), run.state.at);
    const { state, tenantId } = this.#record;
    this.#step = stepOf(ports, this.#record, command, executorWithEffects(ports.executors, command));
    this.#turn = command.node.concurrency && ports.nodeLanes.turn(tenantId, state, command);
    this.#kept = command.node.cache && keptResultOf(ports, this.#record, command);
  }

  /** What it was seen to pay for that no outcome has told of. */
  get paid() {
    return [...this.#steps.flatMap(({ record }) => record.usage), ...this.#record.usageOf(this.command, [])];
  }

  /** In this life of its run. */
  get isUnderWay(): boolean {
    return this.#end !== null || this.#coming !== null;
  }

  /** Carries it out, or goes on with that where it was left before it came to anything. */
  coming(carryOut: () => Promise<Logged<Outcome>>): Promise<Logged<Outcome>> {
    this.#coming ??= carryOut().finally(() => {
      this.#coming = null;
    });
    return this.#coming;
  }

  /** What comes of it next: steps that are to be entries before it goes on, or what it comes to. Never rejects. */
  next(): Promise<Outcome> {
    this.#end ??= this.#carryOut();
    const end = this.#end;
    return new Promise((resolve) => {
      this.#tell = () => resolve({ goesOn: true, at: this.#ports.clock.now(), steps: this.#done });
      if (this.#steps.length > 0) this.#tell();
      else void end.then((outcome) => resolve("at" in outcome ? { ...outcome, steps: this.#done } : outcome));
    });
  }

  get #done(): readonly RecordedStep[] {
    return this.#steps.map(({ record }) => record);
  }

  /** So many of its steps are entries now. Returns what tells it that those are durable. */
  recorded(count: number): () => void {
    const steps = this.#steps.splice(0, count);
    return () => {
      for (const { durable } of steps) durable();
    };
  }

  /** It was under way in an earlier life of its run, and cannot begin anew. */
  fail(thrown: unknown): void {
    this.#end = Promise.resolve(this.#threw(thrown));
  }

  /** Where no result is kept, begins as soon as it is its turn, its budgets have something left for it, and there is a place. */
  async #carryOut(): Promise<End> {
    const found = await this.#kept?.find();
    if (this.#dropped) return UNNEEDED;
    return found ? this.#outcome(found) : this.#wait();
  }

  /** Nobody wants it any more: it comes to nothing, soon. */
  drop(reason: TerminalError): void {
    this.#dropped ??= reason;
    this.#drop?.(reason);
    for (const { durable } of this.#steps) durable();
  }

  /** What it cost (units of 10^-12 credits) is in the store, or nobody will ever know. */
  leave(credits: bigint): void {
    this.#entered?.leave(credits);
    this.#entered = null;
  }

  #wait(): Promise<End> {
    const { command } = this;
    const { effect } = executorWithEffects(this.#ports.executors, command);
    const place = this.#ports.places[effect].place(this.#record.state.run.workflow.id);
    return new Promise((resolve) => {
      let attempt: Attempt | null = null;
      const settle = (outcome: End): void => {
        this.#drop = null;
        this.#park = null;
        place.leave();
        this.#turn?.leave();
        resolve(outcome);
      };
      this.#drop = (reason) => {
        attempt?.abort(reason);
        this.leave(0n);
        settle(UNNEEDED);
      };
      this.#park = (waitsFor) => {
        attempt?.abort(new LetGo("The run waits for another one."));
        settle(waitsFor);
      };
      const begin = (): void =>
        place.take(() => {
          attempt = this.#begun(() => place.leave(), settle);
        });
      const enter = (): void => this.#enter(begin, settle);
      if (this.#turn) this.#turn.take(enter);
      else enter();
    });
  }

  #enter(begin: () => void, settle: (outcome: End) => void): void {
    if (!this.command.node.spec.paid) {
      begin();
      return;
    }
    const refuse = (message: MessageKey): void => settle(this.#threw(new TerminalError("out_of_credits", errorMessage(message, "en"))));
    this.#entered = this.#ports.spending.enter(this.#record.payer, { begin, refuse });
  }

  #begun(leavePlace: () => void, settle: (outcome: End) => void): Attempt {
    // A run that is called needs places of its own, and spends on its own account: whoever waits for it holds none.
    const calling = (): void => {
      leavePlace();
      this.leave(0n);
    };
    const host = { calling, enter: (paid: PaidOnce) => this.#enterOnce(paid), done: <T>(done: OnceDone<T>) => this.#stepDone(done) };
    const execute = (own: AttemptContext): Promise<Directive> => this.#step(own, host);
    return runAttempt(
      this.#ports.clock,
      { command: this.command, runId: this.#record.state.run.runId, execute },
      (directive) => settle(this.#answered(directive)),
      (thrown) => settle(this.#threw(thrown)),
    );
  }

  /** One that has done nothing but call may begin anew once the called run has ended: it finds its end. */
  async #call(ports: HostedAttemptPorts, step: CallingStep, call: WorkflowCall): Promise<CalledRun> {
    const { clock } = ports;
    const since = this.#before?.since ?? clock.now();
    const mayLeave = step.once === undefined && this.#turn === null;
    let stop = (): void => undefined;
    const waits = (runId: string): void => {
      if (mayLeave) stop = clock.at(clock.now() + WAITS_HERE_MS, () => this.#park?.({ waitsFor: runId, since }));
    };
    try {
      return await ports.callWorkflow({ ...step, calledAt: since, waits }, call);
    } finally {
      stop();
    }
  }

  #enterOnce({ begin, refuse }: PaidOnce): Entered {
    const refused = (message: MessageKey): void => refuse(new TerminalError("out_of_credits", errorMessage(message, "en")));
    return this.#ports.spending.enter(this.#record.payer, { begin, refuse: refused });
  }

  #note(entry: Entry): void {
    if (entry.type !== "step-recorded") return;
    const { step, output, usage = [] } = entry;
    this.#steps.push({ record: { step, output, usage }, durable: () => undefined });
  }

  /** A step of the attempt; null: nobody wants it any more. */
  #stepDone<T>({ append, durable }: OnceDone<T>): T | null {
    if (this.#dropped) return null;
    const before = this.#steps.length;
    const appended = append();
    const step = this.#steps[before];
    if (step) step.durable = durable;
    else durable();
    if (step) this.#tell();
    return appended;
  }

  #answered(directive: Directive): End {
    const outcome = this.#outcome(directive);
    this.#kept?.keep(directive, outcome.usage);
    return outcome;
  }

  #outcome(directive: Directive) {
    const usage = directive.verb === "continue" ? this.#record.usageOf(this.command, directive.usage ?? []) : [];
    return { at: this.#ports.clock.now(), directive, usage };
  }

  #threw(thrown: unknown): End {
    const { runId } = this.#record.state.run;
    if (isInternal(thrown))
      this.#ports.log.error({ err: thrown, workflowRunId: runId, path: this.command.path }, "a node failed internally");
    const usage = this.#record.usageOf(this.command, usageOf(thrown));
    return { at: this.#ports.clock.now(), error: errorOf(thrown), usage };
  }
}

/** The state names the attempt. */
export function hasBegun({ active }: RunState, { path, attempt }: ExecuteCommand): boolean {
  return active.some((one) => one.active === "attempt" && one.path === path && one.attempt === attempt);
}
