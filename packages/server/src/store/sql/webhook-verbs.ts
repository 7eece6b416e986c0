import { EndpointDisabled, NotFound, RunNotEnded } from "#store/errors";
import {
  ATTEMPT_COLUMNS,
  attemptChecksum,
  DELIVERY_COLUMNS,
  readDelivery,
  readSecret,
  SECRET_COLUMNS,
  type StoredDelivery,
  secretChecksum,
} from "#store/sql/delivery-row";
import { disableEndpoint, findDelivery, isDisabled, makeDue, updateDelivery } from "#store/sql/outbox";
import { all, insert, one, run, type Steps, upsert } from "#store/sql/steps";
import type { AttemptRow, DeliveryKey, DeliveryOutcome, NewAttempt, SecretRow } from "#store/webhook-store";

const INSERT_ATTEMPT = insert("delivery_attempts", ATTEMPT_COLUMNS);
const FAILED = `
  SELECT ${DELIVERY_COLUMNS} FROM deliveries INDEXED BY deliveries_state
  WHERE tenant_id = ? AND state = 'failed' AND state <> 'delivered' AND ended_at >= ?`;
const ENABLE = "DELETE FROM disabled_endpoints WHERE tenant_id = ? AND workflow_id = ? AND method = ? AND endpoint = ?";
const SECRET = `SELECT ${SECRET_COLUMNS} FROM webhook_secrets WHERE tenant_id = ? AND workflow_id = ?`;
const PUT_SECRET = upsert("webhook_secrets", SECRET_COLUMNS, "tenant_id, workflow_id");

/** What becomes of deliveries, and the secrets that sign them. */
export const webhookVerbs = {
  *recordAttempt(key: DeliveryKey, attempt: NewAttempt, next: DeliveryOutcome): Steps<void> {
    const delivery = yield* findDelivery(key);
    // Its run was deleted meanwhile, and it with it.
    if (!delivery) return;
    const counted = { ...delivery, attempts: delivery.attempts + 1 };
    yield* insertAttempt(key, { ...attempt, number: counted.attempts });
    yield* updateDelivery(follow(counted, attempt, next));
    if (next.state === "gone") yield* disableEndpoint(counted, attempt.endedAt);
  },

  /** As it is then. */
  *resendDelivery(key: DeliveryKey, at: number): Steps<StoredDelivery> {
    const delivery = yield* findDelivery(key);
    if (!delivery) throw new NotFound(`the delivery ${key.ordinal} of run ${key.runId}`);
    if (delivery.state === "waiting") throw new RunNotEnded(key.runId);
    if (yield* isDisabled(delivery)) throw new EndpointDisabled(delivery.endpoint);
    yield* makeDue(delivery, at);
    return (yield* findDelivery(key)) ?? delivery;
  },

  /** How many are due now. */
  *recoverDeliveries(tenantId: string, since: number, workflowId: string | null, at: number): Steps<number> {
    const rows =
      workflowId === null ? yield* all(FAILED, tenantId, since) : yield* all(`${FAILED} AND workflow_id = ?`, tenantId, since, workflowId);
    let due = 0;
    for (const row of rows) if (yield* makeDue(readDelivery(row), at)) due += 1;
    return due;
  },

  *enableEndpoint(tenantId: string, workflowId: string, method: string, endpoint: string): Steps<boolean> {
    return (yield* run(ENABLE, tenantId, workflowId, method, endpoint)) === 1;
  },

  *keepSecret(tenantId: string, workflowId: string, sealed: string, at: number): Steps<SecretRow> {
    const row = yield* one(SECRET, tenantId, workflowId);
    return row ? readSecret(row) : yield* putSecret(tenantId, workflowId, { sealed, previous: null, createdAt: at });
  },

  *rotateSecret(tenantId: string, workflowId: string, sealed: string, at: number, previousUntil: number): Steps<SecretRow> {
    const row = yield* one(SECRET, tenantId, workflowId);
    const previous = row ? { sealed: readSecret(row).sealed, until: previousUntil } : null;
    return yield* putSecret(tenantId, workflowId, { sealed, previous, createdAt: at });
  },
};

/** What the attempt makes of its delivery. One that was sent again or disabled since it began goes its own way, unless this one arrived. */
function follow(delivery: StoredDelivery, attempt: NewAttempt, next: DeliveryOutcome): StoredDelivery {
  const isItsOwn = delivery.state === "due" && delivery.tries === attempt.tries;
  if (next.state !== "delivered" && !isItsOwn) return delivery;
  const tries = attempt.tries + 1;
  if (next.state === "due") return { ...delivery, state: "due", dueAt: next.dueAt, tries };
  const state = next.state === "gone" ? "disabled" : next.state;
  return { ...delivery, state, dueAt: null, tries, endedAt: attempt.endedAt };
}

function* insertAttempt(key: DeliveryKey, given: NewAttempt & { readonly number: number }): Steps<void> {
  const { number, startedAt, endedAt, request, response, error } = given;
  const attempt: AttemptRow = { number, startedAt, endedAt, request, response, error };
  const texts = [JSON.stringify(request), response && JSON.stringify(response), error && JSON.stringify(error)];
  const checksum = attemptChecksum(key, attempt);
  yield* run(INSERT_ATTEMPT, key.tenantId, key.runId, key.ordinal, number, startedAt, endedAt, ...texts, checksum);
}

function* putSecret(tenantId: string, workflowId: string, row: SecretRow): Steps<SecretRow> {
  const { sealed, previous, createdAt } = row;
  const values = [sealed, previous?.sealed ?? null, previous?.until ?? null, createdAt, secretChecksum(tenantId, workflowId, row)];
  yield* run(PUT_SECRET, tenantId, workflowId, ...values);
  return row;
}
