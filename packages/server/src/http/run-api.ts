import type { IncomingHttpHeaders, RequestListener, ServerResponse } from "node:http";
import { ROUTES, type Route, type RouteId } from "@millrace/contract";
import { admit, quotaHeaders } from "#http/admit";
import { errorAnswer } from "#http/errors";
import type { RunAnswer, RunHandler } from "#http/handler";
import { hearOut } from "#http/hear-out";
import { parseJsonBody } from "#http/json-body";
import type { HttpPorts } from "#http/ports";
import { readBody } from "#http/read-body";
import { assertIdentity, givenRequestId, normalisePath, pathOf, type WireRequest } from "#http/request";
import { cancelRun } from "#http/routes/cancel-run";
import { invoke } from "#http/routes/invoke";
import { queryResult } from "#http/routes/query-result";
import { retryRun } from "#http/routes/retry-run";
import { signalRun } from "#http/routes/signal-run";
import type { RunMessage } from "#http/run-message";
import type { Caller } from "#keys/authenticate";
import type { Quota } from "#keys/rate-limiter";
import type { LiveWorkflow } from "#workflows/live-workflows";

// The calls about one run, on Node's own server, because programs make two of them by the thousand: an echo of 1 KB costs 18 µs of CPU on the
// framework that serves everything else, and 13 to 16 on this one. Admission, the reading of JSON and the bodies of errors are the same code
// for both.

const HANDLERS = { invoke, queryResult, cancelRun, signalRun, retryRun } satisfies { readonly [Id in RouteId]?: RunHandler };

export type RunApiId = keyof typeof HANDLERS;

type RunApiRoute = Route & { readonly id: RunApiId };

export function isRunApi(route: Route): route is RunApiRoute {
  return Object.hasOwn(HANDLERS, route.id);
}

const BY_PATH: ReadonlyMap<string, RunApiRoute> = new Map(ROUTES.filter(isRunApi).map((route) => [route.path, route]));

/** Answers the run API; hands everything else on. */
export function runApiListener(ports: HttpPorts, others: RequestListener): RequestListener<typeof RunMessage> {
  return (message, response) => {
    const url = normalisePath(message.url ?? "/");
    const route = BY_PATH.get(pathOf(url));
    if (route && message.method === route.method) new Exchange(ports, route, url, message, response).begin();
    else others(message, response);
  };
}

class Exchange implements WireRequest {
  readonly id: string;
  readonly url: string;
  readonly protocol = "http";
  caller: Caller | null = null;
  workflow: LiveWorkflow | null = null;
  quota: Quota | null = null;
  readonly #ports: HttpPorts;
  readonly #route: RunApiRoute;
  readonly #message: RunMessage;
  readonly #response: ServerResponse;
  readonly #began: number;
  #runId: string | undefined;

  constructor(ports: HttpPorts, route: RunApiRoute, url: string, message: RunMessage, response: ServerResponse) {
    this.#ports = ports;
    this.#route = route;
    this.#message = message;
    this.#response = response;
    this.#began = ports.clock.mono();
    this.url = url;
    this.id = givenRequestId(message.headers["x-request-id"]) ?? `req_${ports.ids.shortId()}`;
  }

  get headers(): IncomingHttpHeaders {
    return this.#message.headers;
  }

  get ip(): string {
    return this.#message.socket.remoteAddress ?? "";
  }

  get host(): string {
    return this.#message.headers.host ?? "";
  }

  /** Authentication comes before the body is read, and says nothing of what lies behind it. */
  begin(): void {
    try {
      const admitted = admit(this.#ports, this.#route, this);
      if (admitted instanceof Promise) admitted.then(() => this.#read(), this.#refuse);
      else this.#read();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #read(): void {
    readBody(this.#message, this.#ports.settings.maxBodyBytes, (error, bytes) => {
      if (error) this.#refuse(error);
      else this.#handle(bytes);
    });
  }

  #handle(bytes: Buffer | null): void {
    try {
      assertIdentity(this);
      const body = bytes === null ? undefined : parseJsonBody(bytes, this.#ports.settings.maxJsonDepth);
      HANDLERS[this.#route.id](this.#ports, this, body).then(this.#answer, this.#refuse);
    } catch (error) {
      this.#refuse(error);
    }
  }

  readonly #answer = ({ runId, body, replayed }: RunAnswer): void => {
    const headers = ["Content-Type", "application/json", "X-Run-Url", this.#ports.runUrl(this, runId)];
    this.#runId = runId;
    if (replayed) headers.push("Idempotent-Replayed", "true");
    this.#send(200, headers, body);
  };

  readonly #refuse = (error: unknown): void => {
    const { type, status, headers, body, message } = errorAnswer(error, this, this.#ports);
    const { caller, workflow, id: requestId } = this;
    if (caller) {
      const request = { path: this.#route.path, workflowId: workflow?.id ?? null, keyId: caller.keyId, status, type, message, requestId };
      this.#ports.refused.note(caller.tenantId, request);
    }
    this.#send(status, headers, body);
  };

  #send(status: number, headers: readonly string[], body: string): void {
    const response = this.#response;
    const ms = this.#ports.clock.mono() - this.#began;
    this.#ports.metrics.answered(this.#route.path, status, ms);
    this.#ports.log.debug(
      { requestId: this.id, workflowRunId: this.#runId, route: this.#route.path, status, ms },
      "a request was answered",
    );
    const length = Buffer.byteLength(body);
    const common = ["Content-Length", String(length), "X-Request-Id", this.id, "Cache-Control", "no-store"];
    // Whoever is still sending a refused body, or comes while the server stops, is not to send another request this way.
    const last = !this.#message.complete || this.#ports.leaving.aborted ? ["Connection", "close"] : [];
    response.writeHead(status, [...headers, ...common, ...quotaHeaders(this.quota), ...last]);
    // What is ASCII is the same bytes either way, and cheaper to copy as such than to encode.
    const encoding = length === body.length ? "latin1" : "utf8";
    if (this.#message.complete) response.end(body, encoding);
    else {
      response.write(body, encoding);
      hearOut(this.#message, this.#ports.clock, () => response.end());
    }
  }
}
