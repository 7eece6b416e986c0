import { alertVerbs } from "#store/sql/alert-verbs";
import { auditVerbs } from "#store/sql/audit-verbs";
import { budgetVerbs } from "#store/sql/budget-verbs";
import { bulkVerbs } from "#store/sql/bulk-verbs";
import { devKeyVerbs } from "#store/sql/dev-key-verbs";
import type { Dialect } from "#store/sql/dialect";
import { extendVerb } from "#store/sql/extend-verb";
import { hookVerbs } from "#store/sql/hook-verbs";
import { hostedVerbs } from "#store/sql/hosted-verbs";
import { keyVerbs } from "#store/sql/key-verbs";
import { knowledgeVerbs } from "#store/sql/knowledge-verbs";
import { memberVerbs } from "#store/sql/member-verbs";
import { nodeResultVerbs } from "#store/sql/node-result-verbs";
import { ownerVerbs } from "#store/sql/owner-verbs";
import { priceVerbs } from "#store/sql/price-verbs";
import { requestVerbs } from "#store/sql/request-verbs";
import { runVerbs } from "#store/sql/run-verbs";
import { scheduleVerbs } from "#store/sql/schedule-verbs";
import type { SegmentPlaces } from "#store/sql/segment-places";
import { sessionVerbs } from "#store/sql/session-verbs";
import { shareVerbs } from "#store/sql/share-verbs";
import type { Outcome, Steps } from "#store/sql/steps";
import { suspectVerbs } from "#store/sql/suspect-verbs";
import { tellingVerb } from "#store/sql/telling-verb";
import { toolVerbs } from "#store/sql/tool-verbs";
import { upkeepVerbs } from "#store/sql/upkeep-verbs";
import { vaultVerbs } from "#store/sql/vault-verbs";
import { webhookVerbs } from "#store/sql/webhook-verbs";
import { workflowVerbs } from "#store/sql/workflow-verbs";

/** Those that change the rows of runs, and of what belongs to them. */
export const RUN_VERBS: ReadonlySet<SharedVerb> = new Set<SharedVerb>([
  ...(["accept", "append", "extend", "sleep", "takeHosted", "keepNodeResult"] as const),
  ...(Object.keys({ ...ownerVerbs, ...suspectVerbs }) as (keyof typeof ownerVerbs | keyof typeof suspectVerbs)[]),
]);

/** What is written in the same steps on every database. Each verb runs inside a transaction, and again where that one fails for others. */
export function sharedVerbs({ words, joins }: Pick<Dialect, "words" | "joins">, places: SegmentPlaces) {
  const verbs = {
    ...runVerbs(places, joins),
    ...extendVerb(places),
    ...ownerVerbs,
    ...hostedVerbs,
    ...suspectVerbs,
    ...upkeepVerbs,
    ...workflowVerbs,
    ...keyVerbs,
    ...devKeyVerbs,
    ...requestVerbs,
    ...webhookVerbs,
    ...scheduleVerbs,
    ...hookVerbs,
    ...bulkVerbs,
    ...memberVerbs,
    ...sessionVerbs,
    ...auditVerbs,
    ...vaultVerbs,
    ...knowledgeVerbs(words),
    ...priceVerbs,
    ...budgetVerbs,
    ...toolVerbs,
    ...nodeResultVerbs,
    ...alertVerbs,
    ...shareVerbs,
  };
  return { ...verbs, ...tellingVerb(verbs) };
}

export type SharedVerbs = ReturnType<typeof sharedVerbs>;
export type SharedVerb = keyof SharedVerbs;

/** The verbs as functions of whoever runs steps at once. */
export type FinishedVerbs = { readonly [V in SharedVerb]: (...args: Parameters<SharedVerbs[V]>) => Outcome<SharedVerbs[V]> };

export function finishedVerbs(verbs: SharedVerbs, finish: <T>(steps: Steps<T>) => T): FinishedVerbs {
  const finished = Object.entries(verbs).map(([name, verb]) => [
    name,
    (...args: readonly unknown[]) => finish((verb as (...given: readonly unknown[]) => Steps<unknown>)(...args)),
  ]);
  return Object.fromEntries(finished) as FinishedVerbs;
}
