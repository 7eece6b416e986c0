import type { JsonObject } from "@millrace/contract";
import type { Author } from "#store/author";

/** What became of the drafts of workflows: each state that was saved, and each save that was refused because another had come before it. */
export interface DraftStore {
  /** The last first; at most DRAFT_HISTORY_ENTRIES are kept. `before`: the entry of the last row seen. */
  list(tenantId: string, workflowId: string, page: { readonly limit: number; readonly before?: number }): Promise<readonly DraftEntry[]>;
  get(tenantId: string, workflowId: string, entry: number): Promise<DraftContents | null>;
  /** Of the draft as it is; null: it was saved by a release that kept no history. */
  current(tenantId: string, workflowId: string): Promise<DraftEntry | null>;
  /** Keeps the losing side of a conflict; resolves with its entry. Rejects with `NotFound`. */
  keepRefused(tenantId: string, workflowId: string, save: RefusedSave): Promise<number>;
}

/** Entries of one workflow; beyond them the oldest go. */
export const DRAFT_HISTORY_ENTRIES = 100;

/** Bytes of the documents in one workflow's history; beyond them the oldest go, the last one never. */
export const DRAFT_HISTORY_BYTES = 16 * 1024 * 1024;

/** Saves of one editor that follow one another within this time are one entry: the last of them. */
export const DRAFT_ENTRY_MS = 60_000;

/** Where a save came from; nothing of it where the server itself saved. */
export interface SaveOrigin {
  readonly by?: Author | undefined;
  /** Names the window or the tool that the draft is edited in: its saves in a row are one entry. */
  readonly editor?: string | undefined;
}

export interface NewDraft extends SaveOrigin {
  readonly name: string;
  readonly document: JsonObject;
  readonly at: number;
  readonly ifRevision?: number;
}

export interface RefusedSave extends SaveOrigin {
  readonly document: JsonObject;
  /** That it started from. */
  readonly revision: number;
  readonly at: number;
}

export interface DraftEntry {
  /** 1, 2, 3, ... in the order of the saves. */
  readonly entry: number;
  readonly outcome: "saved" | "refused";
  /** Of the draft that it was; of a refused save the one that it started from. */
  readonly revision: number;
  readonly editor: string | null;
  readonly by: Author | null;
  readonly savedAt: number;
  /** Of the document as text. */
  readonly bytes: number;
}

export interface DraftContents extends DraftEntry {
  readonly document: JsonObject;
}
