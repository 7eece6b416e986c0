import { StoredValues } from "#store/journal/large-values";
import type { EndColumns } from "#store/sql/extend-verb";
import type { Claim } from "#store/store";

/** The right to write one run, and what its holder has stored apart already. */
export class OwnClaim implements Claim {
  readonly tenantId: string;
  readonly runId: string;
  readonly fence: number;
  /** An engine outside drives the run. */
  readonly isHosted: boolean;
  readonly stored = new StoredValues();
  /** What the journal has come to, where that is known: nobody else writes it. null: the store is asked. */
  end: EndColumns | null = null;
  #last: Promise<void> | null = null;

  constructor(tenantId: string, runId: string, fence: number, isHosted = false) {
    this.tenantId = tenantId;
    this.runId = runId;
    this.fence = fence;
    this.isHosted = isHosted;
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
