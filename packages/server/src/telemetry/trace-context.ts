import { createHash } from "node:crypto";
import type { RunAccepted } from "@millrace/engine";
import type { Settings } from "#config/settings";

/** A span's place in its trace, as the header `traceparent` tells it. */
export interface SpanContext {
  /** 32 hex characters. */
  readonly traceId: string;
  /** 16 hex characters. */
  readonly spanId: string;
  /** False: the span is not exported, and whoever is called is told so. */
  readonly sampled: boolean;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

const SAMPLED = 1;

/** null: the header is absent or malformed, and the run begins a trace of its own, as the W3C recommendation says. */
export function parseTraceparent(header: string | undefined): SpanContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(header ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** The header where it can be used; null: the run begins a trace of its own. */
export function wellFormed(header: string | string[] | undefined): string | null {
  return typeof header === "string" && parseTraceparent(header) ? header : null;
}

export function traceparentOf({ traceId, spanId, sampled }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${sampled ? SAMPLED : 0}`;
}

/** What of a run's acceptance its trace follows from. */
export type TracedRun = Pick<RunAccepted, "runId" | "traceparent">;

/** Which runs are exported: the `OTEL_TRACES_SAMPLER` of the OpenTelemetry specification. */
export interface Sampling {
  readonly sampler: Settings["tracesSampler"];
  /** Share of the runs for the samplers by ratio, 0 to 1. */
  readonly ratio: number;
}

/** The same for every life of a run: all of it follows from the run's id and the header that it was accepted with. */
export function contextOfRun(run: TracedRun, sampling: Sampling): SpanContext {
  const parent = parseTraceparent(run.traceparent);
  const spanId = spanIdOf(run.runId, "", 0);
  const traceId = parent?.traceId ?? run.runId.replaceAll("-", "");
  return { traceId, spanId, sampled: isSampled(spanId, parent, sampling) };
}

export function contextOfAttempt(run: TracedRun, path: string, attempt: number, sampling: Sampling): SpanContext {
  return { ...contextOfRun(run, sampling), spanId: spanIdOf(run.runId, path, attempt) };
}

/** `path` "" and attempt 0: the run itself. */
export function spanIdOf(runId: string, path: string, attempt: number): string {
  return createHash("sha256").update(`${runId}:${path}#${attempt}`).digest("hex").slice(0, 16);
}

function isSampled(chance: string, parent: SpanContext | null, { sampler, ratio }: Sampling): boolean {
  if (parent && sampler.startsWith("parentbased_")) return parent.sampled;
  if (sampler.endsWith("always_on")) return true;
  if (sampler.endsWith("always_off")) return false;
  // Not of the trace id: that of a run is a UUID, whose leading bits are a clock.
  return Number.parseInt(chance.slice(0, 12), 16) < ratio * 2 ** 48;
}
