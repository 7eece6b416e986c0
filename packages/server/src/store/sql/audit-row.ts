import type { NewAuditEntry } from "#deed";
import type { AuditRow } from "#store/audit-store";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";

export const AUDIT_COLUMNS =
  "tenant_id, at, actor_kind, actor_id, actor_name, action, targets, address, status, result, request_id, checksum";

/** The columns without the checksum, in their order. */
export function auditColumns(tenantId: string, entry: NewAuditEntry): readonly (string | number | null)[] {
  const { at, actor, action, targets, address, status, result, requestId } = entry;
  return [tenantId, at, actor.kind, actor.id, actor.name, action, JSON.stringify(targets), address, status, result, requestId];
}

export function auditChecksum(columns: readonly (string | number | null)[]): number {
  return rowChecksum(columns);
}

export function readAudit(row: Row): AuditRow {
  const position = number(row, "position");
  const entry: AuditRow = {
    position,
    at: number(row, "at"),
    actor: {
      kind: text(row, "actor_kind") as AuditRow["actor"]["kind"],
      id: textOrNull(row, "actor_id"),
      name: textOrNull(row, "actor_name"),
    },
    action: text(row, "action"),
    targets: targetsOf(position, text(row, "targets")),
    address: textOrNull(row, "address"),
    status: numberOrNull(row, "status"),
    result: text(row, "result") as AuditRow["result"],
    requestId: textOrNull(row, "request_id"),
  };
  if (auditChecksum(auditColumns(text(row, "tenant_id"), entry)) !== row["checksum"]) throw damaged(position);
  return entry;
}

function targetsOf(position: number, json: string): AuditRow["targets"] {
  try {
    return JSON.parse(json) as AuditRow["targets"];
  } catch {
    throw damaged(position);
  }
}

function damaged(position: number): StoreCorrupt {
  return new StoreCorrupt(`the entry ${position} of the audit log is not what was written`);
}
