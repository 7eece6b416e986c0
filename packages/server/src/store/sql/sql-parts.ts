import type { Logger } from "#log";
import { SqlAlerts } from "#store/sql/alert-store";
import { SqlApprovals } from "#store/sql/approval-store";
import { SqlAudit } from "#store/sql/audit-store";
import { SqlBudgets } from "#store/sql/budget-store";
import { SqlBulkJobs } from "#store/sql/bulk-store";
import type { SqlDatabase } from "#store/sql/database";
import { SqlDevKeys } from "#store/sql/dev-key-store";
import { SqlDrafts } from "#store/sql/draft-store";
import { SqlHooks } from "#store/sql/hook-store";
import { SqlKeys } from "#store/sql/key-store";
import { SqlKnowledge } from "#store/sql/knowledge-store";
import { SqlMembers } from "#store/sql/member-store";
import { SqlNodeResults } from "#store/sql/node-result-store";
import { SqlPrices } from "#store/sql/price-store";
import { SqlRequests } from "#store/sql/request-store";
import { SqlSchedules } from "#store/sql/schedule-store";
import { SqlShares } from "#store/sql/share-store";
import { SqlTools } from "#store/sql/tool-store";
import { SqlUsage } from "#store/sql/usage-store";
import { SqlVault } from "#store/sql/vault-store";
import { SqlWebhooks } from "#store/sql/webhook-store";
import { SqlWorkflows } from "#store/sql/workflow-store";
import type { Store } from "#store/store";

/** What of a store is the same on every database, but for runs and their upkeep. */
export type SqlParts = Omit<Store, "runs" | "upkeep" | "shared" | "watch" | "lead" | "figures" | "forgetStart" | "check" | "close">;

export function sqlParts(database: SqlDatabase, log: Pick<Logger, "error">): SqlParts {
  return {
    workflows: new SqlWorkflows(database),
    drafts: new SqlDrafts(database),
    requests: new SqlRequests(database),
    keys: new SqlKeys(database),
    devKeys: new SqlDevKeys(database),
    webhooks: new SqlWebhooks(database, log),
    schedules: new SqlSchedules(database, log),
    hooks: new SqlHooks(database),
    jobs: new SqlBulkJobs(database),
    approvals: new SqlApprovals(database),
    members: new SqlMembers(database),
    audit: new SqlAudit(database),
    vault: new SqlVault(database),
    knowledge: new SqlKnowledge(database),
    prices: new SqlPrices(database),
    usage: new SqlUsage(database),
    budgets: new SqlBudgets(database),
    tools: new SqlTools(database),
    nodeResults: new SqlNodeResults(database),
    alerts: new SqlAlerts(database, log),
    shares: new SqlShares(database),
  };
}
