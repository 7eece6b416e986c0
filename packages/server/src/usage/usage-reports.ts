import { LIMITS, type UsageQuery } from "@millrace/contract";
import type { Clock } from "#clock";
import { invalidMember } from "#request-error";
import type { KeyStore } from "#store/key-store";
import type { WorkflowStore } from "#store/store";
import type { Period, UsageDimension, UsageOf, UsagePart, UsageStore, UsageSum, UsageTotals } from "#store/usage-store";
import { addTotals, NO_USAGE } from "#store/usage-totals";
import { dayText, isTimeZone, windowOf } from "#usage/windows";

const QUARTER_MS = 900_000;
const DEFAULT_PERIOD_MS = 30 * 86_400_000;

const SERVER: UsageOf = { dimension: "tenant", value: "" };

export interface UsageReportsPorts {
  readonly usage: UsageStore;
  readonly workflows: WorkflowStore;
  readonly keys: KeyStore;
  readonly clock: Pick<Clock, "now">;
}

export interface NamedSum extends UsageSum {
  /** Of the workflow or key, of a key without a name its hint; null: it is gone. */
  readonly name: string | null;
}

export interface UsageReportContents extends Period {
  readonly by: NonNullable<UsageQuery["by"]>;
  readonly timeZone: string;
  readonly total: UsageTotals;
  /** All rows: the dearest first, days in their order. */
  readonly rows: readonly UsageSum[];
}

/** What runs cost, for whoever asks. */
export class UsageReports {
  readonly #ports: UsageReportsPorts;

  constructor(ports: UsageReportsPorts) {
    this.#ports = ports;
  }

  /** Throws RequestError invalid_request. */
  async report(tenantId: string, query: UsageQuery): Promise<UsageReportContents> {
    const { by = "day", timeZone = "UTC" } = query;
    if (!isTimeZone(timeZone)) throw invalidMember("/timeZone", `"${timeZone}" is no IANA time zone; write Europe/Berlin, or UTC`);
    const period = periodOf(query, this.#ports.clock.now());
    const part = query.drafts === true ? "all" : "published";
    const rows = by === "day" ? await this.#days(tenantId, period, part, timeZone) : await this.#values(tenantId, by, period, part);
    return { by, ...period, timeZone, total: rows.reduce<UsageTotals>(addTotals, NO_USAGE), rows };
  }

  /** With names; only for as many as are shown. */
  async named(tenantId: string, { by }: UsageReportContents, rows: readonly UsageSum[]): Promise<readonly NamedSum[]> {
    const names = new Map<string, Promise<string | null>>();
    return Promise.all(
      rows.map(async (row) => {
        const [id = ""] = row.value.split("/");
        const name = names.get(id) ?? this.#nameOf(tenantId, by, id);
        names.set(id, name);
        return { ...row, name: await name };
      }),
    );
  }

  async #nameOf(tenantId: string, by: UsageReportContents["by"], id: string): Promise<string | null> {
    if (id === "") return null;
    if (by === "key") {
      const key = await this.#ports.keys.get(tenantId, id);
      return key === null ? null : key.name || key.hint;
    }
    if (by !== "workflow" && by !== "version") return null;
    return (await this.#ports.workflows.get(tenantId, id, { deleted: true }))?.name ?? null;
  }

  async #values(tenantId: string, by: UsageDimension, period: Period, part: UsagePart): Promise<readonly UsageSum[]> {
    const rows = await this.#ports.usage.sums(tenantId, by, period, part);
    return rows.toSorted((one, other) => Number(other.credits > one.credits) - Number(other.credits < one.credits));
  }

  async #days(tenantId: string, period: Period, part: UsagePart, timeZone: string): Promise<readonly UsageSum[]> {
    if (period.to - period.from > LIMITS.usageDays.value)
      throw invalidMember("/from", `By day a report is of ${LIMITS.usageDays.value / 86_400_000} days at most.`);
    const days = new Map<string, UsageTotals>();
    let day = { text: "", until: 0 };
    for (const { since, ...row } of await this.#ports.usage.quarters(tenantId, SERVER, period, part)) {
      if (since >= day.until) day = { text: dayText(timeZone, since), until: windowOf("day", timeZone, since).resetsAt ?? since };
      days.set(day.text, addTotals(days.get(day.text) ?? NO_USAGE, row));
    }
    return [...days].map(([value, totals]) => ({ value, ...totals }));
  }
}

/** In whole quarters of an hour. */
function periodOf({ from, to }: UsageQuery, now: number): Period {
  const end = Math.ceil((to ?? now + 1) / QUARTER_MS) * QUARTER_MS;
  const begin = Math.floor((from ?? Math.max(0, end - DEFAULT_PERIOD_MS)) / QUARTER_MS) * QUARTER_MS;
  if (begin >= end) throw invalidMember("/from", "from must be before to.");
  return { from: begin, to: end };
}
