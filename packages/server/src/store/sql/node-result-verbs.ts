import { type NewNodeResult, NODE_RESULTS } from "#store/node-result-store";
import { NODE_RESULT_COLUMNS, nodeResultColumns } from "#store/sql/node-result-row";
import { number, type Row } from "#store/sql/rows";
import { all, insert, one, run, type Steps } from "#store/sql/steps";

/** Where there are too many, so many of them go that the next ones have room. */
const KEPT_SHARE = 0.9;

const INSERT = insert("node_results", NODE_RESULT_COLUMNS);
const DELETE = "DELETE FROM node_results WHERE tenant_id = ?";
const DELETE_OLDEST = `
  ${DELETE} AND (workflow_id, key) IN (
    SELECT workflow_id, key FROM node_results WHERE tenant_id = ? ORDER BY at, workflow_id, key LIMIT 1) RETURNING bytes`;
const ADD = `
  INSERT INTO node_result_sums (tenant_id, results, bytes) VALUES (?, ?, ?)
  ON CONFLICT (tenant_id) DO UPDATE
    SET results = node_result_sums.results + excluded.results, bytes = node_result_sums.bytes + excluded.bytes`;

export const nodeResultVerbs = {
  *keepNodeResult(tenantId: string, result: NewNodeResult): Steps<void> {
    const bytes = Buffer.byteLength(result.result);
    const { workflowId, key } = result;
    yield* subtract(tenantId, yield* all(`${DELETE} AND workflow_id = ? AND key = ? RETURNING bytes`, tenantId, workflowId, key));
    yield* run(INSERT, ...nodeResultColumns(tenantId, result, bytes));
    yield* run(ADD, tenantId, 1, bytes);
    if (!(yield* exceed(tenantId, 1))) return;
    while (yield* exceed(tenantId, KEPT_SHARE)) yield* subtract(tenantId, yield* all(DELETE_OLDEST, tenantId, tenantId));
  },
};

/** Deletes the results that a run made. */
export function* forgetResultsOfRun(tenantId: string, runId: string): Steps<void> {
  yield* subtract(tenantId, yield* all(`${DELETE} AND run_id = ? RETURNING bytes`, tenantId, runId));
}

/** Deletes the results of all nodes of a workflow. */
export function* forgetResultsOfWorkflow(tenantId: string, workflowId: string): Steps<void> {
  yield* subtract(tenantId, yield* all(`${DELETE} AND workflow_id = ? RETURNING bytes`, tenantId, workflowId));
}

function* subtract(tenantId: string, deleted: readonly Row[]): Steps<void> {
  if (deleted.length === 0) return;
  const bytes = deleted.reduce((sum, row) => sum + number(row, "bytes"), 0);
  yield* run(ADD, tenantId, -deleted.length, -bytes);
}

/** More than this share of what a tenant may keep. */
function* exceed(tenantId: string, share: number): Steps<boolean> {
  const row = yield* one("SELECT results, bytes FROM node_result_sums WHERE tenant_id = ?", tenantId);
  if (!row) return false;
  return number(row, "results") > share * NODE_RESULTS.count || number(row, "bytes") > share * NODE_RESULTS.bytes;
}
