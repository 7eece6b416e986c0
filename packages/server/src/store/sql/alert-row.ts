import type { AlertEventRow, AlertRow, AlertSettings, AlertStanding, OwnedAlert } from "#store/alert-store";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text } from "#store/sql/rows";

export const ALERT_COLUMNS = "tenant_id, id, definition, enabled, state, fired_at, created_at, updated_at, checksum";
export const ALERT_EVENT_COLUMNS = "tenant_id, id, alert_id, type, at, figure, text, checksum";

type Definition = Omit<AlertSettings, "enabled">;

export function alertColumns(alert: OwnedAlert) {
  const { tenantId, id, enabled, state, firedAt, createdAt, updatedAt } = alert;
  const values = [tenantId, id, definitionText(alert), Number(enabled), state, firedAt, createdAt, updatedAt] as const;
  return [...values, rowChecksum(values)] as const;
}

/** Throws StoreCorrupt where the row is not what was written: it must not tell of what nobody watches. */
export function readAlert(row: Row): OwnedAlert {
  const values = [text(row, "tenant_id"), text(row, "id"), text(row, "definition"), number(row, "enabled"), text(row, "state")] as const;
  const [tenantId, id, definition, enabled, state] = values;
  const times = [numberOrNull(row, "fired_at"), number(row, "created_at"), number(row, "updated_at")] as const;
  const [firedAt, createdAt, updatedAt] = times;
  if (rowChecksum([...values, ...times]) !== row["checksum"]) throw new StoreCorrupt(`the row of alert ${id} is not what was written`);
  const standing = { state: state as AlertStanding["state"], firedAt };
  // Rules had no language before they had four to choose from.
  const settings = { language: "en", ...JSON.parse(definition) } as Definition;
  return { tenantId, id, ...settings, enabled: enabled === 1, ...standing, createdAt, updatedAt };
}

export function withoutTenant({ tenantId: _, ...row }: OwnedAlert): AlertRow {
  return row;
}

export function alertEventColumns(tenantId: string, { id, alertId, type, at, figure, text: said }: AlertEventRow) {
  const values = [tenantId, id, alertId, type, at, figure, said] as const;
  return [...values, rowChecksum(values)] as const;
}

export function readAlertEvent(row: Row): AlertEventRow {
  const event: AlertEventRow = {
    id: text(row, "id"),
    alertId: text(row, "alert_id"),
    type: text(row, "type") as AlertEventRow["type"],
    at: number(row, "at"),
    figure: numberOrNull(row, "figure"),
    text: text(row, "text"),
  };
  if (alertEventColumns(text(row, "tenant_id"), event).at(-1) !== row["checksum"])
    throw new StoreCorrupt(`the row of event ${event.id} of alert ${event.alertId} is not what was written`);
  return event;
}

function definitionText({ name, kind, workflowId, budgetId, threshold, windowMs, channel, language, quietMs }: Definition): string {
  const { kind: channelKind, url } = channel;
  const settings: Definition = {
    name,
    kind,
    workflowId,
    budgetId,
    threshold,
    windowMs,
    channel: { kind: channelKind, url },
    language,
    quietMs,
  };
  return JSON.stringify(settings);
}
