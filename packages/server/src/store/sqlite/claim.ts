import { StoredValues } from "#store/journal/large-values";
import type { RunIdentity } from "#store/sqlite/run-row";
import type { Claim } from "#store/store";

/** Where the next segment goes: nothing has to be read to append. */
export interface JournalPosition {
  /** Number of the next entry. */
  readonly seq: number;
  /** Hash of the last segment. */
  readonly hash: string;
}

/** The right to write one run, and how far its holder has written. */
export class SqliteClaim implements Claim {
  readonly tenantId: string;
  readonly fence: number;
  readonly run: RunIdentity;
  readonly stored = new StoredValues();
  position: JournalPosition;
  #last: Promise<void> | null = null;

  constructor(tenantId: string, run: RunIdentity, fence: number, position: JournalPosition) {
    this.tenantId = tenantId;
    this.run = run;
    this.fence = fence;
    this.position = position;
  }

  get runId(): string {
    return this.run.id;
  }

  /** One append after the other. Those that wait behind one that fails, fail with it: their entries follow from its entries. */
  inOrder(append: () => Promise<void>): Promise<void> {
    const mine = this.#last === null ? append() : this.#last.then(append);
    const settled = (): void => {
      if (this.#last === mine) this.#last = null;
    };
    mine.then(settled, settled);
    this.#last = mine;
    return mine;
  }
}

/** The claims of this store are the only ones that it can append under. */
export function ownClaim(claim: Claim): SqliteClaim {
  if (claim instanceof SqliteClaim) return claim;
  throw new TypeError(`the claim on run ${claim.runId} was not made by this store`);
}
