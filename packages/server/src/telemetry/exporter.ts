import type { Clock } from "#clock";
import type { Logger } from "#log";
import {
  EXPORT_DELAY_MS,
  EXPORT_TIMEOUT_MS,
  FIRST_BACK_OFF_MS,
  FLUSH_MS,
  MAX_BATCH_SPANS,
  MAX_EXPORT_TRIES,
  MAX_WAITING_RUNS,
  MAX_WAITING_SPANS,
} from "#telemetry/limits";
import { encodeSpans, type Resource, type Span } from "#telemetry/span";

// Sends spans to the collector. Invariants, each a test by its number:
// T1. Nobody waits for it: what is told is kept in a bounded line, or dropped and counted.
// T2. One export is under way at a time; while the collector does not answer, nothing but the two lines grows.
// T3. Stopping takes no longer than FLUSH_MS, whatever the collector does.

/** A run whose spans are made when it is its turn: until then it takes only this much memory. */
export interface WaitingRun {
  readonly tenantId: string;
  readonly runId: string;
}

export interface ExporterPorts<Run extends WaitingRun> {
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn">;
  readonly resource: Resource;
  spansOf(run: Run): AsyncIterable<Span>;
  /** Resolves with the status that the collector answered; rejects where none came. */
  post(body: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<number>;
}

export interface ExportFigures {
  readonly exported: number;
  /** Spans that were refused, or given up. */
  readonly dropped: number;
  /** Runs of which no spans were made. */
  readonly runsDropped: number;
}

type Verdict = "taken" | "refused" | "unavailable";

export class SpanExporter<Run extends WaitingRun> {
  readonly #ports: ExporterPorts<Run>;
  readonly #figures = { exported: 0, dropped: 0, runsDropped: 0 };
  #runs: Run[] = [];
  #spans: Span[] = [];
  #disarm: (() => void) | null = null;
  #pass: Promise<void> | null = null;
  readonly #closing = new AbortController();
  /** By the monotonic clock, once the server stops. */
  #flushUntil = Number.POSITIVE_INFINITY;
  #isFailing = false;

  constructor(ports: ExporterPorts<Run>) {
    this.#ports = ports;
  }

  get figures(): ExportFigures {
    return this.#figures;
  }

  ended(run: Run): void {
    if (this.#runs.length >= MAX_WAITING_RUNS) this.#figures.runsDropped += 1;
    else this.#runs.push(run);
    this.#arm();
  }

  record(span: Span): void {
    if (this.#spans.length >= MAX_WAITING_SPANS) this.#figures.dropped += 1;
    else this.#spans.push(span);
    this.#arm();
  }

  /** Exports what waits, as far as its time goes. */
  async close(): Promise<void> {
    this.#disarm?.();
    this.#flushUntil = this.#ports.clock.mono() + FLUSH_MS;
    this.#closing.abort();
    await this.#pass;
    await this.#exportAll();
  }

  #arm(): void {
    if (this.#disarm || this.#pass || this.#closing.signal.aborted) return;
    const { clock } = this.#ports;
    this.#disarm = clock.at(clock.now() + EXPORT_DELAY_MS, () => {
      this.#disarm = null;
      this.#pass = this.#exportAll().finally(() => {
        this.#pass = null;
        if (this.#runs.length + this.#spans.length > 0) this.#arm();
      });
    });
  }

  async #exportAll(): Promise<void> {
    let batch: Span[] = [];
    for await (const span of this.#waiting()) {
      if (batch.push(span) < MAX_BATCH_SPANS) continue;
      await this.#send(batch);
      batch = [];
    }
    if (batch.length > 0) await this.#send(batch);
  }

  /** What waits, each span once. */
  async *#waiting(): AsyncGenerator<Span> {
    const spans = this.#spans;
    this.#spans = [];
    yield* spans;
    // Taken whole: to shift a long array, one by one, is to copy it as often.
    const runs = this.#runs;
    this.#runs = [];
    for (const run of runs) {
      if (this.#timeLeft() <= 0) this.#figures.runsDropped += 1;
      else yield* this.#made(run);
    }
  }

  async *#made(run: Run): AsyncGenerator<Span> {
    try {
      yield* this.#ports.spansOf(run);
    } catch (error) {
      this.#figures.runsDropped += 1;
      this.#ports.log.warn({ err: error, workflowRunId: run.runId }, "the trace of a run could not be made");
    }
  }

  async #send(spans: readonly Span[]): Promise<void> {
    const body = encodeSpans(this.#ports.resource, spans);
    for (let tries = 1; ; tries++) {
      const isLast = this.#closing.signal.aborted || tries === MAX_EXPORT_TRIES;
      const verdict = await this.#try(body);
      if (verdict === "taken") {
        this.#figures.exported += spans.length;
        return;
      }
      if (verdict === "refused" || isLast) {
        this.#figures.dropped += spans.length;
        return;
      }
      await this.#backOff(FIRST_BACK_OFF_MS * 2 ** (tries - 1));
    }
  }

  async #try(body: string): Promise<Verdict> {
    const left = this.#timeLeft();
    if (left <= 0) return "refused";
    const signal = this.#closing.signal.aborted ? undefined : this.#closing.signal;
    try {
      const status = await this.#ports.post(body, left, signal);
      const isTaken = status >= 200 && status < 300;
      this.#tell(isTaken ? null : `the collector answered ${status}`);
      if (isTaken) return "taken";
      return UNAVAILABLE.has(status) ? "unavailable" : "refused";
    } catch (error) {
      if (!signal?.aborted) this.#tell(error instanceof Error ? error.message : String(error));
      return "unavailable";
    }
  }

  /** ms that an export may take now. */
  #timeLeft(): number {
    return Math.min(EXPORT_TIMEOUT_MS, Math.ceil(this.#flushUntil - this.#ports.clock.mono()));
  }

  /** Once a change, not once an export. */
  #tell(failure: string | null): void {
    if (this.#isFailing === (failure !== null)) return;
    this.#isFailing = failure !== null;
    if (failure === null) this.#ports.log.info({}, "traces are exported again");
    else this.#ports.log.warn({ reason: failure }, "traces cannot be exported; runs go on without");
  }

  /** Ends at once when the server stops. */
  #backOff(ms: number): Promise<void> {
    const { clock } = this.#ports;
    const { signal } = this.#closing;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = clock.at(clock.now() + ms, () => {
        signal.removeEventListener("abort", cut);
        resolve();
      });
      const cut = (): void => {
        stop();
        resolve();
      };
      signal.addEventListener("abort", cut, { once: true });
    });
  }
}

/** The OTLP specification names these for another try; what is refused otherwise would be refused again. */
const UNAVAILABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
