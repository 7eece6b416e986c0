import type { DatabaseSync } from "node:sqlite";
import { auditVerbs, tellingVerb } from "#store/sqlite/writer/audit-verbs";
import { budgetVerbs } from "#store/sqlite/writer/budget-verbs";
import { bulkVerbs } from "#store/sqlite/writer/bulk-verbs";
import { devKeyVerbs } from "#store/sqlite/writer/dev-key-verbs";
import { hookVerbs } from "#store/sqlite/writer/hook-verbs";
import { keyVerbs } from "#store/sqlite/writer/key-verbs";
import { knowledgeVerbs } from "#store/sqlite/writer/knowledge-verbs";
import { memberVerbs } from "#store/sqlite/writer/member-verbs";
import { nodeResultVerbs } from "#store/sqlite/writer/node-result-verbs";
import { ownerVerbs } from "#store/sqlite/writer/owner-verbs";
import { priceVerbs } from "#store/sqlite/writer/price-verbs";
import { requestVerbs } from "#store/sqlite/writer/request-verbs";
import { runVerbs } from "#store/sqlite/writer/run-verbs";
import { scheduleVerbs } from "#store/sqlite/writer/schedule-verbs";
import { sessionVerbs } from "#store/sqlite/writer/session-verbs";
import { suspectVerbs } from "#store/sqlite/writer/suspect-verbs";
import { toolVerbs } from "#store/sqlite/writer/tool-verbs";
import { upkeepVerbs } from "#store/sqlite/writer/upkeep-verbs";
import { vaultVerbs } from "#store/sqlite/writer/vault-verbs";
import { webhookVerbs } from "#store/sqlite/writer/webhook-verbs";
import { workflowVerbs } from "#store/sqlite/writer/workflow-verbs";

/** Everything that is ever written. Each verb runs inside a transaction, and twice where another one of its batch fails. */
export function createVerbs(database: DatabaseSync) {
  const verbs = {
    ...runVerbs(database),
    ...requestVerbs(database),
    ...ownerVerbs(database),
    ...suspectVerbs(database),
    ...workflowVerbs(database),
    ...keyVerbs(database),
    ...devKeyVerbs(database),
    ...upkeepVerbs(database),
    ...webhookVerbs(database),
    ...scheduleVerbs(database),
    ...hookVerbs(database),
    ...bulkVerbs(database),
    ...memberVerbs(database),
    ...sessionVerbs(database),
    ...auditVerbs(database),
    ...vaultVerbs(database),
    ...knowledgeVerbs(database),
    ...priceVerbs(database),
    ...budgetVerbs(database),
    ...toolVerbs(database),
    ...nodeResultVerbs(database),
  };
  return { ...verbs, ...tellingVerb(database, verbs) };
}

export type Verbs = ReturnType<typeof createVerbs>;
export type Verb = keyof Verbs;
