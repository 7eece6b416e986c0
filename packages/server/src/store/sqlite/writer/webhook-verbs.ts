import type { DatabaseSync } from "node:sqlite";
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
} from "#store/sqlite/delivery-row";
import { Outbox } from "#store/sqlite/writer/outbox";
import type { AttemptRow, DeliveryKey, DeliveryOutcome, NewAttempt, SecretRow } from "#store/webhook-store";

/** What becomes of deliveries, and the secrets that sign them. */
export function webhookVerbs(database: DatabaseSync) {
  const sql = prepare(database);
  const outbox = new Outbox(database);
  const found = (key: DeliveryKey): StoredDelivery => {
    const delivery = outbox.find(key);
    if (delivery) return delivery;
    throw new NotFound(`the delivery ${key.ordinal} of run ${key.runId}`);
  };
  const putSecret = (tenantId: string, workflowId: string, row: SecretRow): SecretRow => {
    const { sealed, previous, createdAt } = row;
    const values = [sealed, previous?.sealed ?? null, previous?.until ?? null, createdAt, secretChecksum(tenantId, workflowId, row)];
    sql.putSecret.run(tenantId, workflowId, ...values);
    return row;
  };
  return {
    recordAttempt(key: DeliveryKey, attempt: NewAttempt, next: DeliveryOutcome): void {
      const delivery = outbox.find(key);
      // Its run was deleted meanwhile, and it with it.
      if (!delivery) return;
      const counted = { ...delivery, attempts: delivery.attempts + 1 };
      insertAttempt(sql, key, { ...attempt, number: counted.attempts });
      outbox.update(follow(counted, attempt, next));
      if (next.state === "gone") outbox.disable(counted, attempt.endedAt);
    },

    resendDelivery(key: DeliveryKey, at: number): void {
      const delivery = found(key);
      if (delivery.state === "waiting") throw new RunNotEnded(key.runId);
      if (outbox.isDisabled(delivery)) throw new EndpointDisabled(delivery.endpoint);
      outbox.makeDue(delivery, at);
    },

    recoverDeliveries(tenantId: string, since: number, workflowId: string | null, at: number): number {
      const failed = sql.failed.all(tenantId, since, workflowId, workflowId).map(readDelivery);
      return failed.filter((delivery) => outbox.makeDue(delivery, at)).length;
    },

    enableEndpoint(tenantId: string, workflowId: string, method: string, endpoint: string): boolean {
      return sql.enable.run(tenantId, workflowId, method, endpoint).changes === 1;
    },

    keepSecret(tenantId: string, workflowId: string, sealed: string, at: number): SecretRow {
      const row = sql.secret.get(tenantId, workflowId);
      return row ? readSecret(row) : putSecret(tenantId, workflowId, { sealed, previous: null, createdAt: at });
    },

    rotateSecret(tenantId: string, workflowId: string, sealed: string, at: number, previousUntil: number): SecretRow {
      const row = sql.secret.get(tenantId, workflowId);
      const previous = row ? { sealed: readSecret(row).sealed, until: previousUntil } : null;
      return putSecret(tenantId, workflowId, { sealed, previous, createdAt: at });
    },
  };
}

/** What the attempt makes of its delivery. One that was sent again or disabled since it began goes its own way, unless this one arrived. */
function follow(delivery: StoredDelivery, attempt: NewAttempt, next: DeliveryOutcome): StoredDelivery {
  const isItsOwn = delivery.state === "due" && delivery.tries === attempt.tries;
  if (next.state !== "delivered" && !isItsOwn) return delivery;
  const tries = attempt.tries + 1;
  if (next.state === "due") return { ...delivery, state: "due", dueAt: next.dueAt, tries };
  const state = next.state === "gone" ? "disabled" : next.state;
  return { ...delivery, state, dueAt: null, tries, endedAt: attempt.endedAt };
}

function insertAttempt(sql: ReturnType<typeof prepare>, key: DeliveryKey, given: NewAttempt & { readonly number: number }): void {
  const { number, startedAt, endedAt, request, response, error } = given;
  const attempt: AttemptRow = { number, startedAt, endedAt, request, response, error };
  const texts = [JSON.stringify(request), response && JSON.stringify(response), error && JSON.stringify(error)];
  const checksum = attemptChecksum(key, attempt);
  sql.insertAttempt.run(key.tenantId, key.runId, key.ordinal, number, startedAt, endedAt, ...texts, checksum);
}

function prepare(database: DatabaseSync) {
  return {
    insertAttempt: database.prepare(`INSERT INTO delivery_attempts (${ATTEMPT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    failed: database.prepare(`
      SELECT ${DELIVERY_COLUMNS} FROM deliveries INDEXED BY deliveries_state
      WHERE tenant_id = ? AND state = 'failed' AND state <> 'delivered' AND ended_at >= ? AND (? IS NULL OR workflow_id = ?)`),
    enable: database.prepare("DELETE FROM disabled_endpoints WHERE tenant_id = ? AND workflow_id = ? AND method = ? AND endpoint = ?"),
    secret: database.prepare(`SELECT ${SECRET_COLUMNS} FROM webhook_secrets WHERE tenant_id = ? AND workflow_id = ?`),
    putSecret: database.prepare(`INSERT OR REPLACE INTO webhook_secrets (${SECRET_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`),
  };
}
