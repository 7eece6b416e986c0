import type { RunTally } from "#store/run-tally";
import type { ListQuery } from "#store/sql/list-query";
import { number, type Row, text, textOrNull } from "#store/sql/rows";
import { firstIdAt } from "#store/sql/run-words";

/** SQL for the class of a duration in ms: eight of them double it. */
export function durationClass(ms: string): string {
  return `CAST(floor(8 * ln(${ms} + 1) / ln(2) + 1e-9) AS INTEGER)`;
}

/** A run's id has the time of its acceptance, so that this reads no other rows. */
export function tallyQuery(tenantId: string, from: number, to: number): ListQuery {
  return {
    sql: `
      SELECT workflow_id, key_id, ${durationClass("execution_ms")} AS duration_class, count(*) AS runs,
        count(ended_at) AS ended, count(*) FILTER (WHERE status = 'FAILED') AS failed, sum(total_cost) AS credits
      FROM runs WHERE tenant_id = ? AND id >= ? AND id < ? AND NOT (version >= 'draft-' AND version < 'draft.')
      GROUP BY workflow_id, key_id, duration_class`,
    values: [tenantId, firstIdAt(from), firstIdAt(to)],
  };
}

export function readTally(row: Row): RunTally {
  return {
    workflowId: text(row, "workflow_id"),
    keyId: textOrNull(row, "key_id"),
    durationClass: number(row, "duration_class"),
    runs: number(row, "runs"),
    ended: number(row, "ended"),
    failed: number(row, "failed"),
    credits: number(row, "credits"),
  };
}
