import type { DatabaseSync } from "node:sqlite";
import { DELIVERY_COLUMNS, deliveryChecksum, endpointChecksum, readDelivery, type StoredDelivery } from "#store/sqlite/delivery-row";
import type { RunIdentity } from "#store/sqlite/run-row";
import type { DeliveryKey } from "#store/webhook-store";

/** A webhook as it goes over to the thread that writes. */
export type TargetColumns = readonly [
  method: string,
  url: string,
  headers: { readonly [name: string]: string },
  endpoint: string,
  lane: string,
];

/** Deliveries and their states; always inside the transaction of what they follow from. */
export class Outbox {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync) {
    this.#sql = prepare(database);
  }

  /** Of a run that is accepted now; `endedAt` where it has ended already. */
  add(tenantId: string, { id, workflowId, acceptedAt }: RunIdentity, targets: readonly TargetColumns[], endedAt: number | null): void {
    for (const [ordinal, [method, url, headers, endpoint, lane]] of targets.entries()) {
      const target = { tenantId, runId: id, ordinal, workflowId, method, url, headers, endpoint, lane };
      this.#insert({ ...target, acceptedAt, state: "waiting", dueAt: null, tries: 0, attempts: 0, endedAt: null });
    }
    if (endedAt !== null) this.runEnded(tenantId, id, endedAt);
  }

  runEnded(tenantId: string, runId: string, at: number): void {
    for (const row of this.#sql.ofRun.all(tenantId, runId)) {
      const delivery = readDelivery(row);
      if (delivery.state === "waiting") this.makeDue(delivery, at);
    }
  }

  /** A new schedule. False: its endpoint is disabled, and so is the delivery now. */
  makeDue(delivery: StoredDelivery, at: number): boolean {
    const goes = !this.isDisabled(delivery);
    const begun = { ...delivery, tries: 0 };
    this.update(goes ? { ...begun, state: "due", dueAt: at, endedAt: null } : { ...begun, state: "disabled", dueAt: null, endedAt: at });
    return goes;
  }

  isDisabled({ tenantId, workflowId, method, endpoint }: StoredDelivery): boolean {
    return this.#sql.disabled.get(tenantId, workflowId, method, endpoint) !== undefined;
  }

  /** The endpoint, and every delivery that is due to it. */
  disable({ tenantId, workflowId, method, endpoint, lane }: StoredDelivery, at: number): void {
    const row = { workflowId, method, url: endpoint, disabledAt: at };
    this.#sql.disable.run(tenantId, workflowId, method, endpoint, at, endpointChecksum(tenantId, row));
    const due = this.#sql.dueTo.all(lane, tenantId, workflowId, method, endpoint).map(readDelivery);
    for (const delivery of due) this.update({ ...delivery, state: "disabled", dueAt: null, endedAt: at });
  }

  find({ tenantId, runId, ordinal }: DeliveryKey): StoredDelivery | null {
    const row = this.#sql.one.get(tenantId, runId, ordinal);
    return row ? readDelivery(row) : null;
  }

  /** What changes in the life of a delivery; its target never does. */
  update(delivery: StoredDelivery): void {
    const { tenantId, runId, ordinal, state, dueAt, tries, attempts, endedAt } = delivery;
    this.#sql.update.run(state, dueAt, tries, attempts, endedAt, deliveryChecksum(delivery), tenantId, runId, ordinal);
  }

  #insert(delivery: StoredDelivery): void {
    const { tenantId, runId, ordinal, workflowId, method, url, headers, endpoint, lane, acceptedAt, state } = delivery;
    const target = [workflowId, method, url, JSON.stringify(headers), endpoint, lane];
    this.#sql.insert.run(tenantId, runId, ordinal, ...target, acceptedAt, state, null, 0, 0, null, deliveryChecksum(delivery));
  }
}

function prepare(database: DatabaseSync) {
  const select = `SELECT ${DELIVERY_COLUMNS} FROM deliveries`;
  return {
    insert: database.prepare(`INSERT INTO deliveries (${DELIVERY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    one: database.prepare(`${select} WHERE tenant_id = ? AND run_id = ? AND ordinal = ?`),
    ofRun: database.prepare(`${select} WHERE tenant_id = ? AND run_id = ? ORDER BY ordinal`),
    dueTo: database.prepare(`
      ${select} INDEXED BY deliveries_lane
      WHERE lane = ? AND due_at IS NOT NULL AND tenant_id = ? AND workflow_id = ? AND method = ? AND endpoint = ?`),
    disabled: database.prepare("SELECT 1 FROM disabled_endpoints WHERE tenant_id = ? AND workflow_id = ? AND method = ? AND endpoint = ?"),
    disable: database.prepare(`
      INSERT INTO disabled_endpoints (tenant_id, workflow_id, method, endpoint, disabled_at, checksum) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`),
    update: database.prepare(`
      UPDATE deliveries SET state = ?, due_at = ?, tries = ?, attempts = ?, ended_at = ?, checksum = ?
      WHERE tenant_id = ? AND run_id = ? AND ordinal = ?`),
  };
}
