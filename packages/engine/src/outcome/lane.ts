import { canonicalJson, type Json, type JsonObject } from "@millrace/contract";
import { evaluate } from "#outcome/scope";
import type { FrameView } from "#plan/scope";
import type { RunState } from "#state";

/** Runs with the same text share the limit of their workflow. `startValues`: the input as nodes see it. */
export function concurrencyKey({ plan, run, startedAt, acceptedAt }: RunState, startValues: JsonObject): string {
  const key = plan.concurrency?.key;
  if (!key) return "";
  const begun: FrameView = {
    item: null,
    index: 0,
    nodes: plan.root.nodes.map((node) => viewOf(node.spec.role === "entry" ? startValues : null)),
  };
  const scope = {
    frames: [begun],
    inputs: {},
    result: null,
    env: plan.env,
    secrets: {},
    run: { id: run.runId, userId: run.userId, startedAt },
    workflow: run.workflow,
    now: acceptedAt,
    seed: `${run.seed}/`,
  };
  return canonicalJson(evaluate(key, scope));
}

function viewOf(output: Json) {
  return { output, attempt: 0, error: null, iteration: null };
}
