import { StoreCorrupt } from "#store/errors";
import type {
  DocumentFailure,
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
import { Conditions } from "#store/sql/conditions";
import type { SqlDatabase } from "#store/sql/database";
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
} from "#store/sql/knowledge-row";
import { searchVectors } from "#store/sql/knowledge-vectors";
import { number, text } from "#store/sql/rows";
import { all, one, type Steps } from "#store/sql/steps";

/** Documents that share a commit where they are removed: each takes a small one. */
const TRIMMED_TOGETHER = 64;

const BASES = `SELECT ${BASE_COLUMNS} FROM knowledge_bases`;
const DOCUMENTS = `SELECT ${DOCUMENT_COLUMNS} FROM knowledge_documents`;
const COUNTS = `
  SELECT count(*) AS documents, count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'failed') AS failed,
    CAST(coalesce(sum(total), 0) AS BIGINT) AS passages
  FROM knowledge_documents WHERE tenant_id = ? AND base_id = ?`;
const CONTENT = "SELECT content, checksum FROM knowledge_contents WHERE tenant_id = ? AND document_id = ? AND revision = ?";
const WAITING = `${DOCUMENTS} INDEXED BY knowledge_documents_waiting WHERE state = 'waiting' ORDER BY updated_at, id LIMIT ?`;
const PASSAGE = `
  SELECT passage.*, document.name, document.live_metadata FROM knowledge_passages AS passage
  JOIN knowledge_documents AS document ON document.tenant_id = passage.tenant_id AND document.id = passage.document_id
    AND document.live_revision = passage.revision
  WHERE passage.tenant_id = ? AND passage.id = ?`;

export class SqlKnowledge implements KnowledgeStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  createBase(tenantId: string, base: KnowledgeBaseRow): Promise<void> {
    const { id, name, createdAt, updatedAt } = base;
    return this.#database.write("createKnowledgeBase", [{ tenantId, id, name, settings: baseSettings(base), createdAt, updatedAt }]);
  }

  updateBase(tenantId: string, id: string, change: { readonly name: string; readonly description: string }, at: number): Promise<void> {
    return this.#database.write("updateKnowledgeBase", [tenantId, id, change, at]);
  }

  async deleteBase(tenantId: string, id: string): Promise<boolean> {
    const documents = await this.#database.read(
      all("SELECT id FROM knowledge_documents WHERE tenant_id = ? AND base_id = ?", tenantId, id),
    );
    const wasThere = await this.#database.write("deleteKnowledgeBase", [tenantId, id]);
    await this.#trimEach(documents.map((row) => [tenantId, text(row, "id")]));
    return wasThere;
  }

  base(tenantId: string, idOrName: string): Promise<KnowledgeBaseRow | null> {
    return this.#database.read(findBase(tenantId, idOrName));
  }

  async bases(tenantId: string, { limit, before }: KnowledgePage): Promise<readonly KnowledgeBaseRow[]> {
    const where = new Conditions("tenant_id = ?", tenantId).and("id < ?", before);
    const rows = await this.#database.read(all(`${BASES} WHERE ${where.sql} ORDER BY id DESC LIMIT ?`, ...where.values, limit));
    return rows.map((row) => baseRow(readBase(row)));
  }

  async countBases(tenantId: string): Promise<number> {
    const row = await this.#database.read(one("SELECT count(*) AS count FROM knowledge_bases WHERE tenant_id = ?", tenantId));
    return number(row ?? {}, "count");
  }

  async counts(tenantId: string, baseId: string): Promise<KnowledgeCounts> {
    const row = (await this.#database.read(one(COUNTS, tenantId, baseId))) ?? {};
    return {
      documents: number(row, "documents"),
      waiting: number(row, "waiting"),
      failed: number(row, "failed"),
      passages: number(row, "passages"),
    };
  }

  async putDocument(tenantId: string, document: NewDocument): Promise<KnowledgeDocumentRow> {
    const row = await this.#database.write("putKnowledgeDocument", [tenantId, document], document.content.length);
    this.#changed(document.baseId);
    return row;
  }

  document(tenantId: string, baseId: string, idOrName: string): Promise<KnowledgeDocumentRow | null> {
    return this.#database.read(findDocument(tenantId, baseId, idOrName));
  }

  async documents(tenantId: string, baseId: string, { limit, before }: KnowledgePage): Promise<readonly KnowledgeDocumentRow[]> {
    const where = new Conditions("tenant_id = ?", tenantId).and("base_id = ?", baseId).and("id < ?", before);
    const rows = await this.#database.read(all(`${DOCUMENTS} WHERE ${where.sql} ORDER BY id DESC LIMIT ?`, ...where.values, limit));
    return rows.map((row) => documentRow(readDocument(row)));
  }

  async deleteDocument(tenantId: string, baseId: string, id: string): Promise<boolean> {
    const wasThere = await this.#database.write("deleteKnowledgeDocument", [tenantId, baseId, id]);
    if (!wasThere) return false;
    this.#changed(baseId);
    await this.trim(tenantId, id);
    return true;
  }

  async content(tenantId: string, documentId: string, revision: number): Promise<Uint8Array | null> {
    const row = await this.#database.read(one(CONTENT, tenantId, documentId, revision));
    const content = row?.["content"];
    if (!(content instanceof Uint8Array)) return null;
    if (row?.["checksum"] !== contentChecksum(tenantId, documentId, revision, content))
      throw new StoreCorrupt(`the contents of document ${documentId} are not what was written`);
    return content;
  }

  async waiting(limit: number): Promise<readonly OwnedDocument[]> {
    return (await this.#database.read(all(WAITING, limit))).map((row) => ownedDocument(readDocument(row)));
  }

  async begin(
    tenantId: string,
    document: RevisionOf,
    { total, characters }: { readonly total: number; readonly characters: number },
  ): Promise<number> {
    const done = await this.#database.write("beginKnowledgeDocument", [tenantId, document, total, characters]);
    this.#changed(document.baseId);
    return done;
  }

  async addPassages(
    tenantId: string,
    document: RevisionOf,
    from: number,
    passages: readonly NewPassage[],
    paid: PaidOutside,
  ): Promise<boolean> {
    const bytes = passages.reduce((sum, passage) => sum + passage.text.length * 2 + (passage.vector?.byteLength ?? 0), 0);
    const areAdded = await this.#database.write("addKnowledgePassages", [tenantId, document, from, passages, paid], bytes);
    if (areAdded) this.#changed(document.baseId);
    return areAdded;
  }

  addUsage(tenantId: string, paid: PaidOutside): Promise<void> {
    return this.#database.write("addUsageOutside", [tenantId, paid]);
  }

  async finish(tenantId: string, document: RevisionOf, at: number): Promise<void> {
    await this.#database.write("finishKnowledgeDocument", [tenantId, document, at]);
    this.#changed(document.baseId);
  }

  async fail(tenantId: string, document: RevisionOf, reason: DocumentFailure, at: number): Promise<void> {
    await this.#database.write("failKnowledgeDocument", [tenantId, document, reason, at]);
    this.#changed(document.baseId);
  }

  #changed(baseId: string): void {
    this.#database.changed({ kind: "knowledge", id: baseId });
  }

  async trim(tenantId: string, documentId: string): Promise<void> {
    while ((await this.#database.write("trimKnowledgeDocument", [tenantId, documentId])) > 0);
  }

  async trimAll(): Promise<void> {
    const rows = await this.#database.read(all("SELECT tenant_id, document_id FROM knowledge_leftovers"));
    await this.#trimEach(rows.map((row) => [text(row, "tenant_id"), text(row, "document_id")]));
  }

  async #trimEach(documents: readonly (readonly [tenantId: string, documentId: string])[]): Promise<void> {
    for (let at = 0; at < documents.length; at += TRIMMED_TOGETHER)
      await Promise.all(documents.slice(at, at + TRIMMED_TOGETHER).map((document) => this.trim(...document)));
  }

  byWords(tenantId: string, baseId: string, words: readonly string[], search: RankedSearch): Promise<readonly Ranked[]> {
    return this.#database.read(this.#byWords(tenantId, baseId, words, search));
  }

  *#byWords(tenantId: string, baseId: string, words: readonly string[], search: RankedSearch): Steps<readonly Ranked[]> {
    if (words.length === 0) return [];
    const base = yield* one("SELECT number FROM knowledge_bases WHERE tenant_id = ? AND id = ?", tenantId, baseId);
    if (!base) return [];
    return yield* this.#database.dialect.words.find({ tenantId, id: baseId, number: number(base, "number") }, words, search);
  }

  byVector(tenantId: string, baseId: string, vector: Float32Array, search: RankedSearch): Promise<readonly Ranked[]> {
    const wanted = { tenantId, baseId, vector, search };
    return this.#database.nearest?.(wanted) ?? searchVectors(this.#database, wanted);
  }

  passages(tenantId: string, ids: readonly number[]): Promise<readonly FoundPassage[]> {
    return this.#database.read(findPassages(tenantId, ids));
  }
}

function* findBase(tenantId: string, idOrName: string): Steps<KnowledgeBaseRow | null> {
  const row =
    (yield* one(`${BASES} WHERE tenant_id = ? AND id = ?`, tenantId, idOrName)) ??
    (yield* one(`${BASES} WHERE tenant_id = ? AND name = ?`, tenantId, idOrName));
  return row ? baseRow(readBase(row)) : null;
}

function* findDocument(tenantId: string, baseId: string, idOrName: string): Steps<KnowledgeDocumentRow | null> {
  const ofBase = `${DOCUMENTS} WHERE tenant_id = ? AND base_id = ?`;
  const row =
    (yield* one(`${ofBase} AND id = ?`, tenantId, baseId, idOrName)) ?? (yield* one(`${ofBase} AND name = ?`, tenantId, baseId, idOrName));
  return row ? documentRow(readDocument(row)) : null;
}

function* findPassages(tenantId: string, ids: readonly number[]): Steps<readonly FoundPassage[]> {
  const found: FoundPassage[] = [];
  for (const id of ids) {
    const row = yield* one(PASSAGE, tenantId, id);
    if (row) found.push(readPassage(row));
  }
  return found;
}
