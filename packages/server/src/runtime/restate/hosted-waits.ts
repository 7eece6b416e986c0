import { type Command, type RunState, timers } from "@millrace/engine";
import type { WorkflowContext } from "@restatedev/restate-sdk";
import type { Clock } from "#clock";
import type { HostedTurn } from "#runtime/restate/hosted-turn";
import { completing, type Operation, promised, recorded } from "#runtime/restate/operations";
import { type Spoken, told } from "#runtime/restate/words";

type WaitCommand = Extract<Command, { readonly do: "wait" }>;

export interface HostedWaitsParts {
  readonly context: WorkflowContext;
  readonly clock: Pick<Clock, "now">;
  readonly turn: HostedTurn | null;
  readonly quietMs: number;
  /** What is under way: what is waited for is added. */
  readonly operations: Map<string, Operation>;
}

/** What a run waits for beside its attempts: the next timer, the next message, its turn. */
export class HostedWaits {
  readonly #parts: HostedWaitsParts;
  /** Of what is told next. */
  #place = 0;
  #listens = false;

  constructor(parts: HostedWaitsParts) {
    this.#parts = parts;
  }

  begin(state: RunState): void {
    this.#listens ||= !this.#isQuiet(state);
    if (this.#listens) {
      this.#armTimer(state);
      this.#awaitMessage();
    }
    this.#takeTurn(state);
  }

  /** From now on, for good, it has a timer and an ear in the engine. */
  get listens(): boolean {
    return this.#listens;
  }

  /** It has just begun, something of it is over soon, and no timer of its nodes is to fire before. */
  #isQuiet(state: RunState): boolean {
    const { operations, quietMs } = this.#parts;
    const { startedAt, at } = state;
    if (startedAt === null || at - startedAt >= quietMs) return false;
    return this.#firesNext(state) >= at + quietMs && [...operations.values()].some(({ isBrief }) => isBrief === true);
  }

  /** The first timer that has fired by then. */
  firedBy(state: RunState, until: number): WaitCommand | undefined {
    return this.#timers(state).find((timer) => timer.until <= until);
  }

  /** The place of the message that has come: the next one takes another. */
  heard(): number {
    return this.#place++;
  }

  #timers(state: RunState): readonly WaitCommand[] {
    const all = [...timers(state), ...(this.#parts.turn?.timer(state) ?? [])];
    return all.flatMap((command) => (command.do === "wait" ? [command] : []));
  }

  /** Epoch ms; Infinity: none. */
  #firesNext(state: RunState): number {
    return Math.min(...this.#timers(state).map((timer) => timer.until));
  }

  /** The one that fires first is the only one that counts. */
  #armTimer(state: RunState): void {
    const { context, clock, operations } = this.#parts;
    const until = this.#firesNext(state);
    const key = `timer ${until}`;
    for (const other of operations.keys()) if (other.startsWith("timer ") && other !== key) operations.delete(other);
    if (!Number.isFinite(until) || operations.has(key)) return;
    // The engine keeps the moment, which a later life finds there: how long it is until then is asked once.
    const slept = context.sleep(Math.max(0, until - clock.now()), key);
    operations.set(key, { promise: completing(slept, () => ({ done: "timer", key, until })), attempt: null, isWait: true, carries: null });
  }

  #awaitMessage(): void {
    const { context, operations } = this.#parts;
    const key = told(this.#place);
    if (operations.has(key)) return;
    const promise = promised<Spoken>(context, key, (spoken) => ({ done: "message", key, spoken }));
    operations.set(key, { promise, attempt: null, isWait: true, carries: null });
  }

  #takeTurn(state: RunState): void {
    const { context, turn, operations } = this.#parts;
    const deed = turn?.due(state);
    if (!deed) return;
    const { key, carryOut } = deed;
    const promise = recorded(context, key, carryOut, (isHeld) => ({ done: "turn", key, isHeld }));
    operations.set(key, { promise, attempt: null, carries: null });
  }
}
