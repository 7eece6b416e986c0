import type { ConversationType, RunTrigger } from "@millrace/contract";
import type { RunContents } from "#store/store";

/** What of our triggers the published words mean. SHARE, a page that runs a workflow, is nothing that this server has. */
export const TRIGGERS_OF: { readonly [Type in ConversationType]: readonly RunTrigger[] } = {
  ALL: ["api", "retry", "schedule", "webhook", "workflow", "manual"],
  API: ["api", "retry", "schedule", "webhook"],
  AGENT: ["workflow"],
  SHARE: [],
  C_WORKFLOW: ["manual"],
};

/** One row of the published log, keys in its order; input and output are JSON texts. */
export function presentRunLog(run: RunContents) {
  return {
    log_id: run.id,
    workflow_run_id: run.id,
    input: JSON.stringify(run.input),
    ...(run.output && { output: JSON.stringify(run.output) }),
    ...(run.userId !== null && { user_id: run.userId }),
    conversation_type: conversationType(run.origin?.trigger ?? "api"),
    status: run.status,
    workflow_version: run.version,
    total_cost: run.totalCost,
    total_tokens: run.totalTokens,
    start_time: run.startedAt,
    end_time: run.endedAt,
  };
}

function conversationType(trigger: RunTrigger): ConversationType {
  return (["AGENT", "C_WORKFLOW"] as const).find((type) => TRIGGERS_OF[type].includes(trigger)) ?? "API";
}
