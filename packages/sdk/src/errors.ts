import type { ErrorBody, ErrorItem, FailedRun } from "#wire";

/** The server refused a request. `type` is stable; `message` is for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  /** The wire's integer. */
  readonly code: number | null;
  readonly requestId: string | null;
  readonly headers: Headers;
  /** One entry a fault, where the body or the input does not fit. */
  readonly errors: readonly ErrorItem[];

  constructor(status: number, headers: Headers, body: Partial<ErrorBody>) {
    super(body.message ?? `the server answered ${status}`);
    this.name = new.target.name;
    this.status = status;
    this.type = body.type?.split("/").at(-1) ?? `http_${status}`;
    this.code = body.code ?? null;
    this.requestId = body.requestId ?? headers.get("x-request-id");
    this.headers = headers;
    this.errors = body.errors ?? [];
  }
}

/** 401 and 403. */
export class AuthError extends ApiError {}
/** 400 and 422. */
export class ValidationError extends ApiError {}
/** 404. */
export class NotFoundError extends ApiError {}
/** 409. */
export class ConflictError extends ApiError {}
/** 429. */
export class RateLimitError extends ApiError {}
/** 503. */
export class OverloadError extends ApiError {}

const BY_STATUS: { readonly [status: number]: typeof ApiError } = {
  400: ValidationError,
  401: AuthError,
  403: AuthError,
  404: NotFoundError,
  409: ConflictError,
  422: ValidationError,
  429: RateLimitError,
  503: OverloadError,
};

export function apiError(status: number, headers: Headers, body: Partial<ErrorBody>): ApiError {
  return new (BY_STATUS[status] ?? ApiError)(status, headers, body);
}

/** The run ended with status FAILED. */
export class RunFailedError extends Error {
  readonly run: FailedRun;
  constructor(run: FailedRun) {
    super(`${run.error.type}: ${run.error.message}`);
    this.name = "RunFailedError";
    this.run = run;
  }
}

/** The wait is over and the run goes on: wait again, or ask for it by its id. */
export class WaitTimeoutError extends Error {
  readonly workflowRunId: string;
  constructor(workflowRunId: string) {
    super(`run ${workflowRunId} has not ended in time; it goes on`);
    this.name = "WaitTimeoutError";
    this.workflowRunId = workflowRunId;
  }
}

/** The endpoint is the vendor's, which has nothing of the kind. */
export class UnsupportedByServerError extends Error {
  readonly type = "unsupported_by_server";
  constructor(what: string) {
    super(`${what} needs a Millrace server; the endpoint is not one`);
    this.name = "UnsupportedByServerError";
  }
}

/** A delivery is not proven to come from the server, or is too old. Answer it with 400 and do nothing. */
export class WebhookVerificationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WebhookVerificationError";
  }
}
