import { hash } from "node:crypto";
import type { JsonObject } from "@millrace/contract";
import type { Author } from "#store/author";
import type { DraftContents, DraftEntry } from "#store/draft-store";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text, textOrNull } from "#store/sql/rows";

/** An entry of a draft's history. The document's own hash is its check; the checksum guards the rest of the row. */
export interface StoredDraftEntry extends Omit<DraftEntry, "by"> {
  readonly tenantId: string;
  readonly workflowId: string;
  readonly author: Author | null;
  readonly begunAt: number;
  readonly hash: string;
}

export const DRAFT_ENTRY_COLUMNS =
  "tenant_id, workflow_id, entry, outcome, revision, editor, author_kind, author_id, author_name, begun_at, saved_at, bytes, hash, checksum";

export function draftEntryColumns(row: StoredDraftEntry) {
  const { tenantId, workflowId, entry, outcome, revision, editor, author, begunAt, savedAt, bytes } = row;
  const by = [author?.kind ?? null, author?.id ?? null, author?.name ?? null] as const;
  return [tenantId, workflowId, entry, outcome, revision, editor, ...by, begunAt, savedAt, bytes, row.hash] as const;
}

export function draftEntryChecksum(row: StoredDraftEntry): number {
  return rowChecksum(draftEntryColumns(row));
}

/** Throws StoreCorrupt where the row is not what was written. */
export function readDraftEntry(row: Row): StoredDraftEntry {
  const kind = textOrNull(row, "author_kind");
  const author = kind === null ? null : { kind: kind as Author["kind"], id: text(row, "author_id"), name: text(row, "author_name") };
  const stored: StoredDraftEntry = {
    tenantId: text(row, "tenant_id"),
    workflowId: text(row, "workflow_id"),
    entry: number(row, "entry"),
    outcome: text(row, "outcome") as DraftEntry["outcome"],
    revision: number(row, "revision"),
    editor: textOrNull(row, "editor"),
    author,
    begunAt: number(row, "begun_at"),
    savedAt: number(row, "saved_at"),
    bytes: number(row, "bytes"),
    hash: text(row, "hash"),
  };
  if (draftEntryChecksum(stored) !== row["checksum"]) throw damaged(stored);
  return stored;
}

export function draftEntry({ entry, outcome, revision, editor, author, savedAt, bytes }: StoredDraftEntry): DraftEntry {
  return { entry, outcome, revision, editor, by: author, savedAt, bytes };
}

/** Throws StoreCorrupt where the row or its document is not what was written. */
export function readDraftContents(row: Row): DraftContents {
  const stored = readDraftEntry(row);
  const document = text(row, "document");
  if (hash("sha256", document, "hex") !== stored.hash) throw damaged(stored);
  return { ...draftEntry(stored), document: JSON.parse(document) as JsonObject };
}

function damaged({ entry, workflowId }: StoredDraftEntry): StoreCorrupt {
  return new StoreCorrupt(`the entry ${entry} of the draft history of workflow ${workflowId} is not what was written`);
}
