// The outbox of runs and alerts, and what became of it.

export interface WebhookStore {
  /** The lanes of all tenants in which something is due at this time, the longest due first: however much it is, the others are seen. */
  dueLanes(at: number): Promise<readonly string[]>;
  /** What is due in a lane, the longest due first. */
  due(lane: string, at: number, limit: number): Promise<readonly DeliveryRow[]>;
  /** The earliest time after this one at which a delivery falls due; null: none does. */
  nextDueAt(after: number): Promise<number | null>;
  /**
   * The attempt and what follows from it, in one transaction. A delivery that was sent again or disabled meanwhile keeps its state, unless
   * the attempt succeeded. `gone`: the endpoint is disabled, and with it every delivery that is due to it.
   */
  record(key: DeliveryKey, attempt: NewAttempt, next: DeliveryOutcome): Promise<void>;
  /** A new schedule under the same id; the delivery as it is then. Rejects with `NotFound`, `RunNotEnded` or `EndpointDisabled`. */
  resend(key: DeliveryKey, at: number): Promise<DeliveryRow>;
  /** The same for all that failed at `since` or after; those to a disabled endpoint become disabled. Resolves with how many are due now. */
  recover(tenantId: string, since: number, workflowId: string | null, at: number): Promise<number>;
  get(key: DeliveryKey): Promise<DeliveryRow | null>;
  /** Newest run first. */
  list(tenantId: string, filter: DeliveryFilter): Promise<readonly DeliveryRow[]>;
  /** In order. */
  attempts(key: DeliveryKey): Promise<readonly AttemptRow[]>;
  /** The last attempts of each of these deliveries, as many as `most`, in order. */
  lastAttempts(tenantId: string, of: readonly DeliveryRow[], most: number): Promise<readonly (readonly AttemptRow[])[]>;
  /** Of the newest deliveries accepted at or after, as many as `most`: how those to each endpoint stand, the newest first. */
  endpointTallies(tenantId: string, since: number, most: number): Promise<readonly EndpointTally[]>;
  /** Of the same deliveries: how long the attempts took that were answered, by endpoint. */
  endpointTimes(tenantId: string, since: number, most: number): Promise<readonly EndpointTimes[]>;
  disabledEndpoints(tenantId: string): Promise<readonly DisabledEndpoint[]>;
  /** False when it was not disabled. What was recorded as disabled stays so until it is sent again. */
  enableEndpoint(tenantId: string, endpoint: Endpoint): Promise<boolean>;
  secret(tenantId: string, workflowId: string): Promise<SecretRow | null>;
  /** Keeps the secret where the workflow has none; resolves with the one that is kept. */
  keepSecret(tenantId: string, workflowId: string, sealed: string, at: number): Promise<SecretRow>;
  /** The current secret signs beside the new one until then; one before it is forgotten. */
  rotateSecret(tenantId: string, workflowId: string, sealed: string, at: number, previousUntil: number): Promise<SecretRow>;
}

export interface WebhookTarget {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
}

export interface DeliveryKey {
  readonly tenantId: string;
  readonly runId: string;
  /** Place in the list that the caller gave. */
  readonly ordinal: number;
}

/** `waiting` for the run's end; `failed`: every attempt of the schedule did. */
export type DeliveryState = "waiting" | "due" | "delivered" | "failed" | "disabled";

export interface DeliveryRow extends DeliveryKey, WebhookTarget {
  /** `ALERTS` where it is an alert's. */
  readonly workflowId: string;
  /** Where it tells of no run: the rule, and what is sent. The run's id is the event's then. */
  readonly alert: { readonly id: string; readonly body: string } | null;
  /** The calls of a workflow to one origin. Bounds what may run at once. */
  readonly lane: string;
  /** When its run was accepted, or the alert fired. */
  readonly acceptedAt: number;
  readonly state: DeliveryState;
  readonly dueAt: number | null;
  /** Attempts of the current schedule, and of all. */
  readonly tries: number;
  readonly attempts: number;
  readonly endedAt: number | null;
}

export interface NewAttempt {
  /** `tries` of the delivery when the attempt began. */
  readonly tries: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly request: { readonly method: string; readonly url: string; readonly headers: AttemptHeaders };
  readonly response: { readonly status: number; readonly headers: AttemptHeaders; readonly body: string } | null;
  readonly error: { readonly type: string; readonly message: string } | null;
}

type AttemptHeaders = { readonly [name: string]: string };

export interface AttemptRow extends Omit<NewAttempt, "tries"> {
  /** 1, 2, 3, ... */
  readonly number: number;
}

export type DeliveryOutcome =
  | { readonly state: "due"; readonly dueAt: number }
  | { readonly state: "delivered" | "failed" }
  | { readonly state: "gone" };

export interface DeliveryFilter {
  readonly limit: number;
  /** Those after this one in the order of the list. */
  readonly before?: Omit<DeliveryKey, "tenantId">;
  readonly runId?: string;
  readonly workflowId?: string;
  readonly state?: DeliveryState;
  /** Accepted at or after. */
  readonly since?: number;
}

export interface Endpoint {
  readonly workflowId: string;
  readonly method: string;
  /** With or without its query, which is left out. */
  readonly url: string;
}

/** Deliveries to an endpoint that stand alike. */
export interface EndpointTally extends Endpoint {
  readonly state: DeliveryState;
  /** Was one tried in vain in its current schedule? */
  readonly tried: boolean;
  readonly count: number;
  readonly lastAcceptedAt: number;
}

/** Attempts that took about as long. */
export interface EndpointTimes extends Endpoint {
  /** As of `RunTally`. */
  readonly durationClass: number;
  readonly count: number;
}

export interface DisabledEndpoint extends Endpoint {
  readonly disabledAt: number;
}

/** Secrets as they are stored: sealed by whoever keeps the key. */
export interface SecretRow {
  readonly sealed: string;
  readonly previous: { readonly sealed: string; readonly until: number } | null;
  readonly createdAt: number;
}
