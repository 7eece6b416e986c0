import type { DraftContents, DraftEntry, DraftStore, RefusedSave } from "#store/draft-store";
import type { SqlDatabase } from "#store/sql/database";
import { DRAFT_ENTRY_COLUMNS, draftEntry, readDraftContents, readDraftEntry } from "#store/sql/draft-entry-row";
import { all, one } from "#store/sql/steps";

const OF_WORKFLOW = "FROM draft_history WHERE tenant_id = ? AND workflow_id = ?";
const NEWEST = `SELECT ${DRAFT_ENTRY_COLUMNS} ${OF_WORKFLOW} AND entry < ? ORDER BY entry DESC LIMIT ?`;
const ONE = `SELECT ${DRAFT_ENTRY_COLUMNS}, document ${OF_WORKFLOW} AND entry = ?`;
const CURRENT = `SELECT ${DRAFT_ENTRY_COLUMNS} ${OF_WORKFLOW} AND outcome = 'saved' ORDER BY entry DESC LIMIT 1`;

export class SqlDrafts implements DraftStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async list(
    tenantId: string,
    workflowId: string,
    { limit, before = Number.MAX_SAFE_INTEGER }: { limit: number; before?: number },
  ): Promise<readonly DraftEntry[]> {
    return (await this.#database.read(all(NEWEST, tenantId, workflowId, before, limit))).map(readDraftEntry).map(draftEntry);
  }

  async get(tenantId: string, workflowId: string, entry: number): Promise<DraftContents | null> {
    const row = await this.#database.read(one(ONE, tenantId, workflowId, entry));
    return row ? readDraftContents(row) : null;
  }

  async current(tenantId: string, workflowId: string): Promise<DraftEntry | null> {
    const row = await this.#database.read(one(CURRENT, tenantId, workflowId));
    return row ? draftEntry(readDraftEntry(row)) : null;
  }

  keepRefused(tenantId: string, workflowId: string, { document, ...save }: RefusedSave): Promise<number> {
    const text = JSON.stringify(document);
    return this.#database.write("keepRefusedDraft", [tenantId, workflowId, { ...save, document: text }], text.length);
  }
}
