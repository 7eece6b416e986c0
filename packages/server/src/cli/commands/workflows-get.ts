import type { WorkflowView } from "@millrace/contract";
import type { Action } from "#cli/command";
import { ago, aligned } from "#cli/table";
import { callWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const { json } = await callWorkflow(context, "GET", given.argument(0));
  const workflow = json as WorkflowView;
  const { id, name, description, tags = [], revision, liveVersion, apiEnabled, updatedAt } = workflow;
  const { nodes = [] } = workflow.document as { nodes?: readonly { id: string; type: string }[] };
  const facts = [
    ["name", name],
    ["id", id],
    ...(description === undefined ? [] : [["description", description]]),
    ...(tags.length === 0 ? [] : [["tags", tags.join(", ")]]),
    ["live", liveVersion ?? "nothing is published"],
    ["revision", String(revision)],
    ["api", apiEnabled ? "on" : "off"],
    ["updated", ago(updatedAt, Date.now())],
    ["nodes", nodes.map((node) => `${node.id} (${node.type})`).join(", ")],
  ];
  await context.output.data(workflow, { rows: [{ id, name }], names: [id], table: aligned(facts) });
};
