import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { DRAFT_ENTRY_MS, DRAFT_HISTORY_BYTES, DRAFT_HISTORY_ENTRIES, type SaveOrigin } from "#store/draft-store";
import {
  DRAFT_ENTRY_COLUMNS,
  draftEntryChecksum,
  draftEntryColumns,
  readDraftEntry,
  type StoredDraftEntry,
} from "#store/sql/draft-entry-row";
import { number } from "#store/sql/rows";

/** One save, whatever became of it. */
export interface KeptSave extends SaveOrigin {
  /** JSON text. */
  readonly document: string;
  readonly revision: number;
  readonly at: number;
}

/** The history of drafts, kept within its bounds. Everything here is inside a transaction. */
export class DraftHistoryWriter {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync) {
    this.#sql = prepare(database);
  }

  /** Saves of one editor in a row are one entry. Resolves with its number. */
  keep(tenantId: string, workflowId: string, outcome: StoredDraftEntry["outcome"], save: KeptSave): number {
    const last = this.#last(tenantId, workflowId);
    const continued = last !== null && continues(last, outcome, save);
    if (continued) this.#sql.remove.run(tenantId, workflowId, last.entry);
    const row: StoredDraftEntry = {
      tenantId,
      workflowId,
      entry: (last?.entry ?? 0) + 1,
      outcome,
      revision: save.revision,
      editor: save.editor ?? null,
      author: save.by ?? null,
      begunAt: continued ? last.begunAt : save.at,
      savedAt: save.at,
      bytes: Buffer.byteLength(save.document),
      hash: hash("sha256", save.document, "hex"),
    };
    this.#sql.insert.run(...draftEntryColumns(row), draftEntryChecksum(row), save.document);
    this.#forgetOldest(tenantId, workflowId);
    return row.entry;
  }

  isEmpty(tenantId: string, workflowId: string): boolean {
    return this.#last(tenantId, workflowId) === null;
  }

  forget(tenantId: string, workflowId: string): void {
    this.#sql.removeAll.run(tenantId, workflowId);
  }

  #last(tenantId: string, workflowId: string): StoredDraftEntry | null {
    const row = this.#sql.last.get(tenantId, workflowId);
    return row ? readDraftEntry(row) : null;
  }

  #forgetOldest(tenantId: string, workflowId: string): void {
    let bytes = 0;
    for (const [at, row] of this.#sql.sizes.all(tenantId, workflowId).entries()) {
      bytes += number(row, "bytes");
      if (at === 0 || (at < DRAFT_HISTORY_ENTRIES && bytes <= DRAFT_HISTORY_BYTES)) continue;
      this.#sql.removeUpTo.run(tenantId, workflowId, number(row, "entry"));
      return;
    }
  }
}

function continues(last: StoredDraftEntry, outcome: StoredDraftEntry["outcome"], { editor, by, revision, at }: KeptSave): boolean {
  if (editor === undefined || last.editor !== editor || last.outcome !== outcome || last.author?.id !== by?.id) return false;
  // What a refused save started from stays the same until its editor has seen the conflict.
  const follows = outcome === "saved" ? revision === last.revision + 1 : revision === last.revision;
  return follows && at - last.begunAt < DRAFT_ENTRY_MS;
}

function prepare(database: DatabaseSync) {
  const find = "FROM draft_history WHERE tenant_id = ? AND workflow_id = ?";
  return {
    last: database.prepare(`SELECT ${DRAFT_ENTRY_COLUMNS} ${find} ORDER BY entry DESC LIMIT 1`),
    sizes: database.prepare(`SELECT entry, bytes ${find} ORDER BY entry DESC`),
    insert: database.prepare(
      `INSERT INTO draft_history (${DRAFT_ENTRY_COLUMNS}, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    remove: database.prepare(`DELETE ${find} AND entry = ?`),
    removeUpTo: database.prepare(`DELETE ${find} AND entry <= ?`),
    removeAll: database.prepare(`DELETE ${find}`),
  };
}
