import { type Command, type RunState, timers } from "@millrace/engine";
import type { WorkflowContext } from "@restatedev/restate-sdk";
import type { Clock } from "#clock";
import type { HostedTurn } from "#runtime/restate/hosted-turn";
import { completing, type Operation } from "#runtime/restate/operations";
import { type Spoken, told } from "#runtime/restate/words";

type WaitCommand = Extract<Command, { readonly do: "wait" }>;

export interface HostedWaitsParts {
  readonly context: WorkflowContext;
  readonly clock: Pick<Clock, "now">;
  readonly turn: HostedTurn | null;
  /** What is under way: what is waited for is added. */
  readonly operations: Map<string, Operation>;
}

/** What a run waits for beside its attempts: the next timer, the next message, its turn. */
export class HostedWaits {
  readonly #parts: HostedWaitsParts;
  /** Of what is told next. */
  #place = 0;

  constructor(parts: HostedWaitsParts) {
    this.#parts = parts;
  }

  begin(state: RunState): void {
    this.#armTimer(state);
    this.#awaitMessage();
    this.#takeTurn(state);
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

  /** The one that fires first is the only one that counts. */
  #armTimer(state: RunState): void {
    const { context, clock, operations } = this.#parts;
    const until = Math.min(...this.#timers(state).map((timer) => timer.until));
    const key = `timer ${until}`;
    for (const other of operations.keys()) if (other.startsWith("timer ") && other !== key) operations.delete(other);
    if (!Number.isFinite(until) || operations.has(key)) return;
    // The engine keeps the moment, which a later life finds there: how long it is until then is asked once.
    const slept = context.sleep(Math.max(0, until - clock.now()), key);
    operations.set(key, { promise: completing(slept, () => ({ done: "timer", key, until })), attempt: null, carries: null });
  }

  #awaitMessage(): void {
    const { context, operations } = this.#parts;
    const key = told(this.#place);
    if (operations.has(key)) return;
    const asked = context.promise<Spoken>(key).get();
    operations.set(key, { promise: completing(asked, (spoken) => ({ done: "message", key, spoken })), attempt: null, carries: null });
  }

  #takeTurn(state: RunState): void {
    const { context, turn, operations } = this.#parts;
    const deed = turn?.due(state);
    if (!deed) return;
    const { key, carryOut } = deed;
    const promise = completing(context.run(key, carryOut), (isHeld) => ({ done: "turn", key, isHeld }));
    operations.set(key, { promise, attempt: null, carries: null });
  }
}
