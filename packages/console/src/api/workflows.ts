import type {
  PromoteAnswer,
  PublishAnswer,
  PublishBody,
  UpdateWorkflowBody,
  VersionSummary,
  VersionView,
  WorkflowSummary,
  WorkflowView,
} from "@millrace/contract";
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

export const versionsQuery = (workflow: string) => listQuery<VersionSummary>(`versions of ${workflow}`, at(workflow, "versions"));

/** A version never changes; absent while there is none to ask for. */
export const versionQuery = (workflow: string, version: string | undefined) =>
  queryOptions({
    queryKey: ["version", workflow, version],
    queryFn: ({ signal }) => call<VersionView>(at(workflow, "versions", version ?? ""), { signal }),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const publishDraft = ({ workflow, ...body }: PublishBody & { readonly workflow: string }) =>
  call<PublishAnswer>(at(workflow, "publish"), { method: "POST", body });

/** Moves the live pointer; the draft stays as it is. */
export const promoteVersion = ({ workflow, version }: { readonly workflow: string; readonly version: string }) =>
  call<PromoteAnswer>(at(workflow, "promote"), { method: "POST", body: { version } });
