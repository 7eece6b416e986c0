import type { AlertRow, AlertSettings, AlertStanding, OwnedAlert, ToldAlert } from "#store/alert-store";
import { NotFound } from "#store/errors";
import { ALERT_COLUMNS, ALERT_EVENT_COLUMNS, alertColumns, alertEventColumns, readAlert } from "#store/sql/alert-row";
import { addAlertDelivery, type TargetColumns } from "#store/sql/outbox";
import { text } from "#store/sql/rows";
import { all, insert, one, run, type Steps, upsert } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";

/** Events that are forgotten in one go. */
const PRUNED_AT_ONCE = 200;

const PUT = upsert("alerts", ALERT_COLUMNS, "tenant_id, id");
const INSERT_EVENT = insert("alert_events", ALERT_EVENT_COLUMNS);
const OLD = `SELECT tenant_id, id FROM alert_events WHERE at < ? LIMIT ${PRUNED_AT_ONCE}`;

export const alertVerbs = {
  *createAlert(tenantId: string, alert: AlertRow): Steps<void> {
    yield* insertTenant(tenantId, alert.createdAt);
    yield* run(PUT, ...alertColumns({ ...alert, tenantId }));
  },

  *updateAlert(tenantId: string, id: string, settings: AlertSettings, at: number): Steps<void> {
    const alert = yield* found(tenantId, id);
    if (!alert) throw new NotFound(`the alert ${id}`);
    yield* run(PUT, ...alertColumns({ ...alert, ...settings, state: "ok", updatedAt: at }));
  },

  *deleteAlert(tenantId: string, id: string): Steps<boolean> {
    return (yield* run("DELETE FROM alerts WHERE tenant_id = ? AND id = ?", tenantId, id)) === 1;
  },

  /** False: the rule is no longer as it was seen. */
  *settleAlert(
    tenantId: string,
    seen: AlertRow,
    next: AlertStanding,
    told: ToldAlert | null,
    target: TargetColumns | null,
  ): Steps<boolean> {
    const alert = yield* found(tenantId, seen.id);
    const isAsSeen = alert?.updatedAt === seen.updatedAt && alert.state === seen.state && alert.firedAt === seen.firedAt;
    if (!alert || !isAsSeen) return false;
    yield* run(PUT, ...alertColumns({ ...alert, ...next }));
    if (!told || !target) return true;
    yield* run(INSERT_EVENT, ...alertEventColumns(tenantId, told.event));
    yield* addAlertDelivery(tenantId, told, target);
    return true;
  },

  /** False: there were no more. */
  *pruneAlertEvents(before: number): Steps<boolean> {
    const rows = yield* all(OLD, before);
    for (const row of rows) {
      const key = [text(row, "tenant_id"), text(row, "id")] as const;
      yield* run("DELETE FROM alert_events WHERE tenant_id = ? AND id = ?", ...key);
      yield* run("DELETE FROM delivery_attempts WHERE tenant_id = ? AND run_id = ?", ...key);
      yield* run("DELETE FROM deliveries WHERE tenant_id = ? AND run_id = ?", ...key);
    }
    return rows.length === PRUNED_AT_ONCE;
  },
};

function* found(tenantId: string, id: string): Steps<OwnedAlert | null> {
  const row = yield* one(`SELECT ${ALERT_COLUMNS} FROM alerts WHERE tenant_id = ? AND id = ?`, tenantId, id);
  return row ? readAlert(row) : null;
}
