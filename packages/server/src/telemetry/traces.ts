import type { Plan, RunAccepted } from "@millrace/engine";
import type { Clock } from "#clock";
import { parseOtlpHeaders } from "#config/otlp-headers";
import type { Settings } from "#config/settings";
import type { EgressGuard, GuardedRequest, RequestWatch } from "#egress/egress";
import type { Ids } from "#ids";
import type { Logger } from "#log";
import type { AttemptTracing, RunTracing } from "#runtime/tracing";
import type { RunContents, RunRow, RunStore } from "#store/store";
import { type ExportFigures, SpanExporter } from "#telemetry/exporter";
import { watchModels } from "#telemetry/model-watch";
import { type WatchPorts, watchRequest } from "#telemetry/request-watch";
import { RunSpans } from "#telemetry/run-spans";
import type { Span } from "#telemetry/span";
import { contextOfAttempt, contextOfRun, type Sampling, traceparentOf } from "#telemetry/trace-context";

export interface TracesPorts {
  readonly settings: Pick<Settings, "otlpHeaders" | "otlpServiceName" | "tracesSampler" | "tracesSamplerShare" | "version">;
  /** Base URL of the collector. */
  readonly endpoint: string;
  /** The way to the collector, and to nothing else. */
  readonly collector: EgressGuard;
  readonly runs: Pick<RunStore, "journalFrom">;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Names this process. */
  readonly owner: string;
  readonly log: Logger;
  /** null: the version is gone. */
  loadPlan(tenantId: string, workflowId: string, version: string): Promise<Plan | null>;
}

interface EndedRun {
  readonly tenantId: string;
  readonly runId: string;
  readonly row: RunRow;
}

/** A delivery, as far as its spans tell of it. */
interface TracedDelivery {
  readonly tenantId: string;
  readonly runId: string;
  readonly ordinal: number;
  readonly tries: number;
}

type Accepted = RunAccepted & { readonly at: number };

/** A trace a run: made from its journal once it has ended, and of its requests as they go. */
export class Traces implements RunTracing {
  readonly #ports: TracesPorts;
  readonly #sampling: Sampling;
  readonly #exporter: SpanExporter<EndedRun>;
  readonly #watching: WatchPorts;

  constructor(ports: TracesPorts) {
    const { settings, endpoint, collector, owner } = ports;
    this.#ports = ports;
    this.#sampling = { sampler: settings.tracesSampler, ratio: settings.tracesSamplerShare };
    const headers = [["content-type", "application/json"] as const, ...(parseOtlpHeaders(settings.otlpHeaders) ?? [])];
    const url = `${endpoint.endsWith("/") ? endpoint.slice(0, -1) : endpoint}/v1/traces`;
    this.#exporter = new SpanExporter({
      clock: ports.clock,
      log: ports.log,
      resource: { serviceName: settings.otlpServiceName, version: settings.version, instanceId: owner },
      spansOf: (run) => this.#spansOf(run),
      post: async (body, timeoutMs, signal) => {
        const bounds = { timeoutMs, maxBytes: KEPT_BYTES, maxRedirects: 0, cutsBody: true, ...(signal && { signal }) };
        const { status } = await collector.request({ method: "POST", url, headers, body, ...bounds });
        return status;
      },
    });
    this.#watching = { now: ports.clock.now, newSpanId: ports.ids.shortId, record: (span) => this.#exporter.record(span) };
  }

  get figures(): ExportFigures {
    return this.#exporter.figures;
  }

  attempt(run: RunAccepted, path: string, attempt: number): AttemptTracing {
    const context = contextOfAttempt(run, path, attempt, this.#sampling);
    const about = { "millrace.run.id": run.runId, "millrace.node.path": path };
    const watch = this.#watch(context, about);
    const watched: AttemptTracing["watched"] = (egress) => ({
      request: (request) => {
        const guarded: GuardedRequest = { ...request, watch };
        return egress.request(guarded);
      },
    });
    const watchedModels: AttemptTracing["watchedModels"] = (models) => watchModels(this.#watching, models, context, about);
    return { traceparent: traceparentOf(context), watched, watchedModels };
  }

  ended(tenantId: string, { input: _input, output: _output, error: _error, ...row }: RunContents): void {
    this.#exporter.ended({ tenantId, runId: row.id, row });
  }

  /** undefined: the run's journal cannot be read, which keeps no webhook from being sent. */
  async delivery({ tenantId, runId, ordinal, tries }: TracedDelivery): Promise<RequestWatch | undefined> {
    const accepted = await this.#acceptedEntry(tenantId, runId).catch(() => null);
    if (!accepted) return undefined;
    const about = { "millrace.run.id": runId, "millrace.webhook.ordinal": ordinal, "millrace.webhook.attempt": tries + 1 };
    return this.#watch(contextOfRun(accepted, this.#sampling), about);
  }

  async close(): Promise<void> {
    await this.#exporter.close();
    await this.#ports.collector.close();
  }

  #watch(parent: Parameters<typeof watchRequest>[1], about: Parameters<typeof watchRequest>[2]): RequestWatch {
    return watchRequest(this.#watching, parent, about);
  }

  async #acceptedEntry(tenantId: string, runId: string): Promise<Accepted | null> {
    for await (const { entries } of this.#ports.runs.journalFrom(tenantId, runId, 0)) return acceptedOf(entries[0]);
    return null;
  }

  async *#spansOf({ tenantId, runId, row }: EndedRun): AsyncGenerator<Span> {
    const plan = await this.#ports.loadPlan(tenantId, row.workflowId, row.version);
    if (!plan) return;
    let spans: RunSpans | null = null;
    for await (const { entries } of this.#ports.runs.journalFrom(tenantId, runId, 0)) {
      if (!spans) {
        const accepted = acceptedOf(entries[0]);
        if (!accepted || !contextOfRun(accepted, this.#sampling).sampled) return;
        spans = new RunSpans(plan.root, row, accepted, this.#sampling);
      }
      for (const entry of entries) yield* spans.of(entry);
    }
  }
}

/** Of the collector's answer: nothing is read but the status. */
const KEPT_BYTES = 1_024;

function acceptedOf(entry: { readonly type: string } | undefined): Accepted | null {
  return entry?.type === "run-accepted" ? (entry as Accepted) : null;
}
