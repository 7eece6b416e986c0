import type { ImportAnswer, UpdateWorkflowBody, WorkflowSummary, WorkflowTags, WorkflowView } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path } from "#api/client.ts";
import { allQuery, listQuery } from "#api/pages.ts";

const at = (...segments: readonly string[]) => path("api", "v1", "workflows", ...segments);

export const workflowsQuery = allQuery<WorkflowSummary>("workflows", "/api/v1/workflows");

/** Page by page, all or those with a tag, with whether their drafts are ahead of what callers reach. */
export const comparedWorkflowsQuery = (tag?: string) =>
  listQuery<WorkflowSummary>("workflows", "/api/v1/workflows", { differs: true, tag });

/** The tags that there are, with how many workflows have each. */
export const workflowTagsQuery = queryOptions({
  queryKey: ["workflows", "tags"],
  queryFn: async ({ signal }) => (await call<WorkflowTags>("/api/v1/workflow-tags", { signal })).data,
});

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
