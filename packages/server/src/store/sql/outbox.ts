import { ALERTS, type ToldAlert } from "#store/alert-store";
import { DELIVERY_COLUMNS, deliveryChecksum, endpointChecksum, readDelivery, type StoredDelivery } from "#store/sql/delivery-row";
import type { RunIdentity } from "#store/sql/run-row";
import { all, insert, one, run, type Steps } from "#store/sql/steps";
import type { DeliveryKey } from "#store/webhook-store";

// Deliveries and their states; always inside the transaction of what they follow from.

/** A webhook as it goes over to whoever writes. */
export type TargetColumns = readonly [
  method: string,
  url: string,
  headers: { readonly [name: string]: string },
  endpoint: string,
  lane: string,
];

const SELECT = `SELECT ${DELIVERY_COLUMNS} FROM deliveries`;
const INSERT = insert("deliveries", DELIVERY_COLUMNS);
const UPDATE = `
  UPDATE deliveries SET state = ?, due_at = ?, tries = ?, attempts = ?, ended_at = ?, checksum = ?
  WHERE tenant_id = ? AND run_id = ? AND ordinal = ?`;
const DUE_TO = `
  ${SELECT} INDEXED BY deliveries_lane
  WHERE lane = ? AND due_at IS NOT NULL AND tenant_id = ? AND workflow_id = ? AND method = ? AND endpoint = ?`;
const DISABLED = `
  SELECT disabled_at FROM disabled_endpoints WHERE tenant_id = ? AND workflow_id = ? AND method = ? AND endpoint = ?`;
const DISABLE = `
  INSERT INTO disabled_endpoints (tenant_id, workflow_id, method, endpoint, disabled_at, checksum) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

/** Of a run that is accepted now; `endedAt` where it has ended already. */
export function* addDeliveries(
  tenantId: string,
  { id, workflowId, acceptedAt }: RunIdentity,
  targets: readonly TargetColumns[],
  endedAt: number | null,
): Steps<void> {
  for (const [ordinal, [method, url, headers, endpoint, lane]] of targets.entries()) {
    const target = { tenantId, runId: id, ordinal, workflowId, alert: null, method, url, headers, endpoint, lane };
    yield* insertDelivery({ ...target, acceptedAt, state: "waiting", dueAt: null, tries: 0, attempts: 0, endedAt: null });
  }
  if (endedAt !== null) yield* runEnded(tenantId, id, endedAt);
}

/** What an alert tells: due at once, unless its endpoint is disabled. */
export function* addAlertDelivery(
  tenantId: string,
  { event, body }: Pick<ToldAlert, "event" | "body">,
  target: TargetColumns,
): Steps<void> {
  const [method, url, headers, endpoint, lane] = target;
  const key = { tenantId, runId: event.id, ordinal: 0, workflowId: ALERTS, alert: { id: event.alertId, body }, acceptedAt: event.at };
  const life = { state: "waiting", dueAt: null, tries: 0, attempts: 0, endedAt: null } as const;
  const delivery: StoredDelivery = { ...key, method, url, headers, endpoint, lane, ...life };
  yield* insertDelivery(delivery);
  yield* makeDue(delivery, event.at);
}

/** What waited for the run's end is due. */
export function* runEnded(tenantId: string, runId: string, at: number): Steps<void> {
  for (const row of yield* all(`${SELECT} WHERE tenant_id = ? AND run_id = ? ORDER BY ordinal`, tenantId, runId)) {
    const delivery = readDelivery(row);
    if (delivery.state === "waiting") yield* makeDue(delivery, at);
  }
}

/** A new schedule. False: its endpoint is disabled, and so is the delivery now. */
export function* makeDue(delivery: StoredDelivery, at: number): Steps<boolean> {
  const goes = !(yield* isDisabled(delivery));
  const begun = { ...delivery, tries: 0 };
  yield* updateDelivery(
    goes ? { ...begun, state: "due", dueAt: at, endedAt: null } : { ...begun, state: "disabled", dueAt: null, endedAt: at },
  );
  return goes;
}

export function* isDisabled({ tenantId, workflowId, method, endpoint }: StoredDelivery): Steps<boolean> {
  return (yield* one(DISABLED, tenantId, workflowId, method, endpoint)) !== undefined;
}

/** The endpoint, and every delivery that is due to it. */
export function* disableEndpoint({ tenantId, workflowId, method, endpoint, lane }: StoredDelivery, at: number): Steps<void> {
  const row = { workflowId, method, url: endpoint, disabledAt: at };
  yield* run(DISABLE, tenantId, workflowId, method, endpoint, at, endpointChecksum(tenantId, row));
  const due = (yield* all(DUE_TO, lane, tenantId, workflowId, method, endpoint)).map(readDelivery);
  for (const delivery of due) yield* updateDelivery({ ...delivery, state: "disabled", dueAt: null, endedAt: at });
}

export function* findDelivery({ tenantId, runId, ordinal }: DeliveryKey): Steps<StoredDelivery | null> {
  const row = yield* one(`${SELECT} WHERE tenant_id = ? AND run_id = ? AND ordinal = ?`, tenantId, runId, ordinal);
  return row ? readDelivery(row) : null;
}

/** What changes in the life of a delivery; its target never does. */
export function* updateDelivery(delivery: StoredDelivery): Steps<void> {
  const { tenantId, runId, ordinal, state, dueAt, tries, attempts, endedAt } = delivery;
  yield* run(UPDATE, state, dueAt, tries, attempts, endedAt, deliveryChecksum(delivery), tenantId, runId, ordinal);
}

function* insertDelivery(delivery: StoredDelivery): Steps<void> {
  const { tenantId, runId, ordinal, workflowId, method, url, headers, endpoint, lane, acceptedAt, state, alert } = delivery;
  const target = [workflowId, method, url, JSON.stringify(headers), endpoint, lane];
  yield* run(
    INSERT,
    tenantId,
    runId,
    ordinal,
    ...target,
    acceptedAt,
    state,
    null,
    0,
    0,
    null,
    alert?.id ?? null,
    alert?.body ?? null,
    deliveryChecksum(delivery),
  );
}
