/** Requests of the run API that never became a run: the last ones, for whoever looks for the reason. */
export interface RequestStore {
  /** Keeps the last REFUSED_REQUESTS of a tenant. */
  append(tenantId: string, requests: readonly NewRefusedRequest[]): Promise<void>;
  /** Newest first. */
  list(tenantId: string, filter: RequestFilter): Promise<readonly RefusedRequest[]>;
}

/** Rows of one tenant; beyond them the oldest go. */
export const REFUSED_REQUESTS = 10_000;

export interface NewRefusedRequest {
  readonly at: number;
  /** The path of the route. */
  readonly path: string;
  /** null: the request selected none. */
  readonly workflowId: string | null;
  /** Of the key, or the member. */
  readonly keyId: string;
  /** HTTP status. */
  readonly status: number;
  /** Error type: `invalid_input`. */
  readonly type: string;
  readonly message: string;
  readonly requestId: string;
}

export interface RefusedRequest extends NewRefusedRequest {
  /** Ascending. */
  readonly position: number;
}

export interface RequestFilter {
  readonly limit: number;
  /** Rows before this position. */
  readonly before?: number;
  readonly workflowId?: string;
  readonly requestId?: string;
}
