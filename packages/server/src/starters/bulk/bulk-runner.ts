import type { Clock } from "#clock";
import { failpoint } from "#failpoint";
import type { Logger } from "#log";
import { RequestError } from "#request-error";
import { cancelRun } from "#runs/cancel-run";
import { passingRefusal } from "#runs/passing-refusal";
import { type ReplayPorts, replayRun } from "#runs/replay-run";
import type { RunHandle } from "#runtime/runtime";
import { REMEMBERED_MS } from "#starters/remembered";
import type { BulkCounts, BulkStore, OwnedBulkJob } from "#store/bulk-store";
import { IdempotencyKeyTaken, StoreClosed } from "#store/errors";
import type { RunRow, Store } from "#store/store";

// Sees to the runs of a job, slice after slice. Invariants:
// B1. A slice counts once what came of it is recorded: after a death in between it is done again.
// B2. Each run is seen to once all the same: a replay is accepted under a key of its own, and a cancelled run is not cancelled twice.
// B3. A slice begins when the runs of the one before have ended, or a second after it: what others start meanwhile finds room.

/** Runs seen to at once. */
const SLICE_RUNS = 10;

/** How long a slice waits for the runs that it started, and how long it pauses at least. */
const PATIENCE_MS = 1_000;
const PAUSE_MS = 20;

export interface BulkRunnerPorts extends ReplayPorts {
  readonly store: Pick<Store, "runs" | "workflows">;
  readonly jobs: BulkStore;
  readonly watch: Store["watch"];
  readonly clock: Clock;
  readonly log: Pick<Logger, "error">;
}

/** `later`: the server cannot do it now, and nothing was counted. */
type Outcome = StartedRun | { readonly error: string } | "later";

interface StartedRun {
  /** null: nothing runs because of it. */
  readonly started: RunHandle | null;
}

const NOTHING_STARTED: StartedRun = { started: null };

export class BulkRunner {
  readonly #ports: BulkRunnerPorts;
  #closing = new AbortController();
  #work: Promise<void> | null = null;
  #again = false;
  #unwatch = (): void => undefined;

  constructor(ports: BulkRunnerPorts) {
    this.#ports = ports;
  }

  /** Goes on with the jobs that an earlier life left, and with whatever is made from now on. */
  start(): void {
    this.#closing = new AbortController();
    this.#unwatch = this.#ports.watch(({ kind }) => kind === "job" && this.#wake());
    this.#wake();
  }

  /** Resolves when nothing is started any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#unwatch();
    await this.#work;
  }

  #wake(): void {
    if (this.#closing.signal.aborted) return;
    this.#again = true;
    this.#work ??= this.#workOn().finally(() => {
      this.#work = null;
      if (this.#again) this.#wake();
    });
  }

  /** A slice of each job in turn, until none runs any more. */
  async #workOn(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false;
      try {
        const jobs = await this.#ports.jobs.running();
        for (const job of jobs) await this.#slice(job);
        if (jobs.length > 0) this.#again = true;
      } catch (error) {
        if (error instanceof StoreClosed) return;
        this.#ports.log.error({ err: error }, "jobs over runs cannot go on");
        this.#again = true;
        await this.#pause(PATIENCE_MS);
      }
    }
  }

  async #slice(job: OwnedBulkJob): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { tenantId, id, filter, beforeRun, createdAt } = job;
    const rows = await this.#ports.store.runs.list(tenantId, { ...filter, before: beforeRun, limit: SLICE_RUNS });
    const outcomes = await Promise.all(rows.map((row) => (wasSo(row, createdAt) ? this.#seeTo(job, row) : null)));
    // From the first that has to wait on, all are done again: those that were seen to are found to be.
    const from = outcomes.indexOf("later");
    const settled = from < 0 ? outcomes : outcomes.slice(0, from);
    failpoint("bulk.afterSlice.beforeRecord");
    const last = rows[settled.length - 1];
    const progress = { ...countsOf(job, settled), beforeRun: last?.id ?? beforeRun, isDone: rows.length < SLICE_RUNS && from < 0 };
    await this.#ports.jobs.advance(tenantId, id, { ...progress, at: this.#ports.clock.now() });
    if (progress.isDone) return;
    await this.#pause(from < 0 ? PAUSE_MS : PATIENCE_MS);
    await this.#endOf(
      tenantId,
      settled.flatMap((outcome) => (isStarted(outcome) && outcome.started ? [outcome.started] : [])),
    );
  }

  async #seeTo(job: OwnedBulkJob, row: RunRow): Promise<Outcome> {
    try {
      return job.action === "cancel" ? await this.#cancel(job, row) : await this.#replay(job, row);
    } catch (error) {
      if (error instanceof IdempotencyKeyTaken) return NOTHING_STARTED;
      if (passingRefusal(error)) return "later";
      if (error instanceof RequestError) return { error: reasonOf(row, error) };
      throw error;
    }
  }

  async #cancel({ tenantId }: OwnedBulkJob, { workflowId, id }: RunRow): Promise<StartedRun> {
    await cancelRun(this.#ports, { tenantId, workflowId, runId: id });
    return NOTHING_STARTED;
  }

  async #replay({ tenantId, id, from, version }: OwnedBulkJob, row: RunRow): Promise<StartedRun> {
    const at = this.#ports.clock.now();
    const once = { keyId: `job ${id}`, key: row.id, requestHash: id, at, forgottenAt: at + REMEMBERED_MS };
    const handle = await replayRun(this.#ports, { caller: { tenantId, keyId: null }, runId: row.id, from, version, language: "en", once });
    return { started: handle };
  }

  /** Resolves when all of them have ended, or when it was patient enough. */
  async #endOf(tenantId: string, handles: readonly RunHandle[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const open = new Set(handles.filter(({ result }) => result === null));
    const unlisten = [...open].map((handle) => {
      return this.#ports.runtime.whenEnded(tenantId, handle.runId, () => open.delete(handle) && open.size === 0 && resolve());
    });
    if (open.size > 0) await Promise.race([promise, this.#pause(PATIENCE_MS)]);
    for (const stop of unlisten) stop();
  }

  /** Resolves early when the server shuts down. */
  #pause(ms: number): Promise<void> {
    const { clock } = this.#ports;
    const { signal } = this.#closing;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = clock.at(clock.now() + ms, () => {
        signal.removeEventListener("abort", end);
        resolve();
      });
      const end = (): void => {
        stop();
        resolve();
      };
      signal.addEventListener("abort", end, { once: true });
    });
  }
}

function isStarted(outcome: Outcome | null): outcome is StartedRun {
  return outcome !== null && outcome !== "later" && "started" in outcome;
}

/** Was the run as the filter asks when the job was made? What came to be so later was not counted, and is left alone. */
function wasSo({ endedAt, startedAt, acceptedAt }: RunRow, createdAt: number): boolean {
  return (endedAt ?? startedAt ?? acceptedAt) <= createdAt;
}

function countsOf(before: BulkCounts, outcomes: readonly (Outcome | null)[]): BulkCounts {
  let { done, failed, lastError } = before;
  for (const outcome of outcomes) {
    if (outcome === null || outcome === "later") continue;
    if ("error" in outcome) {
      failed += 1;
      lastError = outcome.error;
    } else done += 1;
  }
  return { done, failed, lastError };
}

function reasonOf({ id }: RunRow, { type, details }: RequestError): string {
  return `${id}: ${details.message ?? details.key ?? type}`;
}
