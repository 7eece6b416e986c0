import type { Json, JsonObject } from "@millrace/contract";
import {
  apply,
  type Command,
  type DecideLimits,
  type Directive,
  decide,
  type Entry,
  type EntryBody,
  type ExecuteCommand,
  failed,
  type Prepared,
  type RecordedStep,
  type RunState,
  settled,
  stamp,
  stepDone,
  type Usage,
} from "@millrace/engine";
import type { PureContext } from "@millrace/nodes";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import { approvalsChanged, asks } from "#runtime/approvals";
import { isInternal } from "#runtime/attempts/attempt";
import { Paid } from "#runtime/attempts/paid";
import type { RunJournal } from "#runtime/attempts/run-journal";
import { usageOf } from "#runtime/attempts/watched-usage";
import type { Payer } from "#runtime/budget-gate";
import type { CompiledVersion } from "#runtime/runtime";

export interface RecordPorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: DecideLimits;
}

/** Takes entries in order, with what they make of the run's questions. */
export type JournalSink = Pick<RunJournal, "push">;

export interface RecordedRun {
  readonly tenantId: string;
  /** The API key that the run is counted to, if any. */
  readonly keyId: string | null;
  readonly journal: JournalSink;
  readonly version: CompiledVersion;
  readonly state: RunState;
  /** The state comes from a journal that is durable already. */
  readonly resumed: boolean;
  /** The input as nodes see it, where the caller knows it already. */
  readonly startValues?: JsonObject;
}

/** A run's state together with the journal that it is the fold of: what is appended here changes both. */
export class RunRecord {
  readonly tenantId: string;
  readonly keyId: string | null;
  readonly #journal: JournalSink;
  /** null: nothing of the run has cost anything here. */
  #paid: Paid | null = null;
  readonly #ports: RecordPorts;
  readonly #version: CompiledVersion;
  #state: RunState;
  /** It has asked people something: whoever never does pays nothing for it. */
  #asks: boolean;
  #startValues: JsonObject | undefined;

  constructor(ports: RecordPorts, { tenantId, keyId, journal, version, state, resumed, startValues }: RecordedRun) {
    this.tenantId = tenantId;
    this.keyId = keyId;
    this.#journal = journal;
    this.#ports = ports;
    this.#version = version;
    this.#state = state;
    this.#asks = resumed && asks(state);
    this.#startValues = startValues;
  }

  get state(): RunState {
    return this.#state;
  }

  get payer(): Payer {
    const { workflow, userId } = this.#state.run;
    return { tenantId: this.tenantId, workflowId: workflow.id, keyId: this.keyId, userId };
  }

  decide(): readonly Command[] {
    return decide(this.#state, this.#ports.limits);
  }

  append(entry: EntryBody, now = this.#ports.clock.now()): void {
    const stamped = stamp(this.#state, entry, now);
    const next = apply(this.#state, stamped);
    if (this.#paid) this.#appendPaid(this.#paid, stamped, next);
    else this.#push(stamped, next);
  }

  #push(entry: Entry, next: RunState): void {
    const before = this.#state;
    this.#state = next;
    if (entry.type === "question-asked") this.#asks = true;
    if (this.#asks) this.#journal.push(entry, approvalsChanged(before, next, entry));
    else this.#journal.push(entry);
  }

  /** What attempts had paid for that this entry leaves behind goes along with it: nothing else will ever tell of it. */
  #appendPaid(paid: Paid, entry: Entry, next: RunState): void {
    const abandoned = paid.takeAbandoned(entry, next);
    const whole: Entry = { ...entry, abandoned };
    if (abandoned.length === 0) this.#push(entry, next);
    else this.#push(whole, apply(this.#state, whole));
  }

  /** An attempt, or one of its steps, has paid for these; they become part of the entry that it comes to. */
  pay({ path, attempt }: ExecuteCommand, step: string | null, usage: readonly Usage[]): void {
    if (usage.length === 0) return;
    this.#paid ??= new Paid();
    this.#paid.add(path, attempt, step, usage);
  }

  /** Appends what a step of the attempt has come to, with what it paid for. Throws where its output cannot be kept. */
  stepDone(command: ExecuteCommand, step: string, output: Json): RecordedStep {
    const entry = stepDone(command, step, output);
    const usage = this.#paid?.takeStep(command.path, command.attempt, step) ?? [];
    this.append({ ...entry, ...(usage.length > 0 && { usage }) });
    return { step, output, usage };
  }

  /** The entry of an attempt that answered. */
  settled(command: ExecuteCommand, directive: Directive, now: number): EntryBody {
    const usage = directive.verb === "continue" ? this.usageOf(command, directive.usage ?? []) : [];
    const whole = directive.verb === "continue" && usage.length > 0 ? { ...directive, usage } : directive;
    return settled(this.#state, command, whole, now);
  }

  /** What the attempt says that it cost, unless it was seen to pay for more. */
  usageOf({ path, attempt }: ExecuteCommand, told: readonly Usage[]): readonly Usage[] {
    const seen = this.#paid?.of(path, attempt) ?? [];
    return seen.length > told.length ? seen : told;
  }

  /** The entry of an attempt that threw. */
  failure(command: ExecuteCommand, thrown: unknown, now: number): EntryBody {
    if (isInternal(thrown))
      this.#ports.log.error({ err: thrown, workflowRunId: this.#state.run.runId, path: command.path }, "a node failed internally");
    return failed(this.#state, command, thrown, now, this.usageOf(command, usageOf(thrown)));
  }

  context(command: ExecuteCommand, prepared: Prepared): PureContext {
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
