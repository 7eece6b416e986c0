import type { DatabaseSync } from "node:sqlite";
import { StoreCorrupt } from "#store/errors";
import type {
  FoundPassage,
  KnowledgeBaseRow,
  KnowledgeCounts,
  KnowledgeDocumentRow,
  KnowledgePage,
  KnowledgeStore,
  NewDocument,
  NewPassage,
  OwnedDocument,
  PaidOutside,
  Ranked,
  RankedSearch,
  RevisionOf,
} from "#store/knowledge-store";
import { reading } from "#store/sqlite/failure";
import {
  BASE_COLUMNS,
  baseRow,
  baseSettings,
  contentChecksum,
  DOCUMENT_COLUMNS,
  documentRow,
  ownedDocument,
  readBase,
  readDocument,
  readPassage,
} from "#store/sqlite/knowledge-row";
import { KnowledgeSearch } from "#store/sqlite/knowledge-search";
import { number, text } from "#store/sqlite/rows";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Change } from "#store/store";

/** Documents that share a commit where they are removed: each takes a small one. */
const TRIMMED_TOGETHER = 64;

export class SqliteKnowledge implements KnowledgeStore {
  readonly #writer: Writer;
  readonly #changed: (change: Change) => void;
  readonly #read: ReturnType<typeof prepareReads>;
  readonly #search: KnowledgeSearch;

  constructor(writer: Writer, reader: DatabaseSync, changed: (change: Change) => void) {
    this.#writer = writer;
    this.#changed = changed;
    this.#read = prepareReads(reader);
    this.#search = new KnowledgeSearch(reader);
  }

  createBase(tenantId: string, base: KnowledgeBaseRow): Promise<void> {
    const { id, name, createdAt, updatedAt } = base;
    return this.#writer.write("createKnowledgeBase", [{ tenantId, id, name, settings: baseSettings(base), createdAt, updatedAt }]);
  }

  updateBase(tenantId: string, id: string, change: { readonly name: string; readonly description: string }, at: number): Promise<void> {
    return this.#writer.write("updateKnowledgeBase", [tenantId, id, change, at]);
  }

  async deleteBase(tenantId: string, id: string): Promise<boolean> {
    const documents = reading(() => this.#read.documentIds.all(tenantId, id).map((row) => text(row, "id")));
    const wasThere = await this.#writer.write("deleteKnowledgeBase", [tenantId, id]);
    await this.#trimEach(documents.map((document) => [tenantId, document]));
    return wasThere;
  }

  async base(tenantId: string, idOrName: string): Promise<KnowledgeBaseRow | null> {
    return reading(() => {
      const row = this.#read.base.get(tenantId, idOrName) ?? this.#read.baseByName.get(tenantId, idOrName);
      return row ? baseRow(readBase(row)) : null;
    });
  }

  async bases(tenantId: string, { limit, before }: KnowledgePage): Promise<readonly KnowledgeBaseRow[]> {
    return reading(() => {
      const rows = before === undefined ? this.#read.bases.all(tenantId, limit) : this.#read.basesBefore.all(tenantId, before, limit);
      return rows.map((row) => baseRow(readBase(row)));
    });
  }

  async countBases(tenantId: string): Promise<number> {
    return reading(() => number(this.#read.countBases.get(tenantId) ?? {}, "count"));
  }

  async counts(tenantId: string, baseId: string): Promise<KnowledgeCounts> {
    return reading(() => {
      const row = this.#read.counts.get(tenantId, baseId) ?? {};
      return {
        documents: number(row, "documents"),
        waiting: number(row, "waiting"),
        failed: number(row, "failed"),
        passages: number(row, "passages"),
      };
    });
  }

  async putDocument(tenantId: string, document: NewDocument): Promise<KnowledgeDocumentRow> {
    const row = await this.#writer.write("putKnowledgeDocument", [tenantId, document], document.content.length);
    this.#changed({ kind: "knowledge", id: row.id });
    return row;
  }

  async document(tenantId: string, baseId: string, idOrName: string): Promise<KnowledgeDocumentRow | null> {
    return reading(() => {
      const row = this.#read.document.get(tenantId, baseId, idOrName) ?? this.#read.documentByName.get(tenantId, baseId, idOrName);
      return row ? documentRow(readDocument(row)) : null;
    });
  }

  async documents(tenantId: string, baseId: string, { limit, before }: KnowledgePage): Promise<readonly KnowledgeDocumentRow[]> {
    return reading(() => {
      const { documents, documentsBefore } = this.#read;
      const rows = before === undefined ? documents.all(tenantId, baseId, limit) : documentsBefore.all(tenantId, baseId, before, limit);
      return rows.map((row) => documentRow(readDocument(row)));
    });
  }

  async deleteDocument(tenantId: string, baseId: string, id: string): Promise<boolean> {
    const wasThere = await this.#writer.write("deleteKnowledgeDocument", [tenantId, baseId, id]);
    if (wasThere) await this.trim(tenantId, id);
    return wasThere;
  }

  async content(tenantId: string, documentId: string, revision: number): Promise<Uint8Array | null> {
    return reading(() => {
      const row = this.#read.content.get(tenantId, documentId, revision);
      const content = row?.["content"];
      if (!(content instanceof Uint8Array)) return null;
      if (row?.["checksum"] !== contentChecksum(tenantId, documentId, revision, content))
        throw new StoreCorrupt(`the contents of document ${documentId} are not what was written`);
      return content;
    });
  }

  async waiting(limit: number): Promise<readonly OwnedDocument[]> {
    return reading(() => this.#read.waiting.all(limit).map((row) => ownedDocument(readDocument(row))));
  }

  begin(
    tenantId: string,
    document: RevisionOf,
    { total, characters }: { readonly total: number; readonly characters: number },
  ): Promise<number> {
    return this.#writer.write("beginKnowledgeDocument", [tenantId, document, total, characters]);
  }

  addPassages(tenantId: string, document: RevisionOf, from: number, passages: readonly NewPassage[], paid: PaidOutside): Promise<boolean> {
    const bytes = passages.reduce((sum, passage) => sum + passage.text.length * 2 + (passage.vector?.byteLength ?? 0), 0);
    return this.#writer.write("addKnowledgePassages", [tenantId, document, from, passages, paid], bytes);
  }

  addUsage(tenantId: string, paid: PaidOutside): Promise<void> {
    return this.#writer.write("addUsageOutside", [tenantId, paid]);
  }

  finish(tenantId: string, document: RevisionOf, at: number): Promise<void> {
    return this.#writer.write("finishKnowledgeDocument", [tenantId, document, at]);
  }

  fail(tenantId: string, document: RevisionOf, reason: string, at: number): Promise<void> {
    return this.#writer.write("failKnowledgeDocument", [tenantId, document, reason, at]);
  }

  async trim(tenantId: string, documentId: string): Promise<void> {
    while ((await this.#writer.write("trimKnowledgeDocument", [tenantId, documentId])) > 0);
  }

  async trimAll(): Promise<void> {
    const rows = reading(() => this.#read.leftovers.all());
    await this.#trimEach(rows.map((row) => [text(row, "tenant_id"), text(row, "document_id")]));
  }

  async #trimEach(documents: readonly (readonly [tenantId: string, documentId: string])[]): Promise<void> {
    for (let at = 0; at < documents.length; at += TRIMMED_TOGETHER)
      await Promise.all(documents.slice(at, at + TRIMMED_TOGETHER).map((document) => this.trim(...document)));
  }

  async byWords(tenantId: string, baseId: string, words: readonly string[], search: RankedSearch): Promise<readonly Ranked[]> {
    return this.#search.byWords(tenantId, baseId, words, search);
  }

  byVector(tenantId: string, baseId: string, vector: Float32Array, search: RankedSearch): Promise<readonly Ranked[]> {
    return this.#search.byVector(tenantId, baseId, vector, search);
  }

  async passages(tenantId: string, ids: readonly number[]): Promise<readonly FoundPassage[]> {
    return reading(() =>
      ids.flatMap((id) => {
        const row = this.#read.passage.get(tenantId, id);
        return row ? [readPassage(row)] : [];
      }),
    );
  }
}

function prepareReads(database: DatabaseSync) {
  const bases = `SELECT ${BASE_COLUMNS} FROM knowledge_bases WHERE tenant_id = ?`;
  const documents = `SELECT ${DOCUMENT_COLUMNS} FROM knowledge_documents`;
  return {
    base: database.prepare(`${bases} AND id = ?`),
    baseByName: database.prepare(`${bases} AND name = ?`),
    bases: database.prepare(`${bases} ORDER BY id DESC LIMIT ?`),
    basesBefore: database.prepare(`${bases} AND id < ? ORDER BY id DESC LIMIT ?`),
    countBases: database.prepare("SELECT count(*) AS count FROM knowledge_bases WHERE tenant_id = ?"),
    counts: database.prepare(`
      SELECT count(*) AS documents, coalesce(sum(state = 'waiting'), 0) AS waiting, coalesce(sum(state = 'failed'), 0) AS failed,
        coalesce(sum(total), 0) AS passages
      FROM knowledge_documents WHERE tenant_id = ? AND base_id = ?`),
    document: database.prepare(`${documents} WHERE tenant_id = ? AND base_id = ? AND id = ?`),
    documentByName: database.prepare(`${documents} WHERE tenant_id = ? AND base_id = ? AND name = ?`),
    documents: database.prepare(`${documents} WHERE tenant_id = ? AND base_id = ? ORDER BY id DESC LIMIT ?`),
    documentsBefore: database.prepare(`${documents} WHERE tenant_id = ? AND base_id = ? AND id < ? ORDER BY id DESC LIMIT ?`),
    documentIds: database.prepare("SELECT id FROM knowledge_documents WHERE tenant_id = ? AND base_id = ?"),
    content: database.prepare("SELECT content, checksum FROM knowledge_contents WHERE tenant_id = ? AND document_id = ? AND revision = ?"),
    waiting: database.prepare(
      `${documents} INDEXED BY knowledge_documents_waiting WHERE state = 'waiting' ORDER BY updated_at, id LIMIT ?`,
    ),
    leftovers: database.prepare("SELECT tenant_id, document_id FROM knowledge_leftovers"),
    passage: database.prepare(`
      SELECT passage.*, document.name, document.live_metadata FROM knowledge_passages AS passage
      JOIN knowledge_documents AS document ON document.tenant_id = passage.tenant_id AND document.id = passage.document_id
        AND document.live_revision = passage.revision
      WHERE passage.tenant_id = ? AND passage.id = ?`),
  };
}
