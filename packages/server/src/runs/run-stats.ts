import { setImmediate } from "node:timers/promises";
import type { Clock } from "#clock";
import { percentile } from "#duration-classes";
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

/** Runs that one key began. */
interface KeyTally {
  runs: number;
  failed: number;
}

interface Hour {
  readonly workflows: ReadonlyMap<string, Tally>;
  /** By workflow and key. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, KeyTally>>;
}

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
    const keys = new Map<string, Series>();
    for (let at = from; at < to; at += HOUR_MS) {
      const hour = await this.#hour(tenantId, at);
      const bucket = Math.floor((at - from) / bucketMs);
      for (const [id, tally] of hour.workflows) {
        if (workflowId !== null && id !== workflowId) continue;
        for (const one of [kept(sums, id, () => new Sum(count)), total]) one.add(tally, bucket);
        for (const [key, counts] of hour.keys.get(id) ?? []) kept(keys, key, () => new Series(count)).add(counts, bucket);
      }
    }
    const rows = await Promise.all([...sums].map(([id, sum]) => this.#named(tenantId, id, sum)));
    const byKey = [...keys].map(([keyId, series]) => ({ keyId, ...series.sums, ...series.view }));
    return { from, to, bucketMs, total: total.view, workflows: mostFirst(rows), keys: mostFirst(byKey) };
  }

  async #named(tenantId: string, workflowId: string, sum: Sum) {
    const row = await this.#ports.workflows.get(tenantId, workflowId, { deleted: true });
    return { workflowId, ...(row && { workflowName: row.name }), ...sum.view };
  }

  async #hour(tenantId: string, at: number): Promise<Hour> {
    const key = `${at} ${tenantId}`;
    const known = this.#remembered.get(key);
    if (known) return known;
    const workflows = new Map<string, Tally>();
    const keys = new Map<string, Map<string, KeyTally>>();
    for (const { workflowId, keyId, durationClass, ...counts } of await this.#ports.runs.tallies(tenantId, at, at + HOUR_MS)) {
      const { runs, ended, failed, credits } = counts;
      const tally = kept(workflows, workflowId, newTally);
      tally.runs += runs;
      tally.ended += ended;
      tally.failed += failed;
      tally.credits += credits;
      tally.durations.set(durationClass, (tally.durations.get(durationClass) ?? 0) + ended);
      if (keyId === null) continue;
      const ofKey = kept(kept(keys, workflowId, newKeys), keyId, () => ({ runs: 0, failed: 0 }));
      ofKey.runs += runs;
      ofKey.failed += failed;
    }
    const hour = { workflows, keys };
    if (at + 2 * HOUR_MS < this.#ports.clock.now() && [...workflows.values()].every(({ runs, ended }) => runs === ended))
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

const newTally = (): Tally => ({ runs: 0, ended: 0, failed: 0, credits: 0, durations: new Map() });
const newKeys = (): Map<string, KeyTally> => new Map();

/** What the map has under the name; it is made where there is nothing. */
function kept<Value>(map: Map<string, Value>, name: string, make: () => Value): Value {
  const known = map.get(name) ?? make();
  map.set(name, known);
  return known;
}

function mostFirst<Row extends { readonly runs: number }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((one, other) => other.runs - one.runs);
}

/** Runs over time, the oldest first, and those of them that failed. */
class Series {
  readonly #series: number[];
  readonly #failures: number[];

  constructor(buckets: number) {
    this.#series = Array.from({ length: buckets }, () => 0);
    this.#failures = Array.from({ length: buckets }, () => 0);
  }

  add({ runs, failed }: KeyTally, bucket: number): void {
    this.#series[bucket] = (this.#series[bucket] ?? 0) + runs;
    this.#failures[bucket] = (this.#failures[bucket] ?? 0) + failed;
  }

  get sums(): KeyTally {
    const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
    return { runs: sum(this.#series), failed: sum(this.#failures) };
  }

  get view() {
    return { series: this.#series, failures: this.#failures };
  }
}

class Sum {
  readonly #tally = newTally();
  readonly #series: Series;

  constructor(buckets: number) {
    this.#series = new Series(buckets);
  }

  add(tally: Tally, bucket: number): void {
    const { runs, ended, failed, credits, durations } = tally;
    this.#tally.runs += runs;
    this.#tally.ended += ended;
    this.#tally.failed += failed;
    this.#tally.credits += credits;
    for (const [of, count] of durations) this.#tally.durations.set(of, (this.#tally.durations.get(of) ?? 0) + count);
    this.#series.add(tally, bucket);
  }

  get view() {
    const { runs, ended, failed, credits, durations } = this.#tally;
    const [p50Ms, p95Ms] = [percentile(durations, 0.5), percentile(durations, 0.95)];
    return {
      runs,
      ended,
      failed,
      credits: Math.round(credits * 1e4) / 1e4,
      ...(p50Ms !== null && p95Ms !== null && { p50Ms, p95Ms }),
      ...this.#series.view,
    };
  }
}
