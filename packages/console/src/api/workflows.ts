import type { UpdateWorkflowBody, WorkflowSummary, WorkflowView } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path } from "#api/client.ts";
import { listQuery } from "#api/pages.ts";

const at = (...segments: readonly string[]) => path("api", "v1", "workflows", ...segments);

export const workflowsQuery = listQuery<WorkflowSummary>("workflows", "/api/v1/workflows");

/** The workflow with its draft. */
export const workflowQuery = (workflow: string) =>
  queryOptions({ queryKey: ["workflow", workflow], queryFn: ({ signal }) => call<WorkflowView>(at(workflow), { signal }) });

export const updateWorkflow = ({ workflow, ...body }: UpdateWorkflowBody & { readonly workflow: string }) =>
  call<WorkflowSummary>(at(workflow), { method: "PATCH", body });
