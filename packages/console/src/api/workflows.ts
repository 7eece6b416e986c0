import type { ImportAnswer, UpdateWorkflowBody, WorkflowSummary, WorkflowView } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path } from "#api/client.ts";
import { allQuery, listQuery } from "#api/pages.ts";

const at = (...segments: readonly string[]) => path("api", "v1", "workflows", ...segments);

export const workflowsQuery = allQuery<WorkflowSummary>("workflows", "/api/v1/workflows");

/** Page by page, with whether their drafts are ahead of what callers reach. */
export const comparedWorkflowsQuery = listQuery<WorkflowSummary>("workflows", "/api/v1/workflows", { differs: true });

/** The workflow with its draft. */
export const workflowQuery = (workflow: string) =>
  queryOptions({ queryKey: ["workflow", workflow], queryFn: ({ signal }) => call<WorkflowView>(at(workflow), { signal }) });

export const updateWorkflow = ({ workflow, ...body }: UpdateWorkflowBody & { readonly workflow: string }) =>
  call<WorkflowSummary>(at(workflow), { method: "PATCH", body });

export const createWorkflow = (document: object) => call<WorkflowView>("/api/v1/workflows", { method: "POST", body: { document } });

export const deleteWorkflow = (workflow: string) => call<void>(at(workflow), { method: "DELETE" });

/** A workflow document, or a `.flow` file of another product: the server tells them apart. */
export const importFile = (file: Blob) => sendFile(file, false);

/** What an import of the file would do. */
export const previewImport = (file: Blob) => sendFile(file, true);

const sendFile = (file: Blob, dryRun: boolean) =>
  call<ImportAnswer>("/api/v1/import", {
    method: "POST",
    query: { dryRun },
    body: file,
    headers: { "Content-Type": "application/octet-stream" },
  });
