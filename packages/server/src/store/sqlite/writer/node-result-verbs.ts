import type { DatabaseSync } from "node:sqlite";
import { type NewNodeResult, NODE_RESULTS } from "#store/node-result-store";
import { NODE_RESULT_COLUMNS, nodeResultColumns } from "#store/sqlite/node-result-row";
import { number, type Row } from "#store/sqlite/rows";

/** Where there are too many, so many of them go that the next ones have room. */
const KEPT_SHARE = 0.9;

export function nodeResultVerbs(database: DatabaseSync) {
  const insert = database.prepare(`INSERT INTO node_results (${NODE_RESULT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const replaced = database.prepare("DELETE FROM node_results WHERE tenant_id = ? AND workflow_id = ? AND key = ? RETURNING bytes");
  const oldest = database.prepare(
    `DELETE FROM node_results WHERE tenant_id = ?1 AND rowid IN
       (SELECT rowid FROM node_results WHERE tenant_id = ?1 ORDER BY at, rowid LIMIT 1) RETURNING bytes`,
  );
  const sums = sumsOf(database);
  return {
    keepNodeResult(tenantId: string, result: NewNodeResult): void {
      const bytes = Buffer.byteLength(result.result);
      sums.remove(tenantId, replaced.all(tenantId, result.workflowId, result.key));
      insert.run(...nodeResultColumns(tenantId, result, bytes));
      sums.add(tenantId, 1, bytes);
      if (!sums.exceed(tenantId, 1)) return;
      while (sums.exceed(tenantId, KEPT_SHARE)) sums.remove(tenantId, oldest.all(tenantId));
    },
  };
}

/** Deletes the results that a run made. */
export function nodeResultsOfRun(database: DatabaseSync): (tenantId: string, runId: string) => void {
  const remove = database.prepare("DELETE FROM node_results WHERE tenant_id = ? AND run_id = ? RETURNING bytes");
  const sums = sumsOf(database);
  return (tenantId, runId) => sums.remove(tenantId, remove.all(tenantId, runId));
}

/** Deletes the results of all nodes of a workflow. */
export function nodeResultsOfWorkflow(database: DatabaseSync): (tenantId: string, workflowId: string) => void {
  const remove = database.prepare("DELETE FROM node_results WHERE tenant_id = ? AND workflow_id = ? RETURNING bytes");
  const sums = sumsOf(database);
  return (tenantId, workflowId) => sums.remove(tenantId, remove.all(tenantId, workflowId));
}

function sumsOf(database: DatabaseSync) {
  const change = database.prepare(
    `INSERT INTO node_result_sums (tenant_id, results, bytes) VALUES (?, ?, ?)
     ON CONFLICT (tenant_id) DO UPDATE SET results = results + excluded.results, bytes = bytes + excluded.bytes`,
  );
  const read = database.prepare("SELECT results, bytes FROM node_result_sums WHERE tenant_id = ?");
  return {
    add: (tenantId: string, results: number, bytes: number): void => void change.run(tenantId, results, bytes),

    remove(tenantId: string, deleted: readonly Row[]): void {
      if (deleted.length === 0) return;
      const bytes = deleted.reduce((sum, row) => sum + number(row, "bytes"), 0);
      change.run(tenantId, -deleted.length, -bytes);
    },

    /** More than this share of what a tenant may keep. */
    exceed(tenantId: string, share: number): boolean {
      const row = read.get(tenantId);
      if (!row) return false;
      return number(row, "results") > share * NODE_RESULTS.count || number(row, "bytes") > share * NODE_RESULTS.bytes;
    },
  };
}
