import type { MovedTable } from "#store/sql/movable";

const ROWS_AT_ONCE = 500;

/** Of a table whose rows may have a megabyte each. */
const LARGE_ROWS_AT_ONCE = 20;

/** Of a table whose rows may have tens of megabytes each. */
const HUGE_ROWS_AT_ONCE = 2;

function table(name: string, key: string, rowsAtOnce = ROWS_AT_ONCE): MovedTable {
  return { name, key: key.split(", "), rowsAtOnce };
}

/** Every table whose rows are moved with the data, what others refer to first. Values that a data directory has as files are a table, too. */
export const MOVED_TABLES: readonly MovedTable[] = [
  table("tenants", "id"),
  table("secret_key", "id"),
  table("workflows", "tenant_id, id", LARGE_ROWS_AT_ONCE),
  table("versions", "tenant_id, workflow_id, ordinal", LARGE_ROWS_AT_ONCE),
  table("draft_versions", "tenant_id, workflow_id, version", LARGE_ROWS_AT_ONCE),
  table("draft_history", "tenant_id, workflow_id, entry", LARGE_ROWS_AT_ONCE),
  table("api_keys", "tenant_id, id"),
  table("key_workflows", "tenant_id, key_id, workflow_id"),
  table("dev_keys", "tenant_id, id"),
  table("members", "tenant_id, id"),
  table("invitations", "tenant_id, id"),
  table("sessions", "tenant_id, id"),
  table("audit_log", "position"),
  table("vault", "tenant_id, kind, name"),
  table("webhook_secrets", "tenant_id, workflow_id"),
  table("schedules", "tenant_id, id"),
  table("hooks", "tenant_id, id"),
  table("bulk_jobs", "tenant_id, id"),
  table("tool_collections", "tenant_id, name"),
  table("tool_operations", "tenant_id, collection", LARGE_ROWS_AT_ONCE),
  table("prices", "tenant_id, models"),
  table("budgets", "tenant_id, id"),
  table("alerts", "tenant_id, id"),
  table("alert_events", "tenant_id, id"),
  table("large_values", "sha256", HUGE_ROWS_AT_ONCE),
  table("journal", "position"),
  table("runs", "tenant_id, id"),
  table("sleepers", "tenant_id, run_id"),
  table("suspects", "tenant_id, run_id"),
  table("idempotency_keys", "tenant_id, key_id, key"),
  table("approvals", "tenant_id, id"),
  table("run_shares", "tenant_id, run_id, id"),
  table("deliveries", "tenant_id, run_id, ordinal"),
  table("delivery_attempts", "tenant_id, run_id, ordinal, number", LARGE_ROWS_AT_ONCE),
  table("disabled_endpoints", "tenant_id, workflow_id, method, endpoint"),
  table("usage", "tenant_id, run_id, seq, ordinal"),
  table("usage_sums", "tenant_id, dimension, span, since, value"),
  table("draft_usage_sums", "tenant_id, dimension, span, since, value"),
  table("node_results", "tenant_id, workflow_id, key", LARGE_ROWS_AT_ONCE),
  table("node_result_sums", "tenant_id"),
  table("refused_requests", "position"),
  table("knowledge_bases", "tenant_id, id"),
  table("knowledge_documents", "tenant_id, id"),
  table("knowledge_contents", "tenant_id, document_id, revision", HUGE_ROWS_AT_ONCE),
  table("knowledge_passages", "id"),
  table("knowledge_vectors", "passage_id"),
  table("knowledge_leftovers", "tenant_id, document_id"),
];

/** Tables that number their rows, and never give a number twice. */
export const COUNTED_TABLES: readonly (readonly [table: string, column: string])[] = [
  ["audit_log", "position"],
  ["refused_requests", "position"],
  ["knowledge_passages", "id"],
];
