import { setImmediate } from "node:timers/promises";
import type { Clock } from "#clock";
import type { RunStore, WorkflowStore } from "#store/store";

const HOUR_MS = 3_600_000;

/** Up to here a report has a bucket an hour; beyond, one a day. */
const MAX_HOURLY = 48;

/** Hours that are remembered, of all tenants together. */
const MAX_REMEMBERED = 2_000;

/** How the runs of one workflow went that were accepted in some time. */
interface Tally {
  runs: number;
  ended: number;
  failed: number;
  credits: number;
  /** By class of duration (durationClass): how many. */
  readonly durations: Map<number, number>;
}

/** By workflow. */
type Hour = ReadonlyMap<string, Tally>;

export interface RunStatsPorts {
  readonly runs: Pick<RunStore, "tallies">;
  readonly workflows: WorkflowStore;
  readonly clock: Pick<Clock, "now">;
}

/**
 * How runs went, by the hour in which they were accepted. Nothing is written for it: an hour is counted when somebody asks, and remembered
 * once it is over and all of its runs have ended. Runs of drafts are left out.
 */
export class RunStats {
  readonly #ports: RunStatsPorts;
  readonly #remembered = new Map<string, Hour>();

  constructor(ports: RunStatsPorts) {
    this.#ports = ports;
  }

  async report(tenantId: string, hours: number, workflowId: string | null) {
    const { clock } = this.#ports;
    const to = Math.floor(clock.now() / HOUR_MS) * HOUR_MS + HOUR_MS;
    const bucketMs = hours > MAX_HOURLY ? 24 * HOUR_MS : HOUR_MS;
    const count = Math.ceil((hours * HOUR_MS) / bucketMs);
    const from = to - count * bucketMs;
    const total = new Sum(count);
    const sums = new Map<string, Sum>();
    for (let at = from; at < to; at += HOUR_MS) {
      for (const [id, tally] of await this.#hour(tenantId, at)) {
        if (workflowId !== null && id !== workflowId) continue;
        const sum = sums.get(id) ?? new Sum(count);
        sums.set(id, sum);
        for (const one of [sum, total]) one.add(tally, Math.floor((at - from) / bucketMs));
      }
    }
    const rows = await Promise.all([...sums].map(([id, sum]) => this.#named(tenantId, id, sum)));
    return { from, to, bucketMs, total: total.view, workflows: rows.sort((one, other) => other.runs - one.runs) };
  }

  async #named(tenantId: string, workflowId: string, sum: Sum) {
    const row = await this.#ports.workflows.get(tenantId, workflowId, { deleted: true });
    return { workflowId, ...(row && { workflowName: row.name }), ...sum.view };
  }

  async #hour(tenantId: string, at: number): Promise<Hour> {
    const key = `${at} ${tenantId}`;
    const known = this.#remembered.get(key);
    if (known) return known;
    const hour = new Map<string, Tally>();
    for (const { workflowId, durationClass, runs, ended, failed, credits } of await this.#ports.runs.tallies(tenantId, at, at + HOUR_MS)) {
      const tally = hour.get(workflowId) ?? { runs: 0, ended: 0, failed: 0, credits: 0, durations: new Map() };
      hour.set(workflowId, tally);
      tally.runs += runs;
      tally.ended += ended;
      tally.failed += failed;
      tally.credits += credits;
      tally.durations.set(durationClass, (tally.durations.get(durationClass) ?? 0) + ended);
    }
    if (at + 2 * HOUR_MS < this.#ports.clock.now() && [...hour.values()].every(({ runs, ended }) => runs === ended))
      this.#remember(key, hour);
    await setImmediate();
    return hour;
  }

  #remember(key: string, hour: Hour): void {
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size >= MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.set(key, hour);
  }
}

class Sum {
  readonly #tally: Tally = { runs: 0, ended: 0, failed: 0, credits: 0, durations: new Map() };
  readonly #series: number[];
  readonly #failures: number[];

  constructor(buckets: number) {
    this.#series = Array.from({ length: buckets }, () => 0);
    this.#failures = Array.from({ length: buckets }, () => 0);
  }

  add({ runs, ended, failed, credits, durations }: Tally, bucket: number): void {
    this.#tally.runs += runs;
    this.#tally.ended += ended;
    this.#tally.failed += failed;
    this.#tally.credits += credits;
    for (const [of, count] of durations) this.#tally.durations.set(of, (this.#tally.durations.get(of) ?? 0) + count);
    this.#series[bucket] = (this.#series[bucket] ?? 0) + runs;
    this.#failures[bucket] = (this.#failures[bucket] ?? 0) + failed;
  }

  get view() {
    const { runs, ended, failed, credits } = this.#tally;
    const [p50Ms, p95Ms] = [this.#percentile(0.5), this.#percentile(0.95)];
    return {
      runs,
      ended,
      failed,
      credits: Math.round(credits * 1e4) / 1e4,
      ...(p50Ms !== null && p95Ms !== null && { p50Ms, p95Ms }),
      series: this.#series,
      failures: this.#failures,
    };
  }

  /** Within a tenth; null: nothing has ended. */
  #percentile(share: number): number | null {
    const { ended, durations } = this.#tally;
    let seen = 0;
    for (const [of, count] of [...durations].sort(([one], [other]) => one - other)) {
      seen += count;
      if (seen >= share * ended && seen > 0) return msOfClass(of);
    }
    return null;
  }
}

/** The longest duration of a class: eight of them double it. */
function msOfClass(of: number): number {
  return Math.round(2 ** ((of + 1) / 8)) - 1;
}
