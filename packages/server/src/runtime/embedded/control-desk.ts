import type { Json } from "@millrace/contract";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { Control, SharedStore } from "#store/shared-store";

/** Before the first look at what came of it, and at most before each later one, in ms: whoever has done it says so, unless that is lost. */
const FIRST_LOOK_MS = 50;
const LOOK_MS = 1_000;

/** Waited for an outcome: long enough for a process to be given up and another one to take over its runs. */
const PATIENCE_MS = 30_000;

/** The run sleeps by now: whoever asks for something may wake it. */
export const ASLEEP_NOW = Symbol("asleep");

export interface ControlDeskPorts {
  readonly shared: Pick<SharedStore, "controls" | "say" | "hear">;
  /** Names this process in the store. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, "error">;
  readonly newId: () => string;
  /** Whoever asks here may wake the run; false: that is for another process. */
  readonly wakes: boolean;
  /** Does it to a run that is driven here; null: it is not, now. */
  carryOut(control: Control): Promise<Json | null>;
}

/** What is asked of runs that another process drives: asked here, or carried out here for others. */
export class ControlDesk {
  readonly #ports: ControlDeskPorts;
  /** Those that wait for what became of a control, by its id. */
  readonly #waiting = new Map<string, () => void>();
  readonly #deafen: () => void;
  #isStopped = false;

  constructor(ports: ControlDeskPorts) {
    this.#ports = ports;
    this.#deafen = ports.shared.hear(({ kind, id }) => {
      if (kind === "control") void this.takeUp();
      else if (kind === "controlled") this.#waiting.get(id)?.();
    });
  }

  /** Whoever waits here is told that nothing came of it, yet. */
  stop(): void {
    this.#isStopped = true;
    this.#deafen();
    for (const look of this.#waiting.values()) look();
  }

  /** What came of it; null: the run has ended, or nobody drives it for now, and then nothing will come of it. */
  async ask(tenantId: string, runId: string, body: Json): Promise<Json | typeof ASLEEP_NOW | null> {
    const { shared, clock, newId, wakes } = this.#ports;
    const id = newId();
    if (!(await shared.controls.ask(tenantId, { id, runId, body, at: clock.now() }))) return null;
    shared.say({ kind: "control", id: runId });
    const until = clock.mono() + PATIENCE_MS;
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(2 * wait, LOOK_MS)) {
      await this.#told(id, wait);
      const state = await shared.controls.look(tenantId, id);
      if (!state) return null;
      if (state.outcome !== undefined) {
        await shared.controls.forget(tenantId, id);
        return state.outcome;
      }
      const isOver = this.#isStopped || clock.mono() > until;
      const isForUs = state.isAsleep && wakes;
      if (!isOver && !isForUs && !state.hasEnded) continue;
      if (await shared.controls.withdraw(tenantId, id)) return isForUs ? ASLEEP_NOW : null;
      if (isOver) return null;
    }
  }

  /** Carries out what is open for the runs that are driven here. */
  async takeUp(): Promise<void> {
    const { shared, owner, log } = this.#ports;
    if (this.#isStopped) return;
    try {
      for (const control of await shared.controls.take(owner)) void this.#carryOut(control);
    } catch (error) {
      log.error({ err: error }, "what other processes ask of runs could not be read; it is tried again");
    }
  }

  async #carryOut(control: Control): Promise<void> {
    const { shared, owner, log, carryOut } = this.#ports;
    const { tenantId, id, runId } = control;
    try {
      const outcome = await carryOut(control).catch((error: unknown) => {
        log.error({ err: error, workflowRunId: runId }, "what another process asked of a run could not be done; it is tried again");
        return null;
      });
      if (outcome === null) return await shared.controls.putBack(tenantId, id, owner);
      await shared.controls.settle(tenantId, id, outcome);
      shared.say({ kind: "controlled", id });
    } catch (error) {
      log.error({ err: error, workflowRunId: runId }, "what came of a request of another process could not be kept");
    }
  }

  /** Resolves when something is said of it, or after so many ms. */
  #told(id: string, ms: number): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    const { clock } = this.#ports;
    return new Promise((resolve) => {
      const done = (): void => {
        stop();
        this.#waiting.delete(id);
        resolve();
      };
      const stop = clock.at(clock.now() + ms, done);
      this.#waiting.set(id, done);
    });
  }
}
