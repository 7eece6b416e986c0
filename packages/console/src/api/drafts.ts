import type { DraftConflict, DraftEntryView, SaveDraftAnswer, WorkflowDocument, WorkflowView } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { ApiError, call, type PageOf, path } from "#api/client.ts";

/** A workflow with its draft. */
export interface Draft extends Omit<WorkflowView, "document"> {
  readonly document: WorkflowDocument;
}

export function getDraft(workflowId: string, signal?: AbortSignal): Promise<Draft> {
  return call<Draft>(path("api", "v1", "workflows", workflowId), { signal });
}

/** The draft as an open editor follows it: asked for anew when the server tells of it, and never kept for the next editor. */
export const draftQuery = (workflowId: string) =>
  queryOptions({
    queryKey: ["draft", workflowId],
    queryFn: ({ signal }) => getDraft(workflowId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** This window's name in the history of drafts: its saves in a row are one entry. */
const EDITOR = `console-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? ""}`;

/** Browsers send this much even as the page is left; the editor's own journal in the browser has what is longer. */
const KEEPALIVE_BYTES = 60_000;

/** @throws ApiError 409 where the draft has been saved since `ifRevision`; see `conflictOf` */
export function saveDraft(workflowId: string, document: WorkflowDocument, ifRevision: number): Promise<SaveDraftAnswer> {
  const body = { document, ifRevision, editor: EDITOR };
  const keepalive = new Blob([JSON.stringify(body)]).size <= KEEPALIVE_BYTES;
  return call<SaveDraftAnswer>(path("api", "v1", "workflows", workflowId, "draft"), { method: "PUT", body, keepalive });
}

/** What a refused save ran into; null for any other error. */
export function conflictOf(error: unknown): DraftConflict | null {
  return error instanceof ApiError && error.status === 409 ? (error.body.draft ?? null) : null;
}

export function draftHistoryQuery(workflowId: string) {
  return queryOptions({
    queryKey: ["draft-history", workflowId],
    queryFn: ({ signal }) =>
      call<PageOf<DraftEntryView>>(path("api", "v1", "workflows", workflowId, "draft", "history"), { query: { limit: 50 }, signal }),
  });
}

export function getDraftEntry(workflowId: string, entry: number): Promise<DraftEntryView & { readonly document: WorkflowDocument }> {
  return call(path("api", "v1", "workflows", workflowId, "draft", "history", String(entry)));
}
