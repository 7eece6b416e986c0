import type {
  AddDocumentBody,
  CreateKnowledgeBody,
  DocumentView,
  KnowledgeView,
  SearchBody,
  UpdateKnowledgeBody,
} from "@millrace/contract";
import type { Handler } from "#http/handler";
import { readForm } from "#http/multipart-form";
import { callerOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageById } from "#http/views";
import type { CountedBase } from "#knowledge/knowledge-bases";
import { spentIn } from "#knowledge/vectors";
import type { KnowledgeDocumentRow, KnowledgePage } from "#store/knowledge-store";

interface BasePath {
  readonly base: string;
}

interface DocumentPath extends BasePath {
  readonly document: string;
}

export const listKnowledge: Handler = async (ports, request, reply) => {
  const page = pageOf(request.query);
  const rows = await ports.knowledge.bases.list(callerOf(request).tenantId, page);
  return reply.send(JSON.stringify(pageById(rows.map(baseView), page.limit)));
};

export const createKnowledge: Handler = async (ports, request, reply) => {
  const row = await ports.knowledge.bases.create(callerOf(request).tenantId, request.body as CreateKnowledgeBody);
  return reply.code(201).send(JSON.stringify(baseView(row)));
};

export const getKnowledge: Handler = async (ports, request, reply) => {
  const { base } = request.params as BasePath;
  return reply.send(JSON.stringify(baseView(await ports.knowledge.bases.get(callerOf(request).tenantId, base))));
};

export const updateKnowledge: Handler = async (ports, request, reply) => {
  const { base } = request.params as BasePath;
  const row = await ports.knowledge.bases.update(callerOf(request).tenantId, base, request.body as UpdateKnowledgeBody);
  return reply.send(JSON.stringify(baseView(row)));
};

export const deleteKnowledge: Handler = async (ports, request, reply) => {
  const { base } = request.params as BasePath;
  await ports.knowledge.bases.delete(callerOf(request).tenantId, base);
  return reply.code(204).send();
};

export const searchKnowledge: Handler = async (ports, request, reply) => {
  const { base } = request.params as BasePath;
  const { items, usage } = await ports.knowledge.bases.search(callerOf(request).tenantId, base, request.body as SearchBody);
  return reply.send(JSON.stringify({ items, usage: spentIn(usage) }));
};

export const listDocuments: Handler = async (ports, request, reply) => {
  const { base } = request.params as BasePath;
  const page = pageOf(request.query);
  const rows = await ports.knowledge.documents.list(callerOf(request).tenantId, base, page);
  return reply.send(JSON.stringify(pageById(rows.map(documentView), page.limit)));
};

export const addDocument: Handler = async (ports, request, reply) => {
  const { base } = request.params as BasePath;
  const row = await ports.knowledge.documents.add(callerOf(request).tenantId, base, request.body as AddDocumentBody);
  return reply.code(202).send(JSON.stringify(documentView(row)));
};

export const uploadDocuments: Handler = async (ports, request, reply) => {
  const { base } = request.params as BasePath;
  const { files, metadata } = readForm(request);
  const rows = await ports.knowledge.documents.addFiles(callerOf(request).tenantId, base, files, metadata);
  return reply.code(202).send(JSON.stringify({ documents: rows.map(documentView) }));
};

export const getDocument: Handler = async (ports, request, reply) => {
  const { base, document } = request.params as DocumentPath;
  return reply.send(JSON.stringify(documentView(await ports.knowledge.documents.get(callerOf(request).tenantId, base, document))));
};

export const reindexDocument: Handler = async (ports, request, reply) => {
  const { base, document } = request.params as DocumentPath;
  const row = await ports.knowledge.documents.reindex(callerOf(request).tenantId, base, document);
  return reply.code(202).send(JSON.stringify(documentView(row)));
};

export const deleteDocument: Handler = async (ports, request, reply) => {
  const { base, document } = request.params as DocumentPath;
  await ports.knowledge.documents.delete(callerOf(request).tenantId, base, document);
  return reply.code(204).send();
};

function pageOf(query: unknown): KnowledgePage {
  const { limit = DEFAULT_PAGE_ROWS, cursor } = query as { readonly limit?: number; readonly cursor?: string };
  return { limit, ...(cursor !== undefined && { before: cursor }) };
}

function baseView({ description, language, embeddingModel, counts, ...row }: CountedBase): KnowledgeView {
  return {
    ...row,
    ...(description !== "" && { description }),
    ...(language !== null && { language }),
    ...(embeddingModel !== null && { embeddingModel }),
    ...counts,
  };
}

function documentView(row: KnowledgeDocumentRow): DocumentView {
  const { id, name, state, done, total, error, errorType, bytes, characters, url, mediaType, metadata, usage } = row;
  const { createdAt, updatedAt, indexedAt } = row;
  return {
    id,
    name,
    state,
    searchable: row.liveRevision !== null,
    done,
    ...(total !== null && { total }),
    ...(error !== null && { error }),
    ...(errorType !== null && { errorType }),
    bytes,
    characters,
    ...(url !== null && { url }),
    ...(mediaType !== null && { mediaType }),
    metadata: metadata as DocumentView["metadata"],
    indexing: usage,
    createdAt,
    updatedAt,
    ...(indexedAt !== null && { indexedAt }),
  };
}
