import type { NodeTrace } from "@millrace/contract";

/** The run that a node of the type `workflow` called, once it has ended; null for other nodes. */
export function calledRun({ nodeType, output, outputPreview, usage }: NodeTrace): string | null {
  if (nodeType !== "workflow") return null;
  if (typeof output === "object" && output !== null && "workflowRunId" in output) return String(output.workflowRunId);
  const paid = usage?.find(({ runId }) => runId !== undefined)?.runId;
  return paid ?? /"workflowRunId":"([^"]+)"/.exec(outputPreview?.text ?? "")?.[1] ?? null;
}
