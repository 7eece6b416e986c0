import type { JsonObject } from "@millrace/contract";
import type { Usage } from "@millrace/engine";
import type { CancelSignal } from "#kit/capabilities";

/**
 * The knowledge bases of the tenant. Throws `TerminalError` missing_reference (no such base), type_error (a filter that is none),
 * limit_exceeded, and what a model throws that makes vectors.
 */
export interface Knowledge {
  search(search: KnowledgeSearch): Promise<KnowledgeFound>;
}

export interface KnowledgeSearch {
  /** Ids or names of bases; what they hold is ranked together. */
  readonly bases: readonly string[];
  readonly query: string;
  readonly topK: number;
  /** 0 to 1: what has less is left out. */
  readonly minScore: number;
  readonly filter: KnowledgeFilter | null;
  readonly signal: CancelSignal;
  readonly timeoutMs: number | null;
}

/** Name of a member of the metadata -> its value, or conditions on it: `{ in: […] }`, `{ gt, gte, lt, lte }`, `{ exists: true }`, `{ not: … }`. */
export type KnowledgeFilter = JsonObject;

export interface KnowledgeFound {
  /** Best first; equal ones by chunk id. */
  readonly items: readonly KnowledgeItem[];
  /** Of the model that made the query's vector. */
  readonly usage: readonly Usage[];
}

export interface KnowledgeItem {
  readonly text: string;
  /** 1: the first in every ranking that there is. */
  readonly score: number;
  readonly source: KnowledgeSource;
  /** Of the document. */
  readonly metadata: JsonObject;
}

export interface KnowledgeSource {
  readonly baseId: string;
  readonly documentId: string;
  readonly documentName: string;
  readonly chunkId: string;
  /** Of the chunk in its document, from 0. */
  readonly position: number;
  /** Where it stands: a page, slide or sheet, and the headings above it, outermost first. */
  readonly page: string | null;
  readonly headings: readonly string[];
  /** Its place by its words, from 1; null: none of the query's words stands in it, or it comes too late. */
  readonly textRank: number | null;
  /** Its place by its vector. */
  readonly vectorRank: number | null;
  /** Cosine of the angle to the query's vector, -1 to 1; null: it was not compared. */
  readonly similarity: number | null;
}
