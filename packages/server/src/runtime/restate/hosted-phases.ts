import type { ExecuteCommand, RunState } from "@millrace/engine";
import { mayKill } from "#runtime/attempts/lost-attempts";
import type { NextLife } from "#runtime/restate/cut-off-lives";
import type { HostedAttempt } from "#runtime/restate/hosted-attempt";
import type { HostedJournal } from "#runtime/restate/hosted-journal";
import type { HostedRunPorts } from "#runtime/restate/hosted-run-ports";
import type { HostedWaits } from "#runtime/restate/hosted-waits";
import type { LoggedValues } from "#runtime/restate/logged-values";
import { keyOf } from "#runtime/restate/operations";
import type { Halfway, Logged, Message, Outcome } from "#runtime/restate/words";

/**
 * What of an attempt the engine has recorded before: steps, the end of the run that it has called, that it was not over soon, or that it was lost
 * with an earlier life of the run and begins anew.
 */
export type Follows = "nothing" | "steps" | "call" | "silence" | "loss";

/** What the engine is to record of an attempt next. */
export interface Phase {
  readonly name: string;
  /** It is over soon: as a last resort, by saying that the attempt is not. */
  readonly isBrief: boolean;
  /** Of an attempt that workers may have died of: to be told once the engine has recorded what came of it. null: they have not. */
  readonly suspect: NextLife | null;
  readonly carryOut: () => Promise<Logged<Outcome>>;
}

export interface PhasesParts {
  readonly ports: Pick<HostedRunPorts, "clock" | "limits" | "crashed">;
  readonly journal: HostedJournal;
  readonly life: NextLife | null;
  readonly waits: Pick<HostedWaits, "listens">;
  readonly values: LoggedValues<Outcome | Message>;
  readonly state: () => RunState;
}

/** Attempts of one life of a run: each is carried out in as many phases as there are things of it that the engine is to record. */
export class HostedPhases {
  readonly #parts: PhasesParts;
  /** Entries that say that an attempt was lost: they bring the run no further. */
  #losses = 0;

  constructor(parts: PhasesParts) {
    this.#parts = parts;
  }

  begin(attempt: HostedAttempt, follows: Follows): Phase {
    const { journal, life, waits, state } = this.#parts;
    const { command } = attempt;
    // An earlier life has written that it is under way, and may have ended with its process.
    const isLeft = state().seq <= journal.stored;
    const cutOff = (isLeft || follows === "loss") && mayKill(command) ? life : null;
    // What follows something of it that is recorded may not have begun before.
    const isLost = isLeft && !attempt.isUnderWay && follows !== "steps" && follows !== "call";
    const isBrief = !waits.listens && follows !== "silence" && follows !== "loss" && !command.node.spec.paid;
    const name = this.#nameOf(keyOf(command), follows);
    // What is lost is never said to be over soon: the run listens first.
    if (isLost) return { name, isBrief, suspect: null, carryOut: () => (isBrief ? this.#goesOn() : this.#beginAnew(cutOff)) };
    const carryOut = () => attempt.coming(() => this.#carryOut(attempt, cutOff));
    return { name, isBrief, suspect: cutOff, carryOut: isBrief ? () => this.#briefly(carryOut) : carryOut };
  }

  /** An entry says that an attempt was lost. */
  lost(): void {
    this.#losses += 1;
  }

  #nameOf(key: string, follows: Follows): string {
    if (follows === "nothing") return key;
    return follows === "call" ? `${key} called` : `${key} after ${this.#parts.state().seq}`;
  }

  /** What comes of it soon, or that it goes on: then the run listens meanwhile. As in the engine, time that passes is the machine's. */
  #briefly(carryOut: () => Promise<Logged<Outcome>>): Promise<Logged<Outcome>> {
    const { ports, waits } = this.#parts;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => waits.listens || resolve(this.#halfway()), ports.limits.briefMs);
      carryOut()
        .then(resolve, reject)
        .finally(() => clearTimeout(late));
    });
  }

  async #goesOn(): Promise<Halfway> {
    await this.#flush();
    return this.#halfway();
  }

  #halfway(): Halfway {
    return { goesOn: true, at: this.#parts.ports.clock.now(), steps: [] };
  }

  /** That it begins anew is an entry before it does: whoever looks at the run sees how often an attempt was lost. */
  async #beginAnew(cutOff: NextLife | null): Promise<Outcome> {
    await this.#flush();
    const deaths = await this.#deaths(cutOff);
    if (deaths > 0) return { deaths, at: this.#parts.ports.clock.now() };
    const halfway = this.#halfway();
    return { ...halfway, again: halfway.at };
  }

  async #carryOut(attempt: HostedAttempt, cutOff: NextLife | null): Promise<Logged<Outcome>> {
    await this.#flush();
    this.#mayDie(attempt.command);
    const deaths = await this.#deaths(cutOff);
    if (deaths > 0) return { deaths, at: this.#parts.ports.clock.now() };
    const outcome = await attempt.next();
    attempt.outcome = outcome;
    return this.#parts.values.logged(outcome) as Promise<Logged<Outcome>>;
  }

  #flush(): Promise<void> {
    const { journal, state } = this.#parts;
    return journal.flush(state);
  }

  async #deaths(cutOff: NextLife | null): Promise<number> {
    return (await cutOff?.begin(this.#parts.state().seq - this.#losses)) ?? 0;
  }

  /** The run of a draft that is to die once: this life of it ends here. */
  #mayDie({ node }: ExecuteCommand): void {
    const { ports, state } = this.#parts;
    const { runId, draft } = state().run;
    if (draft?.crashOnce !== node.id || ports.crashed.has(runId)) return;
    ports.crashed.add(runId);
    throw new Error("The process died, as was asked for.");
  }
}
