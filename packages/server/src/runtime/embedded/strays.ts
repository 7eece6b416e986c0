import type { Logger } from "#log";
import { Pending } from "#runtime/embedded/pending";
import type { Claim, RunStore } from "#store/store";

export interface StraysPorts {
  readonly runs: Pick<RunStore, "owned" | "giveBack">;
  /** Names this process in the store. */
  readonly owner: string;
  readonly log: Pick<Logger, "warn">;
  isHere(runId: string): boolean;
}

/**
 * Runs that are this process's in the store and that it does not drive: their claim was kept, and its answer was lost with the connection;
 * or whatever was to be done between a claim and the first step failed. Nobody else takes them, for this process lives.
 */
export class Strays {
  readonly #ports: StraysPorts;
  /** From before a claim is asked for until its runs are driven. */
  readonly #claiming = new Pending();
  /** Let go because their journal could not be written, though the store was there: they may fail for ever. */
  readonly #suspects = new Set<string>();

  constructor(ports: StraysPorts) {
    this.#ports = ports;
  }

  /** Whatever `claim` claims is no stray before it is over. */
  during<T>(claim: () => Promise<T>): Promise<T> {
    return this.#claiming.during(claim);
  }

  /** Resolves when what is being claimed now is driven, or was not to be had. */
  settled(): Promise<void> {
    return this.#claiming.settled();
  }

  /** To be given back as a run that its process died of: where that happens again and again, it ends. */
  suspect(runId: string): void {
    this.#suspects.add(runId);
  }

  /** Gives back those that there are, so that anybody takes them over. False: there are none. */
  async giveBack(): Promise<boolean> {
    const found = await this.#find();
    if (found.length === 0) return false;
    // Whoever claims one of them now was at it then.
    await this.settled();
    const still = new Set((await this.#find()).map(named));
    const strays = found.filter((claim) => still.has(named(claim)));
    if (strays.length === 0) return false;
    const { runs, log } = this.#ports;
    log.warn({ workflowRunIds: strays.map(({ runId }) => runId) }, "nobody drove these runs; they are taken up again");
    const died = strays.filter(({ runId }) => this.#suspects.delete(runId));
    await runs.giveBack(
      strays.filter((claim) => !died.includes(claim)),
      { orphaned: false },
    );
    await runs.giveBack(died, { orphaned: true });
    return true;
  }

  async #find(): Promise<readonly Claim[]> {
    const { runs, owner, isHere } = this.#ports;
    return (await runs.owned(owner)).filter(({ runId }) => !isHere(runId));
  }
}

function named({ runId, fence }: Claim): string {
  return `${runId} ${fence}`;
}
