/** What every answer of one error type has in common. */
export interface WireError {
  /** HTTP status. */
  readonly status: number;
  /** The vendor's integer, or the HTTP status where the vendor has none. */
  readonly code: number;
  /** True: the same request may succeed later. */
  readonly retry: boolean;
  /** English title; the other languages are in the message tables. */
  readonly title: string;
}

/**
 * Every error that the server answers, by the last segment of `type` (`/errors/<type>`).
 * Each row has a page, docs/errors/<type>.md.
 */
export const WIRE_ERRORS = {
  invalid_request: { status: 400, code: 40000, retry: false, title: "Invalid request" },
  invalid_input: { status: 400, code: 40000, retry: false, title: "Input does not match the Start node" },
  invalid_json: { status: 400, code: 40000, retry: false, title: "Invalid JSON" },
  no_published_version: { status: 400, code: 40000, retry: false, title: "No published version" },
  workflow_required: { status: 400, code: 40000, retry: false, title: "Workflow not named" },
  invalid_flow: { status: 400, code: 40000, retry: false, title: "Invalid workflow" },
  file_type_mismatch: { status: 400, code: 403201, retry: false, title: "Not a workflow file" },
  file_unreadable: { status: 400, code: 403202, retry: false, title: "Unreadable file" },
  version_unknown: { status: 400, code: 403203, retry: false, title: "Unknown version" },
  unauthorized: { status: 401, code: 40127, retry: false, title: "Not authenticated" },
  out_of_credits: { status: 402, code: 20022, retry: false, title: "Out of credits" },
  api_disabled: { status: 403, code: 20055, retry: false, title: "API disabled" },
  scope: { status: 403, code: 20055, retry: false, title: "Scope missing" },
  role: { status: 403, code: 20055, retry: false, title: "Role not sufficient" },
  sharing_off: { status: 403, code: 20055, retry: false, title: "Links to runs are turned off" },
  not_approver: { status: 403, code: 20055, retry: false, title: "Not an approver" },
  foreign_origin: { status: 403, code: 403, retry: false, title: "Request from another site" },
  version_permission: { status: 403, code: 403, retry: false, title: "Version management not permitted" },
  not_found: { status: 404, code: 40348, retry: false, title: "Not found" },
  workflow_deleted: { status: 404, code: 20059, retry: false, title: "Workflow deleted" },
  no_route: { status: 404, code: 404, retry: false, title: "Unknown path" },
  method_not_allowed: { status: 405, code: 405, retry: false, title: "Method not allowed" },
  conflict: { status: 409, code: 409, retry: false, title: "Conflict" },
  body_too_large: { status: 413, code: 413, retry: false, title: "Body too large" },
  idempotency_mismatch: { status: 422, code: 422, retry: false, title: "Idempotency mismatch" },
  not_exportable: { status: 422, code: 422, retry: false, title: "Not exportable" },
  run_failed: { status: 422, code: 422, retry: false, title: "Run failed" },
  run_unfinished: { status: 422, code: 422, retry: false, title: "Run not finished" },
  queue_full: { status: 429, code: 40008, retry: true, title: "Queue full" },
  rate_limited: { status: 429, code: 40008, retry: true, title: "Too many requests" },
  internal: { status: 500, code: 50000, retry: true, title: "Internal error" },
  overloaded: { status: 503, code: 50000, retry: true, title: "Overloaded" },
  draining: { status: 503, code: 50000, retry: true, title: "Shutting down" },
} as const satisfies Record<string, WireError>;

export type WireErrorType = keyof typeof WIRE_ERRORS;
export const WIRE_ERROR_TYPES = Object.keys(WIRE_ERRORS) as readonly WireErrorType[];
