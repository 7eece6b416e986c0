import { monitorEventLoopDelay } from "node:perf_hooks";
import { type Counter, type Histogram, Metrics, type Series } from "#metrics";

/** Seconds: from a run of pure nodes to the longest hold. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 100];

const NANOSECONDS = 1e9;

/** What the writing of the store amounts to; the store's own type, which a file beside app.ts does not know. */
interface StoreFigures {
  readonly batches: number;
  readonly operations: number;
  readonly commitSeconds: number;
  readonly checkpoints: number;
  readonly checkpointSeconds: number;
  /** Of the write-ahead log that is not copied yet. */
  readonly logBytes: number;
}

interface TraceFigures {
  readonly exported: number;
  readonly dropped: number;
  readonly runsDropped: number;
}

/** How the server is, for /metrics. */
export class ServerMetrics {
  readonly #metrics = new Metrics();
  readonly #accepted: Counter;
  readonly #ended: Counter;
  readonly #takenOver: Counter;
  readonly #begunLate: Counter;
  #undriven = 0;
  #lagSeconds = 0;
  readonly #requests: Histogram;
  readonly #series = new Map<string, Series>();
  readonly #delay = monitorEventLoopDelay();

  constructor() {
    const metrics = this.#metrics;
    this.#accepted = metrics.counter("millrace_runs_accepted_total", "Runs accepted.");
    this.#ended = metrics.counter("millrace_runs_ended_total", "Runs ended, by status.");
    this.#takenOver = metrics.counter(
      "millrace_runs_taken_over_total",
      "Runs that went on here after the process that drove them was gone.",
    );
    this.#begunLate = metrics.counter(
      "millrace_runs_begun_late_total",
      "Runs that the engine had not begun 10 s after they were accepted: they were begun again.",
    );
    metrics.value(
      "millrace_runs_undriven",
      "Unfinished runs of all processes that none drives: they wait to be taken over.",
      () => this.#undriven,
    );
    metrics.value("millrace_runs_start_lag_seconds", "How long the oldest run has waited that has not begun.", () => this.#lagSeconds);
    this.#requests = metrics.histogram("millrace_http_request_duration_seconds", "Requests by route and class of status.", DURATIONS);
    this.#watchProcess();
  }

  /** The store's own figures and the runs under way: looked up when they are read. */
  watch(liveRuns: () => number, store: () => StoreFigures): void {
    const metrics = this.#metrics;
    metrics.value("millrace_runs_live", "Runs under way in this process.", liveRuns);
    metrics.value("millrace_store_batches_total", "Commits of the writer.", () => store().batches, "counter");
    metrics.value("millrace_store_operations_total", "Operations in them.", () => store().operations, "counter");
    metrics.value("millrace_store_commit_seconds_total", "Time that commits took.", () => store().commitSeconds, "counter");
    metrics.value("millrace_store_checkpoints_total", "Copyings of the write-ahead log.", () => store().checkpoints, "counter");
    metrics.value("millrace_store_checkpoint_seconds_total", "Time that they took.", () => store().checkpointSeconds, "counter");
    metrics.value("millrace_store_wal_bytes", "Write-ahead log that is not copied yet.", () => store().logBytes);
  }

  /** Where traces are kept. */
  watchTraces(figures: () => TraceFigures): void {
    const metrics = this.#metrics;
    metrics.value("millrace_trace_spans_exported_total", "Spans that the collector took.", () => figures().exported, "counter");
    metrics.value("millrace_trace_spans_dropped_total", "Spans that it did not take.", () => figures().dropped, "counter");
    metrics.value("millrace_trace_runs_dropped_total", "Runs that no spans were made of.", () => figures().runsDropped, "counter");
  }

  accepted(): void {
    this.#accepted.add();
  }

  takenOver(runs: number): void {
    this.#takenOver.add({}, runs);
  }

  begunLate(runs: number): void {
    this.#begunLate.add({}, runs);
  }

  /** What the store says of runs that do not come on; null: it could not say. */
  noteBacklog(backlog: { readonly undriven: number; readonly unstartedSince: number | null } | null, now: number): void {
    this.#undriven = backlog?.undriven ?? Number.NaN;
    this.#lagSeconds = backlog ? Math.max(0, now - (backlog.unstartedSince ?? now)) / 1_000 : Number.NaN;
  }

  ended(status: string): void {
    this.#ended.add({ status });
  }

  /** `route` is a pattern, never a path that somebody asked for. */
  answered(route: string, status: number, ms: number): void {
    const statusClass = Math.floor(status / 100);
    const key = `${statusClass}${route}`;
    let series = this.#series.get(key);
    if (!series) {
      series = this.#requests.series({ route, status: `${statusClass}xx` });
      this.#series.set(key, series);
    }
    series.observe(ms / 1_000);
  }

  text(): string {
    return this.#metrics.text();
  }

  close(): void {
    this.#delay.disable();
  }

  #watchProcess(): void {
    this.#delay.enable();
    const metrics = this.#metrics;
    metrics.value("millrace_event_loop_lag_seconds", "99th percentile since the last reading.", () => this.#lag());
    metrics.value("process_resident_memory_bytes", "Memory of the process.", () => process.memoryUsage.rss());
    metrics.value("nodejs_heap_size_used_bytes", "Heap in use.", () => process.memoryUsage().heapUsed);
    metrics.value("process_cpu_seconds_total", "CPU time of the process.", () => cpuSeconds(), "counter");
  }

  #lag(): number {
    const lag = this.#delay.count === 0 ? 0 : this.#delay.percentile(99) / NANOSECONDS;
    this.#delay.reset();
    return lag;
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
