import { StoredValues } from "#store/journal/large-values";
import type { Claim } from "#store/store";

/** The right to write one run, and what its holder has stored apart already. */
export class OwnClaim implements Claim {
  readonly tenantId: string;
  readonly runId: string;
  readonly fence: number;
  readonly stored = new StoredValues();
  #last: Promise<void> | null = null;

  constructor(tenantId: string, runId: string, fence: number) {
    this.tenantId = tenantId;
    this.runId = runId;
    this.fence = fence;
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
export function ownClaim(claim: Claim): OwnClaim {
  if (claim instanceof OwnClaim) return claim;
  throw new TypeError(`the claim on run ${claim.runId} was not made by this store`);
}
