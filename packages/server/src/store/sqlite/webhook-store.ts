import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Logger } from "#log";
import { endpointUrl } from "#store/delivery-target";
import { StoreCorrupt } from "#store/errors";
import {
  ATTEMPT_COLUMNS,
  DELIVERY_COLUMNS,
  ENDPOINT_COLUMNS,
  readAttempt,
  readDelivery,
  readEndpoint,
  readSecret,
  SECRET_COLUMNS,
  type StoredDelivery,
} from "#store/sqlite/delivery-row";
import { reading } from "#store/sqlite/failure";
import { numberOrNull, type Row, text } from "#store/sqlite/rows";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Change } from "#store/store";
import type {
  AttemptRow,
  DeliveryFilter,
  DeliveryKey,
  DeliveryOutcome,
  DeliveryRow,
  DisabledEndpoint,
  Endpoint,
  NewAttempt,
  SecretRow,
  WebhookStore,
} from "#store/webhook-store";

export interface WebhookStoreParts {
  readonly writer: Writer;
  readonly reader: DatabaseSync;
  readonly changed: (change: Change) => void;
  readonly log: Pick<Logger, "error">;
}

export class SqliteWebhooks implements WebhookStore {
  readonly #parts: WebhookStoreParts;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(parts: WebhookStoreParts) {
    this.#parts = parts;
    this.#read = prepareReads(parts.reader);
  }

  async dueLanes(at: number): Promise<readonly string[]> {
    return reading(() => this.#read.lanes.all(at).map((row) => text(row, "lane")));
  }

  async due(lane: string, at: number, limit: number): Promise<readonly DeliveryRow[]> {
    return reading(() => this.#read.dueOf.all(lane, at, limit).flatMap((row) => this.#whole(row)));
  }

  /** A damaged delivery goes nowhere, and holds up none of the others. */
  #whole(row: Row): readonly DeliveryRow[] {
    try {
      return [served(readDelivery(row))];
    } catch (error) {
      if (!(error instanceof StoreCorrupt)) throw error;
      this.#parts.log.error({ err: error }, "a delivery is damaged and is not sent");
      return [];
    }
  }

  async nextDueAt(after: number): Promise<number | null> {
    return reading(() => numberOrNull(this.#read.nextDueAt.get(after) ?? { at: null }, "at"));
  }

  async record(key: DeliveryKey, attempt: NewAttempt, next: DeliveryOutcome): Promise<void> {
    await this.#parts.writer.write("recordAttempt", [key, attempt, next]);
    this.#changed(key.runId);
  }

  async resend(key: DeliveryKey, at: number): Promise<void> {
    await this.#parts.writer.write("resendDelivery", [key, at]);
    this.#changed(key.runId);
  }

  async recover(tenantId: string, since: number, workflowId: string | null, at: number): Promise<number> {
    const count = await this.#parts.writer.write("recoverDeliveries", [tenantId, since, workflowId, at]);
    if (count > 0) this.#changed("");
    return count;
  }

  async get({ tenantId, runId, ordinal }: DeliveryKey): Promise<DeliveryRow | null> {
    return reading(() => {
      const row = this.#read.one.get(tenantId, runId, ordinal);
      return row ? served(readDelivery(row)) : null;
    });
  }

  async list(tenantId: string, filter: DeliveryFilter): Promise<readonly DeliveryRow[]> {
    const { sql, values } = deliveryQuery(tenantId, filter);
    return reading(() => {
      const rows = this.#parts.reader.prepare(sql).all(...values);
      return rows.map((row) => served(readDelivery(row)));
    });
  }

  async attempts({ tenantId, runId, ordinal }: DeliveryKey): Promise<readonly AttemptRow[]> {
    return reading(() => this.#read.attempts.all(tenantId, runId, ordinal).map(readAttempt));
  }

  async disabledEndpoints(tenantId: string): Promise<readonly DisabledEndpoint[]> {
    return reading(() => this.#read.endpoints.all(tenantId).map(readEndpoint));
  }

  enableEndpoint(tenantId: string, { workflowId, method, url }: Endpoint): Promise<boolean> {
    return this.#parts.writer.write("enableEndpoint", [tenantId, workflowId, method, endpointUrl(url)]);
  }

  async secret(tenantId: string, workflowId: string): Promise<SecretRow | null> {
    return reading(() => {
      const row = this.#read.secret.get(tenantId, workflowId);
      return row ? readSecret(row) : null;
    });
  }

  keepSecret(tenantId: string, workflowId: string, sealed: string, at: number): Promise<SecretRow> {
    return this.#parts.writer.write("keepSecret", [tenantId, workflowId, sealed, at]);
  }

  rotateSecret(tenantId: string, workflowId: string, sealed: string, at: number, previousUntil: number): Promise<SecretRow> {
    return this.#parts.writer.write("rotateSecret", [tenantId, workflowId, sealed, at, previousUntil]);
  }

  #changed(id: string): void {
    this.#parts.changed({ kind: "delivery", id });
  }
}

function served({ endpoint: _, ...row }: StoredDelivery): DeliveryRow {
  return row;
}

/** One keyset page, newest run first; the index is named, because without statistics the planner takes the table. */
function deliveryQuery(tenantId: string, filter: DeliveryFilter): { readonly sql: string; readonly values: readonly SQLInputValue[] } {
  const conditions = ["tenant_id = ?"];
  const values: SQLInputValue[] = [tenantId];
  const add = (condition: string, ...bound: SQLInputValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  const { runId, workflowId, state, since, before, limit } = filter;
  if (runId !== undefined) add("run_id = ?", runId);
  if (workflowId !== undefined) add("workflow_id = ?", workflowId);
  if (state !== undefined) add("state = ?", state);
  // Says to the planner that the partial index has all of them.
  if (state !== undefined && state !== "delivered") add("state <> 'delivered'");
  if (since !== undefined) add("accepted_at >= ?", since);
  if (before) add("(run_id, ordinal) < (?, ?)", before.runId, before.ordinal);
  const where = `WHERE ${conditions.join(" AND ")} ORDER BY run_id DESC, ordinal DESC LIMIT ?`;
  return { sql: `SELECT ${DELIVERY_COLUMNS} FROM deliveries ${indexFor(filter)} ${where}`, values: [...values, limit] };
}

function indexFor({ runId, workflowId, state }: DeliveryFilter): string {
  if (runId !== undefined) return "";
  if (state !== undefined && state !== "delivered") return "INDEXED BY deliveries_state";
  return workflowId === undefined ? "" : "INDEXED BY deliveries_workflow";
}

function prepareReads(database: DatabaseSync) {
  const select = `SELECT ${DELIVERY_COLUMNS} FROM deliveries`;
  return {
    // The lanes with something due, each found by one step in the index, however much is due in it; the longest due first.
    lanes: database.prepare(`
      WITH RECURSIVE found (lane) AS (
        SELECT min(lane) FROM deliveries INDEXED BY deliveries_lane WHERE due_at IS NOT NULL
        UNION ALL
        SELECT (SELECT min(lane) FROM deliveries INDEXED BY deliveries_lane WHERE due_at IS NOT NULL AND lane > found.lane) FROM found WHERE found.lane IS NOT NULL
      ), first (lane, due_at) AS (
        SELECT lane, (SELECT min(due_at) FROM deliveries INDEXED BY deliveries_lane WHERE due_at IS NOT NULL AND lane = found.lane) FROM found WHERE lane IS NOT NULL
      )
      SELECT lane FROM first WHERE due_at <= ? ORDER BY due_at`),
    dueOf: database.prepare(
      `${select} INDEXED BY deliveries_lane WHERE lane = ? AND due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?`,
    ),
    nextDueAt: database.prepare(
      "SELECT min(due_at) AS at FROM deliveries INDEXED BY deliveries_due WHERE due_at IS NOT NULL AND due_at > ?",
    ),
    one: database.prepare(`${select} WHERE tenant_id = ? AND run_id = ? AND ordinal = ?`),
    attempts: database.prepare(`
      SELECT ${ATTEMPT_COLUMNS} FROM delivery_attempts WHERE tenant_id = ? AND run_id = ? AND ordinal = ? ORDER BY number`),
    endpoints: database.prepare(`
      SELECT ${ENDPOINT_COLUMNS} FROM disabled_endpoints WHERE tenant_id = ? ORDER BY workflow_id, endpoint, method`),
    secret: database.prepare(`SELECT ${SECRET_COLUMNS} FROM webhook_secrets WHERE tenant_id = ? AND workflow_id = ?`),
  };
}
