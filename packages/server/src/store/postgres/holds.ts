import type { Committer } from "#store/postgres/committer";
import type { Entry, HeldStep, HeldUnder, HoldStore } from "#store/shared-store";
import { text } from "#store/sql/rows";
import { all, one, run, type Steps } from "#store/sql/steps";
import { spent } from "#store/sql/usage-store";

/** "HOLD" as a number: who decides what may be spent does so alone, until its transaction is over. */
const LOCK = 0x484f4c44;

// What a process that is gone had under way is in the ledger, or nobody will ever know.
const HELD = `
  SELECT credits FROM budget_holds WHERE tenant_id = ? AND budget_id = ?
  AND EXISTS (SELECT FROM workers WHERE workers.owner = budget_holds.owner)`;
const ADD = "INSERT INTO budget_holds (tenant_id, budget_id, step_id, owner, credits) VALUES (?, ?, ?, ?, ?)";
const FORGET_DEAD =
  "DELETE FROM budget_holds WHERE tenant_id = ? AND NOT EXISTS (SELECT FROM workers WHERE workers.owner = budget_holds.owner)";

export class PostgresHolds implements HoldStore {
  readonly #committer: Committer;

  constructor(committer: Committer) {
    this.#committer = committer;
  }

  enter(owner: string, step: HeldStep): Promise<Entry> {
    return this.#committer.write(() => enter(owner, step));
  }

  async leave(tenantId: string, stepId: string): Promise<void> {
    await this.#committer.write(() => run("DELETE FROM budget_holds WHERE tenant_id = ? AND step_id = ?", tenantId, stepId));
  }
}

function* enter(owner: string, { tenantId, id, under }: HeldStep): Steps<Entry> {
  yield* one("SELECT pg_advisory_xact_lock(?)", LOCK);
  yield* run(FORGET_DEAD, tenantId);
  let fits = true;
  for (const budget of under) {
    // In this order: a step that leaves in between is counted twice, and not never.
    const held = yield* all(HELD, tenantId, budget.budgetId);
    const left = budget.credits - (yield* spent(tenantId, budget.of, budget.from));
    if (left <= 0n) return { spent: budget.budgetId };
    const reckoned = held.reduce((sum, row) => sum + BigInt(text(row, "credits")), budget.reckoned);
    if (held.length > 0 && reckoned > left) fits = false;
  }
  if (!fits) return "wait";
  for (const budget of under) yield* add(tenantId, id, owner, budget);
  return "begun";
}

function* add(tenantId: string, id: string, owner: string, { budgetId, reckoned }: HeldUnder): Steps<void> {
  yield* run(ADD, tenantId, budgetId, id, owner, reckoned.toString());
}
