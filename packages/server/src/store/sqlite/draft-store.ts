import type { DatabaseSync } from "node:sqlite";
import type { DraftContents, DraftEntry, DraftStore, RefusedSave } from "#store/draft-store";
import { DRAFT_ENTRY_COLUMNS, draftEntry, readDraftContents, readDraftEntry } from "#store/sql/draft-entry-row";
import { reading } from "#store/sqlite/failure";
import type { Writer } from "#store/sqlite/writer/writer";

export class SqliteDrafts implements DraftStore {
  readonly #writer: Writer;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#read = prepareReads(reader);
  }

  async list(
    tenantId: string,
    workflowId: string,
    { limit, before = Number.MAX_SAFE_INTEGER }: { limit: number; before?: number },
  ): Promise<readonly DraftEntry[]> {
    return reading(() => this.#read.newest.all(tenantId, workflowId, before, limit).map(readDraftEntry).map(draftEntry));
  }

  async get(tenantId: string, workflowId: string, entry: number): Promise<DraftContents | null> {
    return reading(() => {
      const row = this.#read.one.get(tenantId, workflowId, entry);
      return row ? readDraftContents(row) : null;
    });
  }

  async current(tenantId: string, workflowId: string): Promise<DraftEntry | null> {
    return reading(() => {
      const row = this.#read.current.get(tenantId, workflowId);
      return row ? draftEntry(readDraftEntry(row)) : null;
    });
  }

  keepRefused(tenantId: string, workflowId: string, { document, ...save }: RefusedSave): Promise<number> {
    const text = JSON.stringify(document);
    return this.#writer.write("keepRefusedDraft", [tenantId, workflowId, { ...save, document: text }], text.length);
  }
}

function prepareReads(database: DatabaseSync) {
  const find = "FROM draft_history WHERE tenant_id = ? AND workflow_id = ?";
  return {
    newest: database.prepare(`SELECT ${DRAFT_ENTRY_COLUMNS} ${find} AND entry < ? ORDER BY entry DESC LIMIT ?`),
    one: database.prepare(`SELECT ${DRAFT_ENTRY_COLUMNS}, document ${find} AND entry = ?`),
    current: database.prepare(`SELECT ${DRAFT_ENTRY_COLUMNS} ${find} AND outcome = 'saved' ORDER BY entry DESC LIMIT 1`),
  };
}
