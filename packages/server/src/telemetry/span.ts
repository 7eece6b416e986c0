/** One span, as OTLP/JSON has it but for the attributes. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  /** What went wrong, in a word of low cardinality; absent: nothing. Never a message: it may hold anything. */
  readonly errorType?: string | undefined;
}

/** Program's words, ids and numbers only; absent ones are left out. */
export type Attributes = { readonly [name: string]: string | number | undefined };

export const SPAN_KIND = { internal: 1, server: 2, client: 3 } as const;

export type SpanKind = (typeof SPAN_KIND)[keyof typeof SPAN_KIND];

/** Who the spans come from. */
export interface Resource {
  readonly serviceName: string;
  readonly version: string;
  /** Of the process. */
  readonly instanceId: string;
}

const STATUS_ERROR = 2;

/** Longer text is cut. */
const MAX_TEXT = 1_024;

/** The body of one OTLP/HTTP request (opentelemetry-proto, JSON mapping). Everything that leaves in a span passes here. */
export function encodeSpans({ serviceName, version, instanceId }: Resource, spans: readonly Span[]): string {
  const attributes = { "service.name": serviceName, "service.version": version, "service.instance.id": instanceId };
  const scopeSpans = [{ scope: { name: "millrace", version }, spans: spans.map(encodeSpan) }];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: encodeAttributes(attributes) }, scopeSpans }] });
}

function encodeSpan({ traceId, spanId, parentSpanId, name, kind, startedAt, endedAt, attributes, errorType }: Span): object {
  return {
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name: cut(name),
    kind,
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: encodeAttributes({ ...attributes, "error.type": errorType }),
    status: errorType === undefined ? {} : { code: STATUS_ERROR },
  };
}

function encodeAttributes(attributes: Attributes): object[] {
  return Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [{ key, value: typeof value === "number" ? { intValue: String(value) } : { stringValue: cut(value) } }];
  });
}

function cut(text: string): string {
  return text.slice(0, MAX_TEXT);
}

/** Beyond what a number holds exactly. */
function nanoseconds(ms: number): string {
  return `${Math.floor(ms)}000000`;
}
