import type { JsonObject } from "@millrace/contract";
import {
  apply,
  type Command,
  type DecideLimits,
  decide,
  type EntryBody,
  type ExecuteCommand,
  failed,
  type Prepared,
  type RunState,
  stamp,
} from "@millrace/engine";
import type { PureContext } from "@millrace/nodes";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import { approvalsChanged, asks } from "#runtime/approvals";
import { isInternal } from "#runtime/embedded/attempt";
import type { Turn } from "#runtime/embedded/lanes";
import type { RunJournal } from "#runtime/embedded/run-journal";
import type { CompiledVersion } from "#runtime/runtime";

export interface RecordPorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: DecideLimits;
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
  /** null: no limit holds for the run. */
  readonly turn: Turn | null;
}

/** A run's state together with the journal that it is the fold of: what is appended here changes both. */
export class RunRecord {
  readonly tenantId: string;
  readonly journal: RunJournal;
  readonly #ports: RecordPorts;
  readonly #version: CompiledVersion;
  #state: RunState;
  /** It has asked people something: whoever never does pays nothing for it. */
  #asks: boolean;
  #startValues: JsonObject | undefined;

  constructor(ports: RecordPorts, { tenantId, journal, version, state, resumed, startValues }: DrivenRun) {
    this.tenantId = tenantId;
    this.journal = journal;
    this.#ports = ports;
    this.#version = version;
    this.#state = state;
    this.#asks = resumed && asks(state);
    this.#startValues = startValues;
  }

  get state(): RunState {
    return this.#state;
  }

  decide(): readonly Command[] {
    return decide(this.#state, this.#ports.limits);
  }

  append(entry: EntryBody, now = this.#ports.clock.now()): void {
    const stamped = stamp(this.#state, entry, now);
    const before = this.#state;
    this.#state = apply(before, stamped);
    if (entry.type === "question-asked") this.#asks = true;
    if (this.#asks) this.journal.push(stamped, approvalsChanged(before, this.#state, stamped));
    else this.journal.push(stamped);
  }

  /** The entry of an attempt that threw. */
  failure(command: ExecuteCommand, thrown: unknown, now: number): EntryBody {
    if (isInternal(thrown))
      this.#ports.log.error({ err: thrown, workflowRunId: this.#state.run.runId, path: command.path }, "a node failed internally");
    return failed(this.#state, command, thrown, now);
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
