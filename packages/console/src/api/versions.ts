import type { ExportAnswer, PromoteAnswer, PublishAnswer, VersionSummary, VersionView, WorkflowDocument } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, type PageOf, path } from "#api/client.ts";

const at = (workflow: string, ...segments: readonly string[]) => path("api", "v1", "workflows", workflow, ...segments);

/** The newest first. */
export const versionsQuery = (workflow: string) =>
  queryOptions({
    queryKey: ["versions", workflow],
    queryFn: ({ signal }) => call<PageOf<VersionSummary>>(at(workflow, "versions"), { query: { limit: 100 }, signal }),
  });

/** A version never changes. undefined: there is none to ask for. */
export const versionQuery = (workflow: string, version: string | undefined) =>
  queryOptions({
    queryKey: ["version", workflow, version],
    queryFn: ({ signal }) =>
      call<Omit<VersionView, "document"> & { readonly document: WorkflowDocument }>(at(workflow, "versions", version ?? ""), { signal }),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });

export function publishDraft(workflow: string, note: string, ifRevision: number): Promise<PublishAnswer> {
  return call<PublishAnswer>(at(workflow, "publish"), { method: "POST", body: { ifRevision, ...(note !== "" && { note }) } });
}

/** Moves the live pointer; the draft stays as it is. */
export const promoteVersion = ({ workflow, version }: { readonly workflow: string; readonly version: string }) =>
  call<PromoteAnswer>(at(workflow, "promote"), { method: "POST", body: { version } });

interface ExportOf {
  readonly workflow: string;
  /** Absent: the draft. */
  readonly version?: string | undefined;
  readonly format: "millrace" | "flow";
}

export const exportWorkflow = ({ workflow, version, format }: ExportOf) =>
  call<ExportAnswer>(at(workflow, "export"), { query: { version, format } });
