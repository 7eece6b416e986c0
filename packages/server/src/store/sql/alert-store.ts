import type { Logger } from "#log";
import {
  ALERTS,
  type AlertEventFilter,
  type AlertEventRow,
  type AlertRow,
  type AlertSettings,
  type AlertStanding,
  type AlertStore,
  CLASSES_PER_OCTAVE,
  type EndingTally,
  type OwnedAlert,
  type ToldAlert,
} from "#store/alert-store";
import { endpointUrl, laneOf } from "#store/delivery-target";
import { StoreCorrupt } from "#store/errors";
import { ALERT_COLUMNS, ALERT_EVENT_COLUMNS, readAlert, readAlertEvent, withoutTenant } from "#store/sql/alert-row";
import { Conditions } from "#store/sql/conditions";
import type { SqlDatabase } from "#store/sql/database";
import type { TargetColumns } from "#store/sql/outbox";
import { number, type Row, text } from "#store/sql/rows";
import { firstIdAt, IS_DRAFT } from "#store/sql/run-words";
import { all, one, type Steps } from "#store/sql/steps";
import type { Period } from "#store/usage-store";
import type { WebhookTarget } from "#store/webhook-store";

const SELECT = `SELECT ${ALERT_COLUMNS} FROM alerts`;
const COUNTS = `ended_at IS NOT NULL AND (error_type IS NULL OR error_type <> 'cancelled') AND NOT (${IS_DRAFT})`;
const DURATION_CLASS = `CAST(floor(${CLASSES_PER_OCTAVE} * ln(execution_ms + 1) / ln(2)) AS INTEGER)`;
const ENDINGS = `
  SELECT workflow_id, ${DURATION_CLASS} AS duration_class, count(*) AS ended, sum(CASE WHEN status = 'FAILED' THEN 1 ELSE 0 END) AS failed
  FROM runs WHERE tenant_id = ? AND id >= ? AND id < ? AND ${COUNTS} AND ended_at >= ? AND ended_at < ?
  GROUP BY workflow_id, duration_class`;
const FAILING = `
  SELECT count(*) AS count FROM deliveries INDEXED BY deliveries_state
  WHERE tenant_id = ? AND state <> 'delivered' AND alert_id IS NULL
    AND ((state = 'due' AND tries > 0) OR (state IN ('failed', 'disabled') AND ended_at >= ?))`;

export class SqlAlerts implements AlertStore {
  readonly #database: SqlDatabase;
  readonly #log: Pick<Logger, "error">;

  constructor(database: SqlDatabase, log: Pick<Logger, "error">) {
    this.#database = database;
    this.#log = log;
  }

  async create(tenantId: string, alert: AlertRow): Promise<void> {
    await this.#database.write("createAlert", [tenantId, alert]);
    this.#changed(alert.id);
  }

  async update(tenantId: string, id: string, settings: AlertSettings, at: number): Promise<void> {
    await this.#database.write("updateAlert", [tenantId, id, settings, at]);
    this.#changed(id);
  }

  async delete(tenantId: string, id: string): Promise<boolean> {
    const isDeleted = await this.#database.write("deleteAlert", [tenantId, id]);
    if (isDeleted) this.#changed(id);
    return isDeleted;
  }

  async get(tenantId: string, id: string): Promise<AlertRow | null> {
    const row = await this.#database.read(one(`${SELECT} WHERE tenant_id = ? AND id = ?`, tenantId, id));
    return row ? withoutTenant(readAlert(row)) : null;
  }

  async list(tenantId: string): Promise<readonly AlertRow[]> {
    const rows = await this.#database.read(all(`${SELECT} WHERE tenant_id = ? ORDER BY created_at, id`, tenantId));
    return rows.map((row) => withoutTenant(readAlert(row)));
  }

  async watched(): Promise<readonly OwnedAlert[]> {
    const rows = await this.#database.read(all(`${SELECT} WHERE enabled = 1 ORDER BY tenant_id, created_at, id`));
    return rows.flatMap((row) => this.#whole(row));
  }

  #whole(row: Row): readonly OwnedAlert[] {
    try {
      return [readAlert(row)];
    } catch (error) {
      if (!(error instanceof StoreCorrupt)) throw error;
      this.#log.error({ err: error }, "an alert is damaged and watches nothing");
      return [];
    }
  }

  async settle(tenantId: string, seen: AlertRow, next: AlertStanding, told: ToldAlert | null): Promise<boolean> {
    const isWritten = await this.#database.write("settleAlert", [tenantId, seen, next, told, told && targetColumns(told.target)]);
    if (!isWritten) return false;
    this.#changed(seen.id);
    if (told) this.#database.changed({ kind: "delivery", id: told.event.id });
    return true;
  }

  async events(tenantId: string, filter: AlertEventFilter): Promise<readonly AlertEventRow[]> {
    return (await this.#database.read(eventsPage(tenantId, filter))).map(readAlertEvent);
  }

  prune(before: number): Promise<boolean> {
    return this.#database.write("pruneAlertEvents", [before]);
  }

  async endings(tenantId: string, accepted: Period, ended: Period): Promise<readonly EndingTally[]> {
    const ids = [firstIdAt(accepted.from), firstIdAt(accepted.to)];
    return (await this.#database.read(all(ENDINGS, tenantId, ...ids, ended.from, ended.to))).map(readEnding);
  }

  async lastAcceptedAt(tenantId: string, workflowId: string | null): Promise<number | null> {
    const [row] = await this.#database.read(newest("accepted_at", `NOT (${IS_DRAFT})`, { tenantId, workflowId }, 1));
    return row ? number(row, "accepted_at") : null;
  }

  async failuresInARow(tenantId: string, workflowId: string | null, most: number): Promise<number> {
    const rows = await this.#database.read(newest("status", COUNTS, { tenantId, workflowId }, most));
    const failures = rows.findIndex((row) => text(row, "status") !== "FAILED");
    return failures < 0 ? rows.length : failures;
  }

  async failingDeliveries(tenantId: string, workflowId: string | null, since: number): Promise<number> {
    const steps = workflowId === null ? one(FAILING, tenantId, since) : one(`${FAILING} AND workflow_id = ?`, tenantId, since, workflowId);
    return number((await this.#database.read(steps)) ?? { count: 0 }, "count");
  }

  #changed(id: string): void {
    this.#database.changed({ kind: "alert", id });
  }
}

interface RunsOf {
  readonly tenantId: string;
  readonly workflowId: string | null;
}

/** The newest runs that the condition holds for. */
function newest(column: string, condition: string, { tenantId, workflowId }: RunsOf, limit: number): Steps<readonly Row[]> {
  const select = `SELECT ${column} FROM runs`;
  const order = "ORDER BY id DESC LIMIT ?";
  return workflowId === null
    ? all(`${select} WHERE tenant_id = ? AND ${condition} ${order}`, tenantId, limit)
    : all(
        `${select} INDEXED BY runs_workflow WHERE tenant_id = ? AND workflow_id = ? AND ${condition} ${order}`,
        tenantId,
        workflowId,
        limit,
      );
}

function eventsPage(tenantId: string, { alertId, before, limit }: AlertEventFilter): Steps<readonly Row[]> {
  const where = new Conditions("tenant_id = ?", tenantId).and("alert_id = ?", alertId).and("id < ?", before);
  const index = alertId === undefined ? "" : "INDEXED BY alert_events_alert";
  return all(
    `SELECT ${ALERT_EVENT_COLUMNS} FROM alert_events ${index} WHERE ${where.sql} ORDER BY id DESC LIMIT ?`,
    ...where.values,
    limit,
  );
}

function targetColumns({ method, url, headers }: WebhookTarget): TargetColumns {
  return [method, url, headers, endpointUrl(url), laneOf(ALERTS, { url })];
}

function readEnding(row: Row): EndingTally {
  return {
    workflowId: text(row, "workflow_id"),
    durationClass: number(row, "duration_class"),
    ended: number(row, "ended"),
    failed: number(row, "failed"),
  };
}
