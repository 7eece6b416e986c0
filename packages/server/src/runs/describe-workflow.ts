import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import type { DescribedWorkflow, WorkflowCall } from "@millrace/nodes";
import { type CalledWorkflows, calledVersion, existing } from "#runs/called-version";

/** Where their versions are found too. */
interface DescribedWorkflows extends CalledWorkflows {
  version(tenantId: string, id: string, version: string): Promise<{ readonly document: JsonObject } | null>;
}

/** What a workflow that is to be called says of itself. Throws TerminalError `missing_reference`. */
export async function describeWorkflow(
  workflows: DescribedWorkflows,
  tenantId: string,
  called: Pick<WorkflowCall, "workflow" | "version">,
): Promise<DescribedWorkflow> {
  const { workflow, version } = await calledVersion(workflows, tenantId, called);
  const found = existing(await workflows.version(tenantId, workflow.id, version), called, version);
  const { description } = found.document;
  return { name: workflow.name, description: typeof description === "string" ? description : "", input: inputOf(found.document) };
}

function inputOf({ nodes }: JsonObject): JsonObject {
  const all: readonly Json[] = Array.isArray(nodes) ? nodes : [];
  const start = all.find((node) => isJsonObject(node) && node["type"] === "start");
  const input = isJsonObject(start ?? null) ? (start as JsonObject)["input"] : undefined;
  return { type: "object", properties: {}, ...(isJsonObject(input ?? null) && (input as JsonObject)) };
}
