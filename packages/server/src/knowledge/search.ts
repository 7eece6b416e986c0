import type { JsonObject } from "@millrace/contract";
import { TerminalError, type Usage } from "@millrace/engine";
import type { CancelSignal, Knowledge, KnowledgeItem, Models } from "@millrace/nodes";
import { FilterProblem, readFilter } from "#knowledge/filter";
import { type Fused, fuse } from "#knowledge/fuse";
import { CANDIDATES, MAX_QUERY_WORDS } from "#knowledge/limits";
import { normalised } from "#knowledge/vectors";
import { wordsOf } from "#knowledge/words";
import type { FoundPassage, KnowledgeBaseRow, KnowledgeStore, Ranked, RankedSearch } from "#store/knowledge-store";

export interface SearchPorts {
  readonly knowledge: KnowledgeStore;
  readonly models: Models;
}

interface Query {
  readonly query: string;
  readonly topK: number;
  readonly minScore: number;
  readonly filter: JsonObject | null;
  readonly signal: CancelSignal;
  readonly timeoutMs: number | null;
}

/** What the attempts of a tenant may look for. */
export function knowledgeOf(tenantId: string, ports: SearchPorts): Knowledge {
  return {
    async search({ bases, ...query }) {
      const rows = await Promise.all([...new Set(bases)].map((name) => baseNamed(ports, tenantId, name)));
      try {
        return await searchBases(ports, tenantId, rows, query);
      } catch (error) {
        if (!(error instanceof FilterProblem)) throw error;
        throw new TerminalError("type_error", `filter${error.key === "" ? "" : `.${error.key}`}: ${error.message}`);
      }
    },
  };
}

async function baseNamed({ knowledge }: SearchPorts, tenantId: string, name: string): Promise<KnowledgeBaseRow> {
  const row = await knowledge.base(tenantId, name);
  if (row) return row;
  throw new TerminalError("missing_reference", `There is no knowledge base ${name}.`);
}

export interface Found {
  readonly items: readonly KnowledgeItem[];
  readonly usage: readonly Usage[];
}

/** Ranks the passages of all bases by their words and by their vectors, and puts the rankings together. @throws FilterProblem */
export async function searchBases(
  ports: SearchPorts,
  tenantId: string,
  bases: readonly KnowledgeBaseRow[],
  { query, topK, minScore, filter, signal, timeoutMs }: Query,
): Promise<Found> {
  const limited: RankedSearch = { limit: Math.max(CANDIDATES, topK), filter: readFilter(filter) };
  const byWords = await Promise.all(
    bases.map(({ id, language }) => {
      const words = [...new Set(wordsOf(query, language))].slice(0, MAX_QUERY_WORDS);
      return ports.knowledge.byWords(tenantId, id, words, limited);
    }),
  );
  const rankings = [merged(byWords, limited.limit)];
  const usage: Usage[] = [];
  const byModel = Map.groupBy(
    bases.filter(({ embeddingModel }) => embeddingModel !== null),
    ({ embeddingModel }) => embeddingModel,
  );
  const byVector: (readonly Ranked[])[] = [];
  for (const [model, own] of byModel) {
    const answer = await ports.models.embed({ model, texts: [query], signal, timeoutMs });
    usage.push(...answer.usage);
    const vector = normalised(answer.vectors[0] ?? new Float32Array());
    for (const { id } of own) byVector.push(await ports.knowledge.byVector(tenantId, id, vector, limited));
  }
  if (byVector.length > 0) rankings.push(merged(byVector, limited.limit));
  const best = fuse(rankings)
    .filter(({ score }) => score >= minScore)
    .slice(0, topK);
  const passages = await ports.knowledge.passages(
    tenantId,
    best.map(({ id }) => id),
  );
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const items = best.flatMap((one) => {
    const passage = byId.get(one.id);
    return passage ? [itemOf(one, passage)] : [];
  });
  return { items, usage };
}

/** Rankings of the same kind, of one base each, as one. */
function merged(rankings: readonly (readonly Ranked[])[], limit: number): readonly Ranked[] {
  const all = rankings.flat().sort((a, b) => b.score - a.score || a.id - b.id);
  return all.slice(0, limit);
}

const SHOWN_DIGITS = 1_000_000;

function itemOf({ score, places: [words, vector] }: Fused, passage: FoundPassage): KnowledgeItem {
  const { id, baseId, documentId, documentName, position, page, headings, text, metadata } = passage;
  return {
    text,
    score: rounded(score),
    source: {
      baseId,
      documentId,
      documentName,
      chunkId: String(id),
      position,
      page,
      headings,
      textRank: words?.rank ?? null,
      vectorRank: vector?.rank ?? null,
      similarity: vector ? rounded(vector.score) : null,
    },
    metadata,
  };
}

function rounded(value: number): number {
  return Math.round(value * SHOWN_DIGITS) / SHOWN_DIGITS;
}
