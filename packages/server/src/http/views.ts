import {
  type DraftEntryView,
  type KeyView,
  type Language,
  type RunHeader,
  summaryOfCounts,
  type VersionSummary,
  type WorkflowSummary,
} from "@millrace/contract";
import { roleOfKey } from "#keys/authenticate";
import { tagsOf } from "#keys/reached-workflows";
import type { DraftEntry } from "#store/draft-store";
import type { KeyRow } from "#store/key-store";
import type { RunRow, WorkflowRow } from "#store/store";
import type { VersionRow, VersionRuns } from "#store/version-store";

// Rows of the store as the management API shows them: absent members are left out, never null.

export function workflowView(row: WorkflowRow): WorkflowSummary {
  const { description } = row.document;
  const tags = tagsOf(row);
  return {
    id: row.id,
    name: row.name,
    ...(typeof description === "string" && { description }),
    ...(tags.length > 0 && { tags: [...tags] }),
    revision: row.revision,
    ...(row.liveVersion !== null && { liveVersion: row.liveVersion }),
    apiEnabled: row.apiEnabled,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** The last save of a draft. */
export function draftSaveView({ savedAt, by, editor }: DraftEntry) {
  return { savedAt, ...(by && { savedBy: by }), ...(editor !== null && { editor }) };
}

export function draftEntryView(row: DraftEntry): DraftEntryView {
  const { entry, outcome, revision, bytes } = row;
  return { entry, outcome, revision, ...draftSaveView(row), bytes };
}

/** In its publisher's words; where nobody said anything, in those of whoever reads. "" for none. */
export function noteOf({ note, changes }: VersionRow, language: Language): string {
  return changes ? summaryOfCounts(changes, language) : note;
}

/** `runs` null: nobody asked. */
export function versionView(row: VersionRow, language: Language, runs: VersionRuns | null): VersionSummary {
  const note = noteOf(row, language);
  return {
    version: row.version,
    ...(note !== "" && { note }),
    ...(row.changes && { changes: row.changes }),
    live: row.live,
    hash: row.hash,
    createdAt: row.createdAt,
    ...(row.by && { createdBy: row.by }),
    ...(row.releasedAt !== null && { releasedAt: row.releasedAt }),
    ...(runs && { runs }),
  };
}

export function runView(row: RunRow): RunHeader {
  const ended = row.endedAt !== null;
  return {
    id: row.id,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    version: row.version,
    status: row.status,
    trigger: row.origin?.trigger ?? "api",
    ...(row.origin?.id != null && { starterId: row.origin.id }),
    ...(row.userId !== null && { userId: row.userId }),
    ...(row.keyId !== null && { key: { id: row.keyId } }),
    acceptedAt: row.acceptedAt,
    ...(row.startedAt !== null && { startedAt: row.startedAt }),
    ...(row.endedAt !== null && { endedAt: row.endedAt }),
    ...(ended && { executionMs: row.executionMs, credits: row.totalCost, tokens: row.totalTokens }),
    ...(row.errorType !== null && { errorType: row.errorType }),
  };
}

export function keyView(row: KeyRow, workflows: readonly { id: string; name: string }[]): KeyView {
  const role = roleOfKey(row);
  return {
    id: row.id,
    ...(row.name !== "" && { name: row.name }),
    hint: row.hint,
    workflows: [...workflows],
    scopes: row.scopes as KeyView["scopes"],
    ...(role !== null && { role }),
    createdAt: row.createdAt,
    ...(row.expiresAt !== null && { expiresAt: row.expiresAt }),
    ...(row.lastUsedAt !== null && { lastUsedAt: row.lastUsedAt }),
    ...(row.lastUsedFrom !== null && { lastUsedFrom: row.lastUsedFrom }),
    ...(row.rateLimit !== null && { rateLimit: row.rateLimit }),
    ...(row.replacedBy !== null && { replacedBy: row.replacedBy }),
  };
}

/** Rows of a page whose caller names no limit. */
export const DEFAULT_PAGE_ROWS = 20;

/** One page of views that are told apart, and ordered, by their ids. */
export function pageById<View extends { readonly id: string }>(views: readonly View[], limit: number) {
  const self = (view: View): View => view;
  return pageOf(views, limit, self, ({ id }) => id);
}

/** One page: the rows asked for, and where the next page begins when there may be one. */
export function pageOf<Row, View>(rows: readonly Row[], limit: number, view: (row: Row) => View, cursor: (row: Row) => string) {
  const last = rows.at(limit - 1);
  return { data: rows.slice(0, limit).map(view), ...(rows.length >= limit && last !== undefined && { nextCursor: cursor(last) }) };
}
