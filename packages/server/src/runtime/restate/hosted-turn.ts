import { hash } from "node:crypto";
import type { JsonObject } from "@millrace/contract";
import { type Command, concurrencyKey, isPaused, type RunState } from "@millrace/engine";
import type { Logger } from "#log";
import { HOSTED } from "#store/hosted-runs";
import type { AskedTurn, RunInLine, TurnStore } from "#store/shared-store";

export type Lane = Omit<AskedTurn, "queue">;

/** The limit that the run is under; null: none. One that is called by another runs within that one's. */
export function laneOf(tenantId: string, state: RunState, startValues: JsonObject): Lane | null {
  const { plan, run } = state;
  if (!plan.concurrency || run.caller) return null;
  const lane = hash("sha256", `${tenantId} ${run.workflow.id} ${concurrencyKey(state, startValues)}`);
  return { lane, tenantId, runId: run.runId, limit: plan.concurrency.limit };
}

export interface HostedTurnPorts {
  readonly turns: TurnStore;
  readonly log: Pick<Logger, "error">;
  /** Tells a run that it may be its turn. Never rejects. */
  callUp(run: RunInLine): Promise<void>;
}

/** Something to be done about the turn, by this name, and what it comes to: whether the run holds its turn. */
export interface TurnDeed {
  readonly key: string;
  readonly carryOut: () => Promise<boolean>;
}

/**
 * A run's turn under the limit of its workflow, over all workers. It is asked for and given back in the store, in operations that the engine
 * records; a run that waits for it waits to be called up, and takes no memory of a worker meanwhile.
 */
export class HostedTurn {
  readonly #ports: HostedTurnPorts;
  readonly #lane: Lane;
  #phase: "none" | "asked" | "waits" | "held" | "passing" = "none";
  #number = 0;
  /** It was called up before it was known to wait. */
  #wasCalled = false;

  constructor(ports: HostedTurnPorts, lane: Lane) {
    this.#ports = ports;
    this.#lane = lane;
  }

  /** Whoever only waits, or comes to its end, needs none. */
  lets(state: RunState): boolean {
    return this.#phase === "held" || state.failure !== null || state.finished !== null || isPaused(state);
  }

  /** null: nothing, or it is under way. */
  due(state: RunState): TurnDeed | null {
    if (this.#phase === "none" && !this.lets(state)) {
      this.#phase = "asked";
      this.#number += 1;
      return { key: `turn ${this.#number}`, carryOut: () => this.#ask() };
    }
    if (this.#phase !== "held" || !isPaused(state)) return null;
    this.#phase = "passing";
    return { key: `turn ${this.#number} back`, carryOut: () => this.pass().then(() => false) };
  }

  /** What was due has been done. */
  done(isHeld: boolean): void {
    if (isHeld) this.#phase = "held";
    else this.#phase = this.#phase === "passing" || this.#wasCalled ? "none" : "waits";
    this.#wasCalled = false;
  }

  /** It may be its turn: it is to ask again. */
  calledUp(): void {
    if (this.#phase === "waits") this.#phase = "none";
    else if (this.#phase === "asked") this.#wasCalled = true;
  }

  /** How long a run may wait that has not begun. */
  timer(state: RunState): readonly Command[] {
    const { plan, startedAt, at } = state;
    if (startedAt !== null || !plan.concurrency || this.lets(state)) return [];
    return [{ do: "wait", path: "", timer: "queue", until: at + plan.concurrency.queueTimeoutMs }];
  }

  /** The run holds none any more: others are called up. */
  async pass(): Promise<void> {
    const { lane, runId, limit } = this.#lane;
    for (const next of await this.#ports.turns.pass(lane, runId, limit)) void this.#ports.callUp(next);
  }

  /** The same at the end of the run: if it fails, the run is found to have ended. */
  leave(): void {
    const { runId } = this.#lane;
    this.pass().catch((error: unknown) => this.#ports.log.error({ err: error, workflowRunId: runId }, "a turn could not be given back"));
  }

  async #ask(): Promise<boolean> {
    return (await this.#ports.turns.ask(HOSTED, { ...this.#lane, queue: null }))?.isHeld ?? false;
  }
}
