import type { PutBudgetBody } from "@millrace/contract";
import { parseCredits } from "@millrace/engine";
import type { Clock } from "#clock";
import { noteAnswer, noteTarget } from "#deed";
import type { Ids } from "#ids";
import { invalidMember, RequestError } from "#request-error";
import type { BudgetRow, BudgetStore } from "#store/budget-store";
import type { KeyStore } from "#store/key-store";
import type { WorkflowStore } from "#store/store";
import type { UsageOf, UsageStore } from "#store/usage-store";
import { isTimeZone, windowOf } from "#usage/windows";

export interface BudgetsPorts {
  readonly budgets: BudgetStore;
  readonly usage: UsageStore;
  readonly workflows: WorkflowStore;
  readonly keys: KeyStore;
  readonly ids: Ids;
  readonly clock: Pick<Clock, "now">;
}

/** A budget, and how it stands. */
export interface BudgetState extends BudgetRow {
  /** Of the workflow or key; null: it has none, or is gone. */
  readonly name: string | null;
  /** Units of 10^-12, in the current period. */
  readonly spent: bigint;
  readonly resetsAt: number | null;
}

/** What people do with budgets. */
export class Budgets {
  readonly #ports: BudgetsPorts;

  constructor(ports: BudgetsPorts) {
    this.#ports = ports;
  }

  async list(tenantId: string): Promise<readonly BudgetState[]> {
    const rows = await this.#ports.budgets.list(tenantId);
    return Promise.all(rows.map((row) => this.#stateOf(tenantId, row)));
  }

  /** Throws RequestError: not_found, or invalid_request where the subject or the time zone is none. */
  async put(tenantId: string, body: PutBudgetBody): Promise<BudgetState> {
    const { period, timeZone = "UTC", credits } = body;
    if (!isTimeZone(timeZone)) throw invalidMember("/timeZone", `"${timeZone}" is no IANA time zone; write Europe/Berlin, or UTC`);
    const of = await this.#subject(tenantId, body);
    const { ids, clock, budgets } = this.#ports;
    const budget = { id: ids.objectId(), of, period, timeZone, credits: parseCredits(credits), at: clock.now() };
    if (of.value !== "") noteTarget(of.dimension, of.value);
    noteAnswer({ is: "target", kind: "budget" });
    return this.#stateOf(tenantId, await budgets.put(tenantId, budget));
  }

  async delete(tenantId: string, id: string): Promise<void> {
    if (!(await this.#ports.budgets.delete(tenantId, id))) throw new RequestError("not_found", { key: "not_found.budget" });
  }

  async #subject(tenantId: string, { workflow, key, user }: PutBudgetBody): Promise<UsageOf> {
    const named = Object.entries({ workflow, key, user }).filter(([, value]) => value !== undefined);
    const [, second] = named;
    if (second) throw invalidMember(`/${second[0]}`, "A budget is of one workflow, of one key or of one user; set one budget for each.");
    if (workflow !== undefined) {
      const row = await this.#ports.workflows.get(tenantId, workflow);
      if (!row) throw new RequestError("not_found", { key: "not_found.workflow" });
      return { dimension: "workflow", value: row.id };
    }
    if (key !== undefined) {
      if (!(await this.#ports.keys.get(tenantId, key))) throw new RequestError("not_found", { key: "not_found.key" });
      return { dimension: "key", value: key };
    }
    return user === undefined ? { dimension: "tenant", value: "" } : { dimension: "user", value: user };
  }

  async #stateOf(tenantId: string, row: BudgetRow): Promise<BudgetState> {
    const { from, resetsAt } = windowOf(row.period, row.timeZone, this.#ports.clock.now());
    const [spent, name] = await Promise.all([this.#ports.usage.spent(tenantId, row.of, from), this.#nameOf(tenantId, row.of)]);
    return { ...row, name, spent, resetsAt };
  }

  async #nameOf(tenantId: string, { dimension, value }: UsageOf): Promise<string | null> {
    if (dimension === "workflow") return (await this.#ports.workflows.get(tenantId, value, { deleted: true }))?.name ?? null;
    return dimension === "key" ? ((await this.#ports.keys.get(tenantId, value))?.name ?? null) : null;
  }
}
