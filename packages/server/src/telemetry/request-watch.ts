import { errorOf } from "@millrace/engine";
import type { RequestWatch } from "#egress/watch";
import { type Attributes, SPAN_KIND, type Span } from "#telemetry/span";
import { type SpanContext, traceparentOf } from "#telemetry/trace-context";

export interface WatchPorts {
  readonly now: () => number;
  /** 16 hex characters of chance. */
  readonly newSpanId: () => string;
  record(span: Span): void;
}

/** From this status on an answer is an error of the request, says the HTTP convention for clients. */
const FIRST_ERROR_STATUS = 400;

/** Watches the exchanges of one request as spans below `parent` (the HTTP conventions for clients). */
export function watchRequest(ports: WatchPorts, parent: SpanContext, more: Attributes = {}): RequestWatch {
  return {
    begin: ({ method, target, shows, resends }) => {
      // What is secret by the caller's account is told by no part of the URL.
      const shown = (text: string) => (shows(text) ? undefined : text);
      const context = { ...parent, spanId: ports.newSpanId() };
      const startedAt = ports.now();
      const end = (status: number | undefined, errorType: string | undefined): void => {
        if (!context.sampled) return;
        ports.record({
          traceId: context.traceId,
          spanId: context.spanId,
          parentSpanId: parent.spanId,
          name: method,
          kind: SPAN_KIND.client,
          startedAt,
          endedAt: Math.max(startedAt, ports.now()),
          attributes: {
            ...more,
            "http.request.method": method,
            // A query may hold a key; a target never has a user or a password.
            "url.full": shown(target.href.split("?", 1)[0] ?? ""),
            "server.address": shown(target.host),
            "server.port": target.port,
            "http.response.status_code": status,
            "http.request.resend_count": resends > 0 ? resends : undefined,
          },
          errorType,
        });
      };
      return {
        traceparent: traceparentOf(context),
        answered: (status) => end(status, status >= FIRST_ERROR_STATUS ? String(status) : undefined),
        failed: (error) => end(undefined, errorOf(error).type),
      };
    },
  };
}
