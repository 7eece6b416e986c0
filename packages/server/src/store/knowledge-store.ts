import type { JsonObject } from "@millrace/contract";
import type { Usage } from "@millrace/engine";

/**
 * Knowledge bases, their documents and the passages of these. Invariants:
 * K1. A passage is found only while its document's live revision is its own: a document is searchable when it is whole, and a newer one
 *     takes the place of the older one in one transaction.
 * K2. What is deleted or replaced is found no more at once, and is gone when `trim` resolves or, after a death, with the next `trimAll`.
 */
export interface KnowledgeStore {
  /** Rejects with `NameTaken`. */
  createBase(tenantId: string, base: KnowledgeBaseRow): Promise<void>;
  /** Rejects with `NotFound` and `NameTaken`. */
  updateBase(tenantId: string, id: string, change: { readonly name: string; readonly description: string }, at: number): Promise<void>;
  /** With all its documents. False where there is none. */
  deleteBase(tenantId: string, id: string): Promise<boolean>;
  /** By id or name. */
  base(tenantId: string, idOrName: string): Promise<KnowledgeBaseRow | null>;
  /** Newest first; `before` is the id of the last one seen. */
  bases(tenantId: string, page: KnowledgePage): Promise<readonly KnowledgeBaseRow[]>;
  countBases(tenantId: string): Promise<number>;
  /** What the base holds. */
  counts(tenantId: string, baseId: string): Promise<KnowledgeCounts>;

  /**
   * Keeps a document that is to be indexed. One of the same name in the base gets another revision, and its passages stay until that one is
   * whole. Rejects with `NotFound` where there is no such base. Resolves with the row.
   */
  putDocument(tenantId: string, document: NewDocument): Promise<KnowledgeDocumentRow>;
  /** By id or name. */
  document(tenantId: string, baseId: string, idOrName: string): Promise<KnowledgeDocumentRow | null>;
  documents(tenantId: string, baseId: string, page: KnowledgePage): Promise<readonly KnowledgeDocumentRow[]>;
  deleteDocument(tenantId: string, baseId: string, id: string): Promise<boolean>;
  content(tenantId: string, documentId: string, revision: number): Promise<Uint8Array | null>;

  /** Of all tenants, those that are to be indexed, oldest first. */
  waiting(limit: number): Promise<readonly OwnedDocument[]>;
  /** The document turned out to have so many passages; resolves with how many of them are there already. */
  begin(tenantId: string, document: RevisionOf, size: { readonly total: number; readonly characters: number }): Promise<number>;
  /**
   * The next passages, from `from` on, and what was paid for their vectors, which is counted among the tenant's usage. False: the revision
   * is not the newest any more: only what was paid was written.
   */
  addPassages(tenantId: string, document: RevisionOf, from: number, passages: readonly NewPassage[], paid: PaidOutside): Promise<boolean>;
  /** What a search that no run asked for was paid. */
  addUsage(tenantId: string, paid: PaidOutside): Promise<void>;
  /** All passages are there: from now on these are found, and those of the revision before no more. */
  finish(tenantId: string, document: RevisionOf, at: number): Promise<void>;
  /** It cannot be indexed; what was found of it before still is. */
  fail(tenantId: string, document: RevisionOf, reason: DocumentFailure, at: number): Promise<void>;
  /** Removes what belongs to no revision that is live or to come. */
  trim(tenantId: string, documentId: string): Promise<void>;
  /** The same of all documents of all tenants that a death left. */
  trimAll(): Promise<void>;

  /** Passages of a base with any of these words, the best first. */
  byWords(tenantId: string, baseId: string, words: readonly string[], search: RankedSearch): Promise<readonly Ranked[]>;
  /** Passages of a base by the angle of their vectors to this one, which has the length 1: every vector is compared. */
  byVector(tenantId: string, baseId: string, vector: Float32Array, search: RankedSearch): Promise<readonly Ranked[]>;
  /** Those of these ids that are live. */
  passages(tenantId: string, ids: readonly number[]): Promise<readonly FoundPassage[]>;
}

export interface KnowledgePage {
  readonly limit: number;
  readonly before?: string;
}

export interface KnowledgeBaseSettings {
  readonly description: string;
  /** BCP 47; null: any. */
  readonly language: string | null;
  /** `connection/model`; null: no vectors. */
  readonly embeddingModel: string | null;
  readonly passageCharacters: number;
  readonly overlapCharacters: number;
}

export interface KnowledgeBaseRow extends KnowledgeBaseSettings {
  /** 24 hex characters. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface KnowledgeCounts {
  readonly documents: number;
  readonly waiting: number;
  readonly failed: number;
  /** Passages of documents that are or will be whole. */
  readonly passages: number;
}

export type DocumentState = "waiting" | "indexed" | "failed";

export interface DocumentFailure {
  /** Names a page of docs/errors. */
  readonly type: string;
  readonly message: string;
}

export interface NewDocument {
  /** Kept only where no document of the base has the name yet. */
  readonly id: string;
  readonly baseId: string;
  readonly name: string;
  readonly mediaType: string | null;
  readonly metadata: JsonObject;
  /** Where it was fetched from; null: it was sent. */
  readonly url: string | null;
  readonly content: Uint8Array;
  readonly at: number;
}

/** What was paid outside of runs. */
export interface PaidOutside {
  readonly at: number;
  readonly usage: readonly Usage[];
}

/** What making the vectors of a document cost so far. */
export interface IndexingUsage {
  readonly tokens: number;
  /** Exact decimal. */
  readonly credits: string;
}

export interface KnowledgeDocumentRow extends Omit<NewDocument, "content" | "at"> {
  /** Counts what was put under its name. */
  readonly revision: number;
  /** The one that is found; null: none yet. */
  readonly liveRevision: number | null;
  readonly state: DocumentState;
  /** Why it failed. */
  readonly error: string | null;
  /** null: it has not, or did before there were types. */
  readonly errorType: string | null;
  readonly bytes: number;
  readonly characters: number;
  /** Passages that are there, and how many there will be; null: it is not parsed yet. */
  readonly done: number;
  readonly total: number | null;
  readonly usage: IndexingUsage;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly indexedAt: number | null;
}

export interface OwnedDocument extends KnowledgeDocumentRow {
  readonly tenantId: string;
}

export interface RevisionOf {
  readonly id: string;
  readonly baseId: string;
  readonly revision: number;
}

export interface NewPassage {
  readonly text: string;
  readonly page: string | null;
  readonly headings: readonly string[];
  /** As they are to be found. */
  readonly words: readonly string[];
  /** Of length 1; null: the base has no model. */
  readonly vector: Float32Array | null;
}

/** A condition on one member of a document's metadata; a list has what any of its elements has. */
export type MetadataCondition =
  | { readonly key: string; readonly is: "in" | "not in"; readonly values: readonly MetadataValue[] }
  | { readonly key: string; readonly is: ">" | ">=" | "<" | "<="; readonly value: string | number }
  | { readonly key: string; readonly is: "there" | "not there" };

export type MetadataValue = string | number | boolean;

export interface RankedSearch {
  readonly limit: number;
  /** All of them hold. */
  readonly filter: readonly MetadataCondition[];
}

export interface Ranked {
  /** Of the passage. */
  readonly id: number;
  /** More is better. */
  readonly score: number;
}

export interface FoundPassage extends Omit<NewPassage, "words" | "vector"> {
  readonly id: number;
  readonly baseId: string;
  readonly documentId: string;
  readonly documentName: string;
  readonly position: number;
  readonly metadata: JsonObject;
}

/** Which vectors are compared with which. */
export interface VectorSearch {
  readonly tenantId: string;
  readonly baseId: string;
  readonly vector: Float32Array;
  readonly search: RankedSearch;
}
