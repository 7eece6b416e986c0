import { crc32 } from "node:zlib";
import type { JsonObject } from "@millrace/contract";
import { StoreCorrupt } from "#store/errors";
import type {
  DocumentState,
  FoundPassage,
  IndexingUsage,
  KnowledgeBaseRow,
  KnowledgeBaseSettings,
  KnowledgeDocumentRow,
  OwnedDocument,
} from "#store/knowledge-store";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";

/* ---- bases ---- */

export interface StoredBase {
  readonly tenantId: string;
  readonly id: string;
  /** What its words begin with in the index. */
  readonly number: number;
  readonly name: string;
  readonly settings: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const BASE_COLUMNS = "tenant_id, id, number, name, settings, created_at, updated_at, checksum";

export function baseColumns({ tenantId, id, number: index, name, settings, createdAt, updatedAt }: StoredBase) {
  const values = [tenantId, id, index, name, settings, createdAt, updatedAt] as const;
  return [...values, rowChecksum(values)] as const;
}

export function readBase(row: Row): StoredBase {
  const stored: StoredBase = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    number: number(row, "number"),
    name: text(row, "name"),
    settings: text(row, "settings"),
    createdAt: number(row, "created_at"),
    updatedAt: number(row, "updated_at"),
  };
  return asWritten(stored, baseColumns(stored), row, `knowledge base ${stored.id}`);
}

export function baseSettings(settings: KnowledgeBaseSettings): string {
  const { description, language, embeddingModel, passageCharacters, overlapCharacters } = settings;
  return JSON.stringify({ description, language, embeddingModel, passageCharacters, overlapCharacters });
}

export function baseRow({ id, name, settings, createdAt, updatedAt }: StoredBase): KnowledgeBaseRow {
  return { id, name, ...(JSON.parse(settings) as KnowledgeBaseSettings), createdAt, updatedAt };
}

/* ---- documents ---- */

/** A document as stored. */
export interface StoredDocument extends Omit<KnowledgeDocumentRow, "mediaType" | "url" | "metadata" | "usage"> {
  readonly tenantId: string;
  readonly origin: string;
  readonly metadata: string;
  readonly liveMetadata: string | null;
  readonly usage: string;
}

export const DOCUMENT_COLUMNS =
  "tenant_id, id, base_id, name, origin, metadata, revision, live_revision, live_metadata, state, error, bytes, characters, done, total, usage, created_at, updated_at, indexed_at, error_type, checksum";

export function documentColumns(row: StoredDocument) {
  const names = [row.tenantId, row.id, row.baseId, row.name, row.origin, row.metadata] as const;
  const state = [row.revision, row.liveRevision, row.liveMetadata, row.state, row.error] as const;
  const sizes = [row.bytes, row.characters, row.done, row.total, row.usage] as const;
  const values = [...names, ...state, ...sizes, row.createdAt, row.updatedAt, row.indexedAt] as const;
  // Rows without a type have the checksum of before there were types.
  const checksum = rowChecksum(row.errorType === null ? values : [...values, row.errorType]);
  return [...values, row.errorType, checksum] as const;
}

export function readDocument(row: Row): StoredDocument {
  const stored: StoredDocument = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    baseId: text(row, "base_id"),
    name: text(row, "name"),
    origin: text(row, "origin"),
    metadata: text(row, "metadata"),
    revision: number(row, "revision"),
    liveRevision: numberOrNull(row, "live_revision"),
    liveMetadata: textOrNull(row, "live_metadata"),
    state: text(row, "state") as DocumentState,
    error: textOrNull(row, "error"),
    errorType: textOrNull(row, "error_type"),
    bytes: number(row, "bytes"),
    characters: number(row, "characters"),
    done: number(row, "done"),
    total: numberOrNull(row, "total"),
    usage: text(row, "usage"),
    createdAt: number(row, "created_at"),
    updatedAt: number(row, "updated_at"),
    indexedAt: numberOrNull(row, "indexed_at"),
  };
  return asWritten(stored, documentColumns(stored), row, `document ${stored.id}`);
}

interface Origin {
  readonly mediaType: string | null;
  readonly url: string | null;
}

export function originText({ mediaType, url }: Origin): string {
  return JSON.stringify({ mediaType, url });
}

export function ownedDocument({ origin, metadata, usage, liveMetadata: _, ...row }: StoredDocument): OwnedDocument {
  return {
    ...row,
    ...(JSON.parse(origin) as Origin),
    metadata: JSON.parse(metadata) as JsonObject,
    usage: JSON.parse(usage) as IndexingUsage,
  };
}

export function documentRow(stored: StoredDocument): KnowledgeDocumentRow {
  const { tenantId: _, ...row } = ownedDocument(stored);
  return row;
}

/* ---- contents and passages ---- */

export function contentChecksum(tenantId: string, documentId: string, revision: number, content: Uint8Array): number {
  return rowChecksum([tenantId, documentId, revision, crc32(content)]);
}

export interface StoredPassage {
  readonly tenantId: string;
  readonly baseId: string;
  readonly documentId: string;
  readonly revision: number;
  readonly position: number;
  readonly text: string;
  readonly place: string;
}

export const PASSAGE_COLUMNS = "tenant_id, base_id, document_id, revision, position, text, place, checksum";

export function passageColumns(row: StoredPassage) {
  const values = [row.tenantId, row.baseId, row.documentId, row.revision, row.position, row.text, row.place] as const;
  return [...values, rowChecksum(values)] as const;
}

/** Of a row that also has the passage's id and its document's name and live metadata. */
export function readPassage(row: Row): FoundPassage {
  const stored: StoredPassage = {
    tenantId: text(row, "tenant_id"),
    baseId: text(row, "base_id"),
    documentId: text(row, "document_id"),
    revision: number(row, "revision"),
    position: number(row, "position"),
    text: text(row, "text"),
    place: text(row, "place"),
  };
  asWritten(stored, passageColumns(stored), row, `passage ${stored.position} of document ${stored.documentId}`);
  const { baseId, documentId, position, place } = stored;
  return {
    id: number(row, "id"),
    baseId,
    documentId,
    documentName: text(row, "name"),
    position,
    text: stored.text,
    ...(JSON.parse(place) as { page: string | null; headings: string[] }),
    metadata: JSON.parse(text(row, "live_metadata")) as JsonObject,
  };
}

export function vectorBytes(vector: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [at, value] of vector.entries()) bytes.setFloat32(at * 4, value, true);
  return new Uint8Array(bytes.buffer);
}

function asWritten<T>(stored: T, columns: readonly unknown[], row: Row, what: string): T {
  if (columns.at(-1) !== row["checksum"]) throw new StoreCorrupt(`the row of ${what} is not what was written`);
  return stored;
}
