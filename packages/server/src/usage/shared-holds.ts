import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { Entry, HeldUnder, SharedStore } from "#store/shared-store";

/** Before a step that has to wait for those of other processes is tried again, in ms: they say when they are over, unless that is lost. */
const WAIT_MS = 500;

export interface SharedHoldsPorts {
  readonly shared: Pick<SharedStore, "holds" | "say" | "hear">;
  /** Names this process in the store. */
  readonly owner: string;
  readonly clock: Pick<Clock, "now" | "at">;
  readonly log: Pick<Logger, "error">;
  readonly newId: () => string;
}

/** A step that is under way over all processes. */
export interface SharedHold {
  leave(): void;
}

/** The paid steps of all processes that share a store. */
export class SharedHolds {
  readonly #ports: SharedHoldsPorts;
  #freed: () => void = () => undefined;
  #stopTimer: (() => void) | null = null;

  constructor(ports: SharedHoldsPorts) {
    this.#ports = ports;
    ports.shared.hear(({ kind }) => kind === "spending" && this.#freed());
  }

  /** Calls back whenever a step that had to wait may begin by now. */
  whenFreed(freed: () => void): void {
    this.#freed = freed;
  }

  async enter(tenantId: string, under: readonly HeldUnder[]): Promise<SharedHold | Exclude<Entry, "begun">> {
    const { shared, owner, newId } = this.#ports;
    const id = newId();
    const entry = await shared.holds.enter(owner, { tenantId, id, under });
    if (entry === "begun") return { leave: () => void this.#leave(tenantId, id, under) };
    if (entry === "wait") this.#tryLater();
    return entry;
  }

  async #leave(tenantId: string, id: string, under: readonly HeldUnder[]): Promise<void> {
    const { shared, clock, log } = this.#ports;
    try {
      await shared.holds.leave(tenantId, id);
      for (const { budgetId } of under) shared.say({ kind: "spending", id: budgetId });
    } catch (error) {
      log.error({ err: error }, "a paid step that is over is still reckoned; it is tried again");
      clock.at(clock.now() + WAIT_MS, () => void this.#leave(tenantId, id, under));
    }
  }

  #tryLater(): void {
    const { clock } = this.#ports;
    this.#stopTimer ??= clock.at(clock.now() + WAIT_MS, () => {
      this.#stopTimer = null;
      this.#freed();
    });
  }
}
