import assert from "node:assert/strict";
import { type Received, type Receiver, startReceiver } from "#testing/receiver";

/** A span as a collector reads it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: number;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: { readonly [name: string]: string | number };
  readonly isError: boolean;
}

/** An OTLP/HTTP receiver on loopback. */
export interface Collector {
  readonly receiver: Receiver;
  readonly url: string;
  readonly exports: readonly Received[];
  spans(): readonly ReceivedSpan[];
  close(): void;
}

export async function startCollector(): Promise<Collector> {
  const receiver = await startReceiver();
  const exportsOf = (): readonly Received[] => receiver.at("/v1/traces");
  return {
    receiver,
    url: receiver.url(""),
    get exports() {
      return exportsOf();
    },
    spans: () => exportsOf().flatMap(({ body }) => spansOf(body)),
    close: () => receiver.close(),
  };
}

/** The one span that the test means. */
export function spanNamed(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const [span, ...more] = spans.filter((one) => one.name === name);
  assert.ok(span && more.length === 0, `${name} among ${spans.map((one) => one.name).join(", ")}`);
  return span;
}

interface Wire {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[] }[];
}

interface WireSpan extends Pick<ReceivedSpan, "traceId" | "spanId" | "parentSpanId" | "name" | "kind"> {
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string; readonly intValue?: string } }[];
  readonly status: { readonly code?: number };
}

function spansOf(body: string): ReceivedSpan[] {
  const { resourceSpans } = JSON.parse(body) as Wire;
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(readSpan)));
}

/** Fails for what a collector would refuse. */
function readSpan({ traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, attributes, status }: WireSpan) {
  assert.match(traceId, /^[0-9a-f]{32}$/);
  assert.match(spanId, /^[0-9a-f]{16}$/);
  assert.match(parentSpanId ?? "0".repeat(16), /^[0-9a-f]{16}$/);
  assert.match(startTimeUnixNano, /^\d{19}$/);
  assert.match(endTimeUnixNano, /^\d{19}$/);
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    startedAt: milliseconds(startTimeUnixNano),
    endedAt: milliseconds(endTimeUnixNano),
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)])),
    isError: status.code === 2,
  };
}

function milliseconds(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000_000n);
}
