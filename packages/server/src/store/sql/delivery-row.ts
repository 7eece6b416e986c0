import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";
import type { AttemptRow, DeliveryKey, DeliveryRow, DeliveryState, DisabledEndpoint, SecretRow } from "#store/webhook-store";

export const DELIVERY_COLUMNS =
  "tenant_id, run_id, ordinal, workflow_id, method, url, headers, endpoint, lane, accepted_at, state, due_at, tries, attempts, ended_at, alert_id, body, checksum";
export const ATTEMPT_COLUMNS = "tenant_id, run_id, ordinal, number, started_at, ended_at, request, response, error, checksum";
export const ENDPOINT_COLUMNS = "tenant_id, workflow_id, method, endpoint, disabled_at, checksum";
export const SECRET_COLUMNS = "tenant_id, workflow_id, secret, previous, previous_until, created_at, checksum";

export interface StoredDelivery extends DeliveryRow {
  readonly endpoint: string;
}

const STATES: ReadonlySet<string> = new Set<DeliveryState>(["waiting", "due", "delivered", "failed", "disabled"]);

/** Throws StoreCorrupt where the row is not what was written: a flipped bit must not send a run elsewhere. */
export function readDelivery(row: Row): StoredDelivery {
  const key = { tenantId: text(row, "tenant_id"), runId: text(row, "run_id"), ordinal: number(row, "ordinal") };
  const what = `delivery ${key.ordinal} of run ${key.runId}`;
  const delivery: StoredDelivery = {
    ...key,
    workflowId: text(row, "workflow_id"),
    method: text(row, "method"),
    url: text(row, "url"),
    headers: parsed(text(row, "headers"), what) as DeliveryRow["headers"],
    endpoint: text(row, "endpoint"),
    lane: text(row, "lane"),
    acceptedAt: number(row, "accepted_at"),
    state: stateOf(text(row, "state"), what),
    dueAt: numberOrNull(row, "due_at"),
    tries: number(row, "tries"),
    attempts: number(row, "attempts"),
    endedAt: numberOrNull(row, "ended_at"),
    alert: alertOf(textOrNull(row, "alert_id"), textOrNull(row, "body")),
  };
  if (deliveryChecksum(delivery) !== row["checksum"]) throw damaged(what);
  return delivery;
}

function alertOf(id: string | null, body: string | null): DeliveryRow["alert"] {
  return id === null || body === null ? null : { id, body };
}

export function deliveryChecksum(delivery: StoredDelivery): number {
  const { tenantId, runId, ordinal, workflowId, method, url, headers, endpoint, lane } = delivery;
  const { acceptedAt, state, dueAt, tries, attempts, endedAt, alert } = delivery;
  const target = [workflowId, method, url, JSON.stringify(headers), endpoint, lane];
  return rowChecksum([
    tenantId,
    runId,
    ordinal,
    ...target,
    acceptedAt,
    state,
    dueAt,
    tries,
    attempts,
    endedAt,
    ...(alert ? [alert.id, alert.body] : []),
  ]);
}

export function readAttempt(row: Row): AttemptRow {
  const key = { tenantId: text(row, "tenant_id"), runId: text(row, "run_id"), ordinal: number(row, "ordinal") };
  const what = `attempt ${number(row, "number")} of delivery ${key.ordinal} of run ${key.runId}`;
  const response = textOrNull(row, "response");
  const error = textOrNull(row, "error");
  const attempt: AttemptRow = {
    number: number(row, "number"),
    startedAt: number(row, "started_at"),
    endedAt: number(row, "ended_at"),
    request: parsed(text(row, "request"), what) as AttemptRow["request"],
    response: response === null ? null : (parsed(response, what) as AttemptRow["response"]),
    error: error === null ? null : (parsed(error, what) as AttemptRow["error"]),
  };
  if (attemptChecksum(key, attempt) !== row["checksum"]) throw damaged(what);
  return attempt;
}

export function attemptChecksum({ tenantId, runId, ordinal }: DeliveryKey, attempt: AttemptRow): number {
  const { number: place, startedAt, endedAt, request, response, error } = attempt;
  const texts = [request, response, error].map((value) => JSON.stringify(value));
  return rowChecksum([tenantId, runId, ordinal, place, startedAt, endedAt, ...texts]);
}

export function readEndpoint(row: Row): DisabledEndpoint {
  const tenantId = text(row, "tenant_id");
  const endpoint: DisabledEndpoint = {
    workflowId: text(row, "workflow_id"),
    method: text(row, "method"),
    url: text(row, "endpoint"),
    disabledAt: number(row, "disabled_at"),
  };
  if (endpointChecksum(tenantId, endpoint) !== row["checksum"]) throw damaged(`endpoint ${endpoint.url}`);
  return endpoint;
}

export function endpointChecksum(tenantId: string, { workflowId, method, url, disabledAt }: DisabledEndpoint): number {
  return rowChecksum([tenantId, workflowId, method, url, disabledAt]);
}

export function readSecret(row: Row): SecretRow {
  const workflowId = text(row, "workflow_id");
  const previous = textOrNull(row, "previous");
  const secret: SecretRow = {
    sealed: text(row, "secret"),
    previous: previous === null ? null : { sealed: previous, until: number(row, "previous_until") },
    createdAt: number(row, "created_at"),
  };
  if (secretChecksum(text(row, "tenant_id"), workflowId, secret) !== row["checksum"])
    throw damaged(`webhook secret of workflow ${workflowId}`);
  return secret;
}

export function secretChecksum(tenantId: string, workflowId: string, { sealed, previous, createdAt }: SecretRow): number {
  return rowChecksum([tenantId, workflowId, sealed, previous?.sealed ?? null, previous?.until ?? null, createdAt]);
}

function stateOf(state: string, what: string): DeliveryState {
  if (STATES.has(state)) return state as DeliveryState;
  throw damaged(what);
}

function parsed(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged(what);
  }
}

function damaged(what: string): StoreCorrupt {
  return new StoreCorrupt(`the row of ${what} is not what was written`);
}
