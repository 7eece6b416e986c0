/** One type of `error` of a FAILED run. */
export interface RunErrorRow {
  /** A vendor integer or an HTTP-like three-digit number; the reason is in the type. */
  readonly code: number;
  readonly title: string;
}

/** `http_503` and its like are one family, with one row and one page (`http_status`). */
export const HTTP_STATUS_FAMILY = "http_<status>";

/** Every type that `error.type` of a FAILED run has. Each row has a page in docs/errors. */
export const RUN_ERRORS = {
  cancelled: { code: 499, title: "The run was cancelled" },
  run_timeout: { code: 504, title: "The run took too long" },
  node_timeout: { code: 504, title: "A node took too long" },
  queue_expired: { code: 504, title: "The run was not started in time" },
  "http_<status>": { code: 502, title: "An HTTP request was answered with a failing status" },
  http_network: { code: 502, title: "An HTTP request got no answer" },
  http_timeout: { code: 502, title: "An HTTP request took too long" },
  http_too_large: { code: 502, title: "An HTTP answer was too large" },
  egress_denied: { code: 403, title: "The target of a request is not allowed" },
  llm_auth: { code: 50101, title: "The model provider refused the credentials" },
  llm_unavailable: { code: 50101, title: "No model is configured" },
  llm_rate_limited: { code: 502, title: "The model provider's rate limit was reached" },
  llm_error: { code: 502, title: "The model provider failed" },
  llm_output_invalid: { code: 502, title: "The model's answer cannot be used" },
  intent_unmatched: { code: 502, title: "No intent matched" },
  code_error: { code: 50000, title: "Code failed" },
  code_timeout: { code: 50000, title: "Code took too long" },
  code_memory: { code: 50000, title: "Code used too much memory" },
  template_error: { code: 50000, title: "A template failed" },
  type_error: { code: 40000, title: "A value does not fit its declared type" },
  expression_error: { code: 40000, title: "An expression could not be evaluated" },
  loop_limit: { code: 40000, title: "A loop reached its iteration limit" },
  limit_exceeded: { code: 40000, title: "A limit was exceeded" },
  database_error: { code: 50000, title: "A database statement failed" },
  database_denied: { code: 50000, title: "A database statement is not allowed" },
  file_error: { code: 40000, title: "A file could not be read" },
  tool_error: { code: 50000, title: "A tool failed" },
  workflow_cancelled: { code: 50000, title: "A called workflow was cancelled" },
  made_to_fail: { code: 503, title: "A node was made to fail, as was asked for" },
  missing_reference: { code: 40348, title: "Something that the workflow refers to no longer exists" },
  out_of_credits: { code: 20022, title: "The budget ran out during the run" },
  crash_loop: { code: 50000, title: "The server died again and again while it ran this run" },
  journal_corrupt: { code: 50000, title: "The stored journal of the run is damaged" },
  unsupported: { code: 50000, title: "This server lacks a capability that the node needs" },
  internal: { code: 50000, title: "Internal error" },
} as const satisfies Record<string, RunErrorRow>;

export type RunErrorType = Exclude<keyof typeof RUN_ERRORS, typeof HTTP_STATUS_FAMILY> | `http_${number}`;

const HTTP_STATUS_TYPE = /^http_[1-5][0-9]{2}$/;

/** The row of a type, or undefined when no run fails with it. */
export function findRunError(type: string): RunErrorRow | undefined {
  if (HTTP_STATUS_TYPE.test(type)) return RUN_ERRORS[HTTP_STATUS_FAMILY];
  return type !== HTTP_STATUS_FAMILY && isRunErrorKey(type) ? RUN_ERRORS[type] : undefined;
}

/** The wire integer of a type; what no row names is an internal fault. */
export function runErrorCode(type: string): number {
  return (findRunError(type) ?? RUN_ERRORS.internal).code;
}

/** Name of the page in docs/errors that explains a run's or a request's error type. */
export function errorPage(type: string): string {
  return HTTP_STATUS_TYPE.test(type) || type === HTTP_STATUS_FAMILY ? "http_status" : type;
}

function isRunErrorKey(type: string): type is keyof typeof RUN_ERRORS {
  return Object.hasOwn(RUN_ERRORS, type);
}
