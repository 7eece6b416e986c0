import { NameTaken, NotFound } from "#store/errors";
import type {
  DocumentFailure,
  IndexingUsage,
  KnowledgeDocumentRow,
  NewDocument,
  NewPassage,
  PaidOutside,
  RevisionOf,
} from "#store/knowledge-store";
import type { WordIndex } from "#store/sql/dialect";
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
} from "#store/sql/knowledge-row";
import { addUsageOutside } from "#store/sql/ledger";
import { number, type Row, text } from "#store/sql/rows";
import { all, insert, one, run, type Steps, upsert } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";
import { sumCredits } from "#store/sum-credits";

/** Passages that one `trim` removes: their words leave the index one passage at a time. */
const TRIMMED_AT_ONCE = 100;

const NO_USAGE: IndexingUsage = { tokens: 0, credits: "0" };

export function knowledgeVerbs(words: WordIndex) {
  return { ...baseVerbs, ...documentVerbs, ...passageVerbs(words) };
}

/* ---- bases ---- */

const INSERT_BASE = insert("knowledge_bases", BASE_COLUMNS);
const UPDATE_BASE = "UPDATE knowledge_bases SET name = ?, settings = ?, updated_at = ?, checksum = ? WHERE tenant_id = ? AND id = ?";
const LEAVE_ALL = `
  INSERT INTO knowledge_leftovers (tenant_id, document_id)
  SELECT tenant_id, id FROM knowledge_documents WHERE tenant_id = ? AND base_id = ? ON CONFLICT DO NOTHING`;

const baseVerbs = {
  *createKnowledgeBase(base: Omit<StoredBase, "number">): Steps<void> {
    yield* insertTenant(base.tenantId, base.createdAt);
    yield* refuseTaken(base.tenantId, base.id, base.name);
    const next = yield* one("SELECT coalesce(max(number), 0) + 1 AS number FROM knowledge_bases");
    yield* run(INSERT_BASE, ...baseColumns({ ...base, number: number(next ?? {}, "number") }));
  },

  *updateKnowledgeBase(
    tenantId: string,
    id: string,
    change: { readonly name: string; readonly description: string },
    at: number,
  ): Steps<void> {
    const row = yield* one(`SELECT ${BASE_COLUMNS} FROM knowledge_bases WHERE tenant_id = ? AND id = ?`, tenantId, id);
    if (!row) throw new NotFound(`the knowledge base ${id}`);
    yield* refuseTaken(tenantId, id, change.name);
    const before = readBase(row);
    const settings = JSON.stringify({ ...(JSON.parse(before.settings) as object), description: change.description });
    const checksum = baseColumns({ ...before, name: change.name, settings, updatedAt: at })[7];
    yield* run(UPDATE_BASE, change.name, settings, at, checksum, tenantId, id);
  },

  *deleteKnowledgeBase(tenantId: string, id: string): Steps<boolean> {
    yield* run(LEAVE_ALL, tenantId, id);
    yield* run("DELETE FROM knowledge_documents WHERE tenant_id = ? AND base_id = ?", tenantId, id);
    return (yield* run("DELETE FROM knowledge_bases WHERE tenant_id = ? AND id = ?", tenantId, id)) === 1;
  },
};

function* refuseTaken(tenantId: string, id: string, name: string): Steps<void> {
  const other = yield* one("SELECT id FROM knowledge_bases WHERE tenant_id = ? AND name = ?", tenantId, name);
  if (other && other["id"] !== id) throw new NameTaken(name);
}

/* ---- documents ---- */

const FIND_DOCUMENT = `SELECT ${DOCUMENT_COLUMNS} FROM knowledge_documents WHERE tenant_id = ? AND id = ?`;
const FIND_NAMED = "SELECT id FROM knowledge_documents WHERE tenant_id = ? AND base_id = ? AND name = ?";
const PUT_DOCUMENT = upsert("knowledge_documents", DOCUMENT_COLUMNS, "tenant_id, id");
const LEAVE = "INSERT INTO knowledge_leftovers (tenant_id, document_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
const KEEP_CONTENT = insert("knowledge_contents", "tenant_id, document_id, revision, content, checksum");

const documentVerbs = {
  *putKnowledgeDocument(tenantId: string, { content, at, ...given }: NewDocument): Steps<KnowledgeDocumentRow> {
    if (!(yield* one("SELECT id FROM knowledge_bases WHERE tenant_id = ? AND id = ?", tenantId, given.baseId)))
      throw new NotFound(`the knowledge base ${given.baseId}`);
    const named = yield* one(FIND_NAMED, tenantId, given.baseId, given.name);
    const id = named ? text(named, "id") : given.id;
    const before = yield* found(tenantId, id);
    const row: StoredDocument = {
      ...{ tenantId, id, baseId: given.baseId, name: given.name },
      ...{ liveRevision: null, liveMetadata: null, usage: JSON.stringify(NO_USAGE), createdAt: at, indexedAt: null },
      ...before,
      ...{ origin: originText(given), metadata: JSON.stringify(given.metadata), revision: (before?.revision ?? 0) + 1 },
      ...{ state: "waiting", error: null, errorType: null, bytes: content.length, characters: 0, done: 0, total: null, updatedAt: at },
    };
    yield* put(row);
    yield* run(KEEP_CONTENT, tenantId, id, row.revision, content, contentChecksum(tenantId, id, row.revision, content));
    if (before) yield* run(LEAVE, tenantId, id);
    return documentRow(row);
  },

  *deleteKnowledgeDocument(tenantId: string, baseId: string, id: string): Steps<boolean> {
    const removed = yield* run("DELETE FROM knowledge_documents WHERE tenant_id = ? AND base_id = ? AND id = ?", tenantId, baseId, id);
    if (removed === 1) yield* run(LEAVE, tenantId, id);
    return removed === 1;
  },

  *finishKnowledgeDocument(tenantId: string, revision: RevisionOf, at: number): Steps<void> {
    const row = yield* waiting(tenantId, revision);
    if (!row) return;
    const live = { liveRevision: row.revision, liveMetadata: row.metadata };
    yield* put({ ...row, ...live, state: "indexed", error: null, errorType: null, updatedAt: at, indexedAt: at });
    yield* run(LEAVE, tenantId, row.id);
  },

  *failKnowledgeDocument(tenantId: string, revision: RevisionOf, { type, message }: DocumentFailure, at: number): Steps<void> {
    const row = yield* waiting(tenantId, revision);
    if (row) yield* put({ ...row, state: "failed", error: message, errorType: type, updatedAt: at });
  },
};

function* found(tenantId: string, id: string): Steps<StoredDocument | null> {
  const row = yield* one(FIND_DOCUMENT, tenantId, id);
  return row ? readDocument(row) : null;
}

/** The document while this revision is its newest and is not whole yet. */
function* waiting(tenantId: string, { id, revision }: RevisionOf): Steps<StoredDocument | null> {
  const row = yield* found(tenantId, id);
  return row?.revision === revision && row.state === "waiting" ? row : null;
}

function* put(row: StoredDocument): Steps<void> {
  yield* run(PUT_DOCUMENT, ...documentColumns(row));
}

/* ---- passages ---- */

const INSERT_PASSAGE = `${insert("knowledge_passages", PASSAGE_COLUMNS)} RETURNING id`;
const INSERT_VECTOR = insert("knowledge_vectors", "passage_id, tenant_id, base_id, document_id, revision, vector");
const OF_REVISION = "SELECT id FROM knowledge_passages WHERE tenant_id = ? AND document_id = ? AND revision = ?";
const STALE = `
  SELECT id FROM knowledge_passages WHERE tenant_id = ? AND document_id = ? AND revision NOT IN (?, ?) ORDER BY revision LIMIT ${TRIMMED_AT_ONCE}`;

function passageVerbs(words: WordIndex) {
  function* remove(tenantId: string, rows: readonly Row[]): Steps<void> {
    for (const id of rows.map((row) => number(row, "id"))) {
      yield* words.remove(tenantId, id);
      yield* run("DELETE FROM knowledge_vectors WHERE tenant_id = ? AND passage_id = ?", tenantId, id);
      yield* run("DELETE FROM knowledge_passages WHERE tenant_id = ? AND id = ?", tenantId, id);
    }
  }
  return {
    *beginKnowledgeDocument(tenantId: string, revision: RevisionOf, total: number, characters: number): Steps<number> {
      const row = yield* waiting(tenantId, revision);
      if (!row) return total;
      // Another release cut the document in another way: what it made is of no use.
      const done = row.total === null || row.total === total ? row.done : 0;
      if (done < row.done) yield* remove(tenantId, yield* all(OF_REVISION, tenantId, row.id, row.revision));
      yield* put({ ...row, total, characters, done });
      return done;
    },

    *addKnowledgePassages(
      tenantId: string,
      { id, revision }: RevisionOf,
      from: number,
      passages: readonly NewPassage[],
      paid: PaidOutside,
    ): Steps<boolean> {
      yield* addUsageOutside(tenantId, paid);
      const row = yield* found(tenantId, id);
      if (row?.revision !== revision || row.done !== from) return false;
      const { baseId } = row;
      const base = yield* one("SELECT number FROM knowledge_bases WHERE tenant_id = ? AND id = ?", tenantId, baseId);
      const added = [];
      for (const [at, { text: said, page, headings, words: found, vector }] of passages.entries()) {
        const place = JSON.stringify({ page, headings });
        const stored = { tenantId, baseId, documentId: id, revision, position: from + at, text: said, place };
        const passage = number((yield* one(INSERT_PASSAGE, ...passageColumns(stored))) ?? {}, "id");
        added.push({ id: passage, words: found });
        if (vector) yield* run(INSERT_VECTOR, passage, tenantId, baseId, id, revision, vectorBytes(vector));
      }
      yield* words.add({ tenantId, id: baseId, number: number(base ?? {}, "number") }, added);
      yield* put({ ...row, done: from + passages.length, usage: JSON.stringify(sum(JSON.parse(row.usage) as IndexingUsage, paid)) });
      return true;
    },

    addUsageOutside,

    /** How much may be left. */
    *trimKnowledgeDocument(tenantId: string, id: string): Steps<number> {
      const row = yield* found(tenantId, id);
      const [live, newest] = [row?.liveRevision ?? -1, row?.revision ?? -1];
      const passages = yield* all(STALE, tenantId, id, live, newest);
      yield* remove(tenantId, passages);
      yield* run("DELETE FROM knowledge_contents WHERE tenant_id = ? AND document_id = ? AND revision <> ?", tenantId, id, newest);
      if (passages.length > 0) yield* run(LEAVE, tenantId, id);
      else yield* run("DELETE FROM knowledge_leftovers WHERE tenant_id = ? AND document_id = ?", tenantId, id);
      return passages.length;
    },
  };
}

function sum(before: IndexingUsage, { usage }: PaidOutside): IndexingUsage {
  return {
    tokens: usage.reduce((tokens, { inputTokens, outputTokens }) => tokens + inputTokens + outputTokens, before.tokens),
    credits: sumCredits([before.credits, ...usage.map(({ credits }) => credits)]),
  };
}
