import { HOSTED } from "#store/hosted-runs";
import type { Row } from "#store/sql/rows";
import type { RunKey } from "#store/sql/run-columns";
import { RUN_COLUMNS } from "#store/sql/run-row";
import { LAST_PREFIX, READ_COLUMNS } from "#store/sql/segment-places";
import { all, last, type Steps } from "#store/sql/steps";

const LAST = READ_COLUMNS.split(", ").map(
  (column) => `(SELECT ${column} FROM journal WHERE position = last_segment AND run_id = runs.id) AS ${LAST_PREFIX}${column}`,
);
const TAKE = `
  UPDATE runs SET fence = fence + 1 WHERE tenant_id = ? AND id = ? AND owner = '${HOSTED}' AND ended_at IS NULL
  RETURNING ${RUN_COLUMNS}, fence, ${LAST.join(", ")}`;
const UNSTARTED = `
  SELECT tenant_id, id, accepted_at, entries FROM runs INDEXED BY runs_unfinished
  WHERE owner = '${HOSTED}' AND ended_at IS NULL AND fence = 1 AND accepted_at < ? ORDER BY id LIMIT ?`;
const LEFT = `
  SELECT tenant_id, id FROM runs INDEXED BY runs_unfinished
  WHERE owner = '${HOSTED}' AND ended_at IS NULL AND started_by = 'workflow' AND NOT EXISTS
    (SELECT 1 FROM runs calling WHERE calling.tenant_id = runs.tenant_id AND calling.id = runs.starter_id AND calling.ended_at IS NULL)
  ORDER BY id LIMIT ?`;

/** Runs that an engine outside drives. */
export const hostedVerbs = {
  /** Its row under a new fence, beside its last segment; nothing: there is none to be taken. */
  *takeHosted([tenantId, id]: RunKey): Steps<readonly Row[]> {
    return (yield last({ sql: TAKE, values: [tenantId, id], wants: "rows" }, true)).rows;
  },
};

export function unstartedHosted(before: number, limit: number): Steps<readonly Row[]> {
  return all(UNSTARTED, before, limit);
}

export function leftHosted(limit: number): Steps<readonly Row[]> {
  return all(LEFT, limit);
}
