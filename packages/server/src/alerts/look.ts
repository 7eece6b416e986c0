import { ALERT_KIND_FACTS } from "@millrace/contract";
import { Endings, type EndingsOf, readEndings } from "#alerts/endings";
import type { AlertStore, OwnedAlert } from "#store/alert-store";
import type { Period, UsageStore } from "#store/usage-store";

/** A budget as far as it is watched; both in units of 10^-12 credits. */
export interface WatchedBudget {
  readonly id: string;
  readonly credits: bigint;
  readonly spent: bigint;
}

export interface LookPorts {
  readonly alerts: AlertStore;
  readonly usage: Pick<UsageStore, "spent">;
  readonly budgets: { list(tenantId: string): Promise<readonly WatchedBudget[]> };
}

/** What a spike is measured by: the day before the window. */
const BASELINE_MS = 24 * 3_600_000;

/** Consecutive failures that are counted, however few are asked for. */
const SHOWN_IN_A_ROW = 100;

const UNITS_A_CREDIT = 10 ** 12;

/** One look at everything that rules ask for, at one time: what several ask for is read once. */
export class Look {
  readonly #ports: LookPorts;
  readonly #now: number;
  readonly #endings = new Map<string, Promise<EndingsOf>>();

  constructor(ports: LookPorts, now: number) {
    this.#ports = ports;
    this.#now = now;
  }

  /** What the rule watches, in the unit of its kind; null: there is too little to say. */
  async figure(alert: OwnedAlert): Promise<number | null> {
    const { tenantId, workflowId } = alert;
    const { alerts } = this.#ports;
    switch (alert.kind) {
      case "consecutive_failures":
        return alerts.failuresInARow(tenantId, workflowId, SHOWN_IN_A_ROW);
      case "failure_rate":
        return this.#ofEnough(alert, ({ failed, ended }) => (100 * failed) / ended);
      case "error_count":
        return (await this.#ended(alert, this.#window(alert))).failed;
      case "latency_threshold":
        return this.#ofEnough(alert, ({ p95 }) => p95);
      case "latency_spike":
        return this.#spike(alert);
      case "cost_threshold":
        return this.#spent(alert);
      case "no_activity": {
        const last = await alerts.lastAcceptedAt(tenantId, workflowId);
        // Before the rule was there, nobody waited for anything.
        return this.#now - Math.max(last ?? 0, alert.updatedAt);
      }
      case "webhook_failing":
        return alerts.failingDeliveries(tenantId, workflowId, this.#window(alert).from);
      case "budget":
        return this.#usedUp(alert);
      default:
        return alert.kind satisfies never;
    }
  }

  #window({ windowMs }: OwnedAlert): Period {
    return { from: this.#now - (windowMs ?? 0), to: this.#now + 1 };
  }

  async #ended({ tenantId, workflowId }: OwnedAlert, period: Period): Promise<Endings> {
    const key = `${tenantId} ${period.from} ${period.to}`;
    const read = this.#endings.get(key) ?? readEndings(this.#ports.alerts, tenantId, period);
    this.#endings.set(key, read);
    return (await read).get(workflowId ?? "") ?? new Endings();
  }

  async #ofEnough(alert: OwnedAlert, figureOf: (endings: Endings) => number, period = this.#window(alert)): Promise<number | null> {
    const endings = await this.#ended(alert, period);
    return endings.ended < ALERT_KIND_FACTS[alert.kind].leastRuns ? null : figureOf(endings);
  }

  async #spike(alert: OwnedAlert): Promise<number | null> {
    const p95Of = ({ p95 }: Endings) => p95;
    const { from } = this.#window(alert);
    const p95 = await this.#ofEnough(alert, p95Of);
    if (p95 === null) return null;
    const before = await this.#ofEnough(alert, p95Of, { from: from - BASELINE_MS, to: from });
    // A run of no time at all took one millisecond: nothing is infinitely slower.
    return before === null ? null : p95 / Math.max(1, before);
  }

  async #spent(alert: OwnedAlert): Promise<number> {
    const { tenantId, workflowId } = alert;
    const of =
      workflowId === null ? ({ dimension: "tenant", value: "" } as const) : ({ dimension: "workflow", value: workflowId } as const);
    return Number(await this.#ports.usage.spent(tenantId, of, this.#window(alert).from)) / UNITS_A_CREDIT;
  }

  /** Of the fullest budget, or of the one that is named; a budget of nothing is used up. */
  async #usedUp({ tenantId, budgetId }: OwnedAlert): Promise<number | null> {
    const budgets = (await this.#ports.budgets.list(tenantId)).filter(({ id }) => budgetId === null || id === budgetId);
    const shares = budgets.map(({ credits, spent }) => (credits === 0n ? 100 : Number((spent * 10_000n) / credits) / 100));
    return shares.length === 0 ? null : Math.max(...shares);
  }
}
