import type { MessageKey } from "@millrace/contract";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { BudgetGate, Entered, PaidStep, Payer } from "#runtime/budget-gate";
import type { BudgetPeriod, BudgetStore, OwnedBudget } from "#store/budget-store";
import type { Store } from "#store/store";
import type { UsageDimension, UsageStore } from "#store/usage-store";
import type { SharedHold, SharedHolds } from "#usage/shared-holds";
import { windowOf } from "#usage/windows";

// B1. A step begins only while each budget that it falls under has something left.
// B2. Steps are side by side under a budget only while what they are reckoned to cost together is left; near the end they go one at a time.
// B3. A step is reckoned until what it cost is in the store: nothing is forgotten in between, and at worst it is counted twice.
// Where several processes spend, B1 to B3 hold over all of them: what this one would let begin, the store has to let begin too.
// B4. Steps that fall under one budget begin in the order in which they came.

/**
 * What a step is reckoned to cost until it is known: 100 credits (US$1), or as much as the dearest step that was seen under the budget. In
 * units of 10^-12.
 */
const STEP_CREDITS = 100n * 10n ** 12n;

export interface SpendingGatePorts {
  readonly budgets: BudgetStore;
  readonly usage: UsageStore;
  readonly watch: Store["watch"];
  readonly clock: Pick<Clock, "now">;
  readonly log: Pick<Logger, "error">;
  /** Where other processes spend too. */
  readonly others?: SharedHolds | null;
}

interface Waiting {
  readonly payer: Payer;
  readonly step: PaidStep;
  /** What it is reckoned at, by budget; null: it has not begun, and is not about to. */
  held: ReadonlyMap<string, bigint> | null;
  /** It has begun, as other processes see it. */
  shared: SharedHold | null;
}

interface Held {
  readonly steps: Map<Waiting, bigint>;
  dearest: bigint;
}

/** All budgets of all tenants, and the steps under way that fall under them. */
export class SpendingGate implements BudgetGate {
  readonly #ports: SpendingGatePorts;
  #budgets: ReadonlyMap<string, readonly OwnedBudget[]> = new Map();
  readonly #held = new Map<string, Held>();
  readonly #waiting = new Set<Waiting>();
  /** Budgets under which those of other processes have to leave first. */
  readonly #blocked = new Set<string>();
  readonly #unwatch: () => void;
  /** One of them was changed, and is being read: who asks meanwhile waits for that. */
  #loading: Promise<void> | null = null;
  #loads = 0;
  /** Counts what may change a decision: one that was made of older figures is made again. */
  #changes = 0;
  #isDeciding = false;

  private constructor(ports: SpendingGatePorts) {
    this.#ports = ports;
    this.#unwatch = ports.watch(({ kind }) => {
      if (kind === "budget") this.#loadAnew();
    });
    ports.others?.whenFreed(() => {
      this.#blocked.clear();
      this.#decideSoon();
    });
  }

  /** Resolves once it knows all budgets. */
  static async open(ports: SpendingGatePorts): Promise<SpendingGate> {
    const gate = new SpendingGate(ports);
    await gate.#load();
    return gate;
  }

  close(): void {
    this.#unwatch();
  }

  /** Whoever changed a budget may count on it from the answer on. */
  #loadAnew(): void {
    const loading = this.#load()
      .catch((error: unknown) => this.#ports.log.error({ err: error }, "the budgets cannot be read"))
      .finally(() => {
        if (this.#loading === loading) this.#loading = null;
      });
    this.#loading = loading;
  }

  async #load(): Promise<void> {
    const load = ++this.#loads;
    const all = await this.#ports.budgets.all();
    // One that began later knows more, whichever is answered first.
    if (load !== this.#loads) return;
    this.#blocked.clear();
    this.#budgets = Map.groupBy(all, ({ tenantId }) => tenantId);
    this.#decideSoon();
  }

  refusal(payer: Payer): Promise<MessageKey | null> | null {
    if (this.#loading !== null) return this.#loading.then(() => this.refusal(payer));
    const budgets = this.#over(payer);
    return budgets.length === 0 ? null : this.#exhausted(budgets);
  }

  async #exhausted(budgets: readonly OwnedBudget[]): Promise<MessageKey | null> {
    const left = await this.#left(budgets);
    const spent = budgets.find(({ id }) => (left.get(id) ?? 0n) <= 0n);
    return spent ? usedUp(spent) : null;
  }

  enter(payer: Payer, step: PaidStep): Entered {
    if (this.#over(payer).length === 0) {
      step.begin();
      return NOTHING_HELD;
    }
    const waiting: Waiting = { payer, step, held: null, shared: null };
    this.#waiting.add(waiting);
    this.#decideSoon();
    return { leave: (credits) => this.#leave(waiting, credits) };
  }

  #leave(step: Waiting, credits: bigint): void {
    this.#waiting.delete(step);
    for (const id of step.held?.keys() ?? []) {
      const held = this.#held.get(id);
      if (held && credits > held.dearest) held.dearest = credits;
    }
    this.#letGo(step);
    this.#decideSoon();
  }

  #letGo(step: Waiting): void {
    for (const id of step.held?.keys() ?? []) {
      this.#held.get(id)?.steps.delete(step);
      this.#blocked.delete(id);
    }
    step.held = null;
    step.shared?.leave();
    step.shared = null;
  }

  /** Those that the payer falls under. */
  #over({ tenantId, workflowId, keyId, userId }: Payer): readonly OwnedBudget[] {
    const budgets = this.#budgets.get(tenantId);
    if (!budgets) return NONE;
    const values: { readonly [Dimension in UsageDimension]?: string | null } = {
      tenant: "",
      workflow: workflowId,
      key: keyId,
      user: userId,
    };
    return budgets.filter(({ of }) => values[of.dimension] === of.value);
  }

  #decideSoon(): void {
    this.#changes += 1;
    if (this.#isDeciding || this.#waiting.size === 0) return;
    void this.#decideAll();
  }

  async #decideAll(): Promise<void> {
    this.#isDeciding = true;
    for (let seen = -1; seen !== this.#changes && this.#waiting.size > 0; ) {
      seen = this.#changes;
      try {
        const budgets = [...this.#waiting].flatMap(({ payer }) => this.#over(payer));
        const left = await this.#left(budgets);
        if (seen === this.#changes) this.#decide(left);
      } catch (error) {
        // Whoever cannot be told what is left does not spend.
        this.#ports.log.error({ err: error }, "what is left of the budgets cannot be read");
        for (const one of this.#waiting) this.#refuse(one, "out_of_credits.unknown");
      }
    }
    this.#isDeciding = false;
  }

  #decide(left: ReadonlyMap<string, bigint>): void {
    const taken = new Set<string>();
    for (const one of [...this.#waiting]) {
      // The others are being asked.
      if (one.held) continue;
      const budgets = this.#over(one.payer);
      const spent = budgets.find(({ id }) => (left.get(id) ?? 0n) <= 0n);
      if (spent) this.#refuse(one, usedUp(spent));
      else if (budgets.some(({ id }) => taken.has(id) || this.#blocked.has(id) || !this.#fits(id, left.get(id) ?? 0n)))
        for (const { id } of budgets) taken.add(id);
      else this.#begin(one, budgets);
    }
  }

  /** Alone it may always begin, as long as anything is left. */
  #fits(id: string, left: bigint): boolean {
    const held = this.#held.get(id);
    if (!held || held.steps.size === 0) return true;
    const reckoned = [...held.steps.values()].reduce((sum, credits) => sum + credits, 0n);
    return reckoned + held.dearest <= left;
  }

  #begin(one: Waiting, budgets: readonly OwnedBudget[]): void {
    one.held = new Map(
      budgets.map(({ id }) => {
        const held = this.#held.get(id) ?? { steps: new Map(), dearest: STEP_CREDITS };
        this.#held.set(id, held);
        held.steps.set(one, held.dearest);
        return [id, held.dearest];
      }),
    );
    const { others } = this.#ports;
    if (others) void this.#beginAmong(others, one, budgets);
    else this.#go(one);
  }

  #go(one: Waiting): void {
    this.#waiting.delete(one);
    one.step.begin();
  }

  /** As far as this process can tell, it may begin: the others may have spent, or be about to. */
  async #beginAmong(others: SharedHolds, one: Waiting, budgets: readonly OwnedBudget[]): Promise<void> {
    const now = this.#ports.clock.now();
    const under = budgets.map(({ id, of, period, timeZone, credits }) => {
      return { budgetId: id, of, from: windowOf(period, timeZone, now).from, credits, reckoned: one.held?.get(id) ?? STEP_CREDITS };
    });
    const entry = await others.enter(one.payer.tenantId, under).catch((error: unknown) => {
      this.#ports.log.error({ err: error }, "what other processes spend cannot be read");
      return null;
    });
    if (entry !== null && typeof entry === "object" && "leave" in entry) {
      one.shared = entry;
      if (this.#waiting.has(one)) this.#go(one);
      else this.#letGo(one);
      return;
    }
    this.#letGo(one);
    if (!this.#waiting.has(one)) return;
    const spent = entry !== null && entry !== "wait" ? budgets.find(({ id }) => id === entry.spent) : undefined;
    if (spent) this.#refuse(one, usedUp(spent));
    else if (entry === null) this.#refuse(one, "out_of_credits.unknown");
    else for (const { id } of budgets) this.#blocked.add(id);
    this.#decideSoon();
  }

  #refuse(one: Waiting, message: MessageKey): void {
    this.#waiting.delete(one);
    one.step.refuse(message);
  }

  /** By id. */
  async #left(budgets: readonly OwnedBudget[]): Promise<ReadonlyMap<string, bigint>> {
    const now = this.#ports.clock.now();
    const left = new Map<string, bigint>();
    for (const { id, tenantId, of, period, timeZone, credits } of budgets) {
      if (left.has(id)) continue;
      left.set(id, credits - (await this.#ports.usage.spent(tenantId, of, windowOf(period, timeZone, now).from)));
    }
    return left;
  }
}

const NONE: readonly OwnedBudget[] = [];
const NOTHING_HELD: Entered = { leave: () => undefined };

function usedUp({ of, period }: OwnedBudget): MessageKey {
  return USED_UP[of.dimension as keyof typeof USED_UP][period];
}

/** The message of each. */
const USED_UP = {
  tenant: { day: "out_of_credits.tenant_day", month: "out_of_credits.tenant_month", total: "out_of_credits.tenant_total" },
  workflow: { day: "out_of_credits.workflow_day", month: "out_of_credits.workflow_month", total: "out_of_credits.workflow_total" },
  key: { day: "out_of_credits.key_day", month: "out_of_credits", total: "out_of_credits.key_total" },
  user: { day: "out_of_credits.user_day", month: "out_of_credits.user_month", total: "out_of_credits.user_total" },
} as const satisfies { readonly [dimension: string]: { readonly [Period in BudgetPeriod]: MessageKey } };
