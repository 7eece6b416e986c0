import type { DatabaseSync } from "node:sqlite";
import { NameTaken, NotFound } from "#store/errors";
import type { IndexingUsage, KnowledgeDocumentRow, NewDocument, NewPassage, PaidOutside, RevisionOf } from "#store/knowledge-store";
import {
  BASE_COLUMNS,
  baseColumns,
  contentChecksum,
  DOCUMENT_COLUMNS,
  documentColumns,
  documentRow,
  originText,
  PASSAGE_COLUMNS,
  passageColumns,
  readBase,
  readDocument,
  type StoredBase,
  type StoredDocument,
  vectorBytes,
} from "#store/sqlite/knowledge-row";
import { number } from "#store/sqlite/rows";
import { Ledger } from "#store/sqlite/writer/ledger";
import { insertTenant } from "#store/sqlite/writer/tenant";
import { sumCredits } from "#store/sum-credits";

/** Passages that one `trim` removes: their words leave the index one passage at a time. */
const TRIMMED_AT_ONCE = 100;

const NO_USAGE: IndexingUsage = { tokens: 0, credits: "0" };

export function knowledgeVerbs(database: DatabaseSync) {
  return { ...baseVerbs(database), ...documentVerbs(database), ...passageVerbs(database) };
}

function baseVerbs(database: DatabaseSync) {
  const tenant = insertTenant(database);
  const one = database.prepare(`SELECT ${BASE_COLUMNS} FROM knowledge_bases WHERE tenant_id = ? AND id = ?`);
  const named = database.prepare("SELECT id FROM knowledge_bases WHERE tenant_id = ? AND name = ?");
  const next = database.prepare("SELECT coalesce(max(number), 0) + 1 AS number FROM knowledge_bases");
  const insert = database.prepare(`INSERT INTO knowledge_bases (${BASE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const update = database.prepare(
    "UPDATE knowledge_bases SET name = ?, settings = ?, updated_at = ?, checksum = ? WHERE tenant_id = ? AND id = ?",
  );
  const leave = database.prepare(`
    INSERT INTO knowledge_leftovers (tenant_id, document_id)
    SELECT tenant_id, id FROM knowledge_documents WHERE tenant_id = ? AND base_id = ? ON CONFLICT DO NOTHING`);
  const deleteDocuments = database.prepare("DELETE FROM knowledge_documents WHERE tenant_id = ? AND base_id = ?");
  const deleteBase = database.prepare("DELETE FROM knowledge_bases WHERE tenant_id = ? AND id = ?");
  const refuseTaken = (tenantId: string, id: string, name: string): void => {
    const other = named.get(tenantId, name);
    if (other && other["id"] !== id) throw new NameTaken(name);
  };
  return {
    createKnowledgeBase(base: Omit<StoredBase, "number">): void {
      tenant(base.tenantId, base.createdAt);
      refuseTaken(base.tenantId, base.id, base.name);
      insert.run(...baseColumns({ ...base, number: number(next.get() ?? {}, "number") }));
    },

    updateKnowledgeBase(tenantId: string, id: string, change: { readonly name: string; readonly description: string }, at: number): void {
      const row = one.get(tenantId, id);
      if (!row) throw new NotFound(`the knowledge base ${id}`);
      refuseTaken(tenantId, id, change.name);
      const before = readBase(row);
      const settings = JSON.stringify({ ...(JSON.parse(before.settings) as object), description: change.description });
      const checksum = baseColumns({ ...before, name: change.name, settings, updatedAt: at })[7];
      update.run(change.name, settings, at, checksum, tenantId, id);
    },

    deleteKnowledgeBase(tenantId: string, id: string): boolean {
      leave.run(tenantId, id);
      deleteDocuments.run(tenantId, id);
      return deleteBase.run(tenantId, id).changes === 1;
    },
  };
}

function documentStatements(database: DatabaseSync) {
  const find = database.prepare(`SELECT ${DOCUMENT_COLUMNS} FROM knowledge_documents WHERE tenant_id = ? AND id = ?`);
  const put = database.prepare(
    `INSERT OR REPLACE INTO knowledge_documents (${DOCUMENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const leave = database.prepare("INSERT INTO knowledge_leftovers (tenant_id, document_id) VALUES (?, ?) ON CONFLICT DO NOTHING");
  return {
    leave,
    found: (tenantId: string, id: string): StoredDocument | null => {
      const row = find.get(tenantId, id);
      return row ? readDocument(row) : null;
    },
    put: (row: StoredDocument): void => void put.run(...documentColumns(row)),
  };
}

function documentVerbs(database: DatabaseSync) {
  const { found, put, leave } = documentStatements(database);
  const base = database.prepare("SELECT 1 FROM knowledge_bases WHERE tenant_id = ? AND id = ?");
  const named = database.prepare("SELECT id FROM knowledge_documents WHERE tenant_id = ? AND base_id = ? AND name = ?");
  const keep = database.prepare(
    "INSERT INTO knowledge_contents (tenant_id, document_id, revision, content, checksum) VALUES (?, ?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM knowledge_documents WHERE tenant_id = ? AND base_id = ? AND id = ?");
  const ofRevision = (tenantId: string, { id, revision }: RevisionOf): StoredDocument | null => {
    const row = found(tenantId, id);
    return row?.revision === revision && row.state === "waiting" ? row : null;
  };
  return {
    putKnowledgeDocument(tenantId: string, { content, at, ...given }: NewDocument): KnowledgeDocumentRow {
      if (!base.get(tenantId, given.baseId)) throw new NotFound(`the knowledge base ${given.baseId}`);
      const id = (named.get(tenantId, given.baseId, given.name)?.["id"] as string | undefined) ?? given.id;
      const before = found(tenantId, id);
      const row: StoredDocument = {
        ...{ tenantId, id, baseId: given.baseId, name: given.name },
        ...{ liveRevision: null, liveMetadata: null, usage: JSON.stringify(NO_USAGE), createdAt: at, indexedAt: null },
        ...before,
        ...{ origin: originText(given), metadata: JSON.stringify(given.metadata), revision: (before?.revision ?? 0) + 1 },
        ...{ state: "waiting", error: null, bytes: content.length, characters: 0, done: 0, total: null, updatedAt: at },
      };
      put(row);
      keep.run(tenantId, id, row.revision, content, contentChecksum(tenantId, id, row.revision, content));
      if (before) leave.run(tenantId, id);
      return documentRow(row);
    },

    deleteKnowledgeDocument(tenantId: string, baseId: string, id: string): boolean {
      const removed = remove.run(tenantId, baseId, id).changes === 1;
      if (removed) leave.run(tenantId, id);
      return removed;
    },

    finishKnowledgeDocument(tenantId: string, revision: RevisionOf, at: number): void {
      const row = ofRevision(tenantId, revision);
      if (!row) return;
      put({ ...row, state: "indexed", error: null, liveRevision: row.revision, liveMetadata: row.metadata, updatedAt: at, indexedAt: at });
      leave.run(tenantId, row.id);
    },

    failKnowledgeDocument(tenantId: string, revision: RevisionOf, error: string, at: number): void {
      const row = ofRevision(tenantId, revision);
      if (row) put({ ...row, state: "failed", error, updatedAt: at });
    },
  };
}

function passageVerbs(database: DatabaseSync) {
  const ledger = new Ledger(database);
  const { found, put, leave } = documentStatements(database);
  const sql = passageStatements(database);
  const remove = (tenantId: string, rows: readonly { readonly [column: string]: unknown }[]): void => {
    for (const { id } of rows) {
      sql.deleteWords.run(id as number);
      sql.deleteVector.run(tenantId, id as number);
      sql.deletePassage.run(tenantId, id as number);
    }
  };
  return {
    beginKnowledgeDocument(tenantId: string, { id, revision }: RevisionOf, total: number, characters: number): number {
      const row = found(tenantId, id);
      if (row?.revision !== revision || row.state !== "waiting") return total;
      // Another release cut the document in another way: what it made is of no use.
      const done = row.total === null || row.total === total ? row.done : 0;
      if (done < row.done) remove(tenantId, sql.ofRevision.all(tenantId, id, revision));
      put({ ...row, total, characters, done });
      return done;
    },

    addKnowledgePassages(
      tenantId: string,
      { id, revision }: RevisionOf,
      from: number,
      passages: readonly NewPassage[],
      paid: PaidOutside,
    ): boolean {
      ledger.addOutside(tenantId, paid);
      const row = found(tenantId, id);
      if (row?.revision !== revision || row.done !== from) return false;
      const index = number(sql.baseNumber.get(tenantId, row.baseId) ?? {}, "number");
      for (const [at, { text, page, headings, words, vector }] of passages.entries()) {
        const place = JSON.stringify({ page, headings });
        const stored = { tenantId, baseId: row.baseId, documentId: id, revision, position: from + at, text, place };
        const passage = Number(sql.insert.run(...passageColumns(stored)).lastInsertRowid);
        sql.insertWords.run(passage, indexedWords(index, words).join(" "));
        if (vector) sql.insertVector.run(passage, tenantId, row.baseId, id, revision, vectorBytes(vector));
      }
      put({ ...row, done: from + passages.length, usage: JSON.stringify(sum(JSON.parse(row.usage) as IndexingUsage, paid)) });
      return true;
    },

    addUsageOutside: (tenantId: string, paid: PaidOutside): void => ledger.addOutside(tenantId, paid),

    /** How much may be left. */
    trimKnowledgeDocument(tenantId: string, id: string): number {
      const row = found(tenantId, id);
      const [live, newest] = [row?.liveRevision ?? -1, row?.revision ?? -1];
      const passages = sql.stale.all(tenantId, id, live, newest, TRIMMED_AT_ONCE);
      remove(tenantId, passages);
      sql.deleteContents.run(tenantId, id, newest);
      if (passages.length === 0) sql.noLeftover.run(tenantId, id);
      else leave.run(tenantId, id);
      return passages.length;
    },
  };
}

function passageStatements(database: DatabaseSync) {
  const marks = PASSAGE_COLUMNS.replaceAll(/\w+/g, "?");
  return {
    baseNumber: database.prepare("SELECT number FROM knowledge_bases WHERE tenant_id = ? AND id = ?"),
    insert: database.prepare(`INSERT INTO knowledge_passages (${PASSAGE_COLUMNS}) VALUES (${marks})`),
    insertWords: database.prepare("INSERT INTO knowledge_words (rowid, words) VALUES (?, ?)"),
    insertVector: database.prepare(
      "INSERT INTO knowledge_vectors (passage_id, tenant_id, base_id, document_id, revision, vector) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    ofRevision: database.prepare("SELECT id FROM knowledge_passages WHERE tenant_id = ? AND document_id = ? AND revision = ?"),
    stale: database.prepare(
      "SELECT id FROM knowledge_passages WHERE tenant_id = ? AND document_id = ? AND revision NOT IN (?, ?) ORDER BY revision LIMIT ?",
    ),
    deleteWords: database.prepare("DELETE FROM knowledge_words WHERE rowid = ?"),
    deleteVector: database.prepare("DELETE FROM knowledge_vectors WHERE tenant_id = ? AND passage_id = ?"),
    deletePassage: database.prepare("DELETE FROM knowledge_passages WHERE tenant_id = ? AND id = ?"),
    deleteContents: database.prepare("DELETE FROM knowledge_contents WHERE tenant_id = ? AND document_id = ? AND revision <> ?"),
    noLeftover: database.prepare("DELETE FROM knowledge_leftovers WHERE tenant_id = ? AND document_id = ?"),
  };
}

/** As the index knows them: a base's words are its own. */
export function indexedWords(base: number, words: readonly string[]): readonly string[] {
  return words.map((word) => `${base}·${word}`);
}

function sum(before: IndexingUsage, { usage }: PaidOutside): IndexingUsage {
  return {
    tokens: usage.reduce((tokens, { inputTokens, outputTokens }) => tokens + inputTokens + outputTokens, before.tokens),
    credits: sumCredits([before.credits, ...usage.map(({ credits }) => credits)]),
  };
}
