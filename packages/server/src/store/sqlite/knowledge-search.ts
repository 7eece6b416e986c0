import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Ranked, RankedSearch } from "#store/knowledge-store";
import { reading } from "#store/sqlite/failure";
import { filterSql } from "#store/sqlite/metadata-filter";
import { number, type Row } from "#store/sqlite/rows";
import { indexedWords } from "#store/sqlite/writer/knowledge-verbs";

/** Vectors that are compared in one turn of the event loop: of 1,536 numbers, about a millisecond. */
const VECTORS_AT_ONCE = 256;

/**
 * Occurrences of words that one search ranks: some 40 ms. Words that stand nearly everywhere tell least and cost most; beyond this they are
 * left out, but for the rarest one.
 */
const RANKED_OCCURRENCES = 10_000;

/** What finds passages. No statement is open over an await. */
export class KnowledgeSearch {
  readonly #reader: DatabaseSync;
  readonly #baseNumber: StatementSync;
  readonly #count: StatementSync;

  constructor(reader: DatabaseSync) {
    this.#reader = reader;
    this.#count = reader.prepare("SELECT count(*) AS count FROM (SELECT 1 FROM knowledge_words WHERE knowledge_words MATCH ? LIMIT ?)");
    this.#baseNumber = reader.prepare("SELECT number FROM knowledge_bases WHERE tenant_id = ? AND id = ?");
  }

  byWords(tenantId: string, baseId: string, words: readonly string[], { limit, filter }: RankedSearch): readonly Ranked[] {
    return reading(() => {
      const base = this.#baseNumber.get(tenantId, baseId);
      if (!base || words.length === 0) return [];
      const match = this.#telling(indexedWords(number(base, "number"), words).map(quoted)).join(" OR ");
      if (match === "") return [];
      const { sql, values } = filterSql(filter);
      const statement = this.#reader.prepare(`
        SELECT passage.id AS id, -bm25(knowledge_words) AS score FROM knowledge_words
        JOIN knowledge_passages AS passage ON passage.id = knowledge_words.rowid
        JOIN knowledge_documents AS document ON document.tenant_id = passage.tenant_id AND document.id = passage.document_id
          AND document.live_revision = passage.revision
        WHERE knowledge_words MATCH ? AND passage.tenant_id = ? AND passage.base_id = ?${sql}
        ORDER BY score DESC, id LIMIT ?`);
      return statement
        .all(match, tenantId, baseId, ...values, limit)
        .map((row) => ({ id: number(row, "id"), score: number(row, "score") }));
    });
  }

  /** The words, rarest first, that may be ranked together. */
  #telling(words: readonly string[]): readonly string[] {
    const counted = words.map((word) => ({ word, count: number(this.#count.get(word, RANKED_OCCURRENCES + 1) ?? {}, "count") }));
    let sum = 0;
    const telling = counted
      .sort((a, b) => a.count - b.count)
      .filter(({ count }) => {
        const isRarest = count > 0 && sum === 0;
        sum += count;
        return isRarest || (count > 0 && sum <= RANKED_OCCURRENCES);
      });
    return telling.map(({ word }) => word);
  }

  /** Exact: no vector is left out, so that what is found depends on nothing but the vectors. */
  async byVector(tenantId: string, baseId: string, vector: Float32Array, { limit, filter }: RankedSearch): Promise<readonly Ranked[]> {
    const { sql, values } = filterSql(filter);
    const statement = this.#reader.prepare(`
      SELECT found.passage_id AS id, found.vector AS vector FROM knowledge_vectors AS found
      JOIN knowledge_documents AS document ON document.tenant_id = found.tenant_id AND document.id = found.document_id
        AND document.live_revision = found.revision
      WHERE found.tenant_id = ? AND found.base_id = ? AND found.passage_id > ?${sql}
      ORDER BY found.passage_id LIMIT ?`);
    const best: Ranked[] = [];
    for (let after = 0; ; ) {
      const rows = reading(() => statement.all(tenantId, baseId, after, ...values, VECTORS_AT_ONCE));
      for (const row of rows) keepBest(best, { id: number(row, "id"), score: cosine(vector, row) }, limit);
      if (rows.length < VECTORS_AT_ONCE) return best;
      after = number(rows.at(-1) ?? {}, "id");
      await nextTurn();
    }
  }
}

/** As a phrase of the index: nothing in it is an operator. */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}

/** Of two vectors of length 1; 0 where they are of different models. */
function cosine(vector: Float32Array, row: Row): number {
  const bytes = row["vector"];
  if (!(bytes instanceof Uint8Array) || bytes.byteLength !== vector.byteLength) return 0;
  const other = floatsOf(bytes);
  let sum = 0;
  for (let at = 0; at < vector.length; at++) sum += (vector[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

function floatsOf(bytes: Uint8Array): Float32Array {
  const own = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(own.buffer, own.byteOffset, own.byteLength / 4);
}

/** Best first, equal ones by their ids, so many at most. */
function keepBest(best: Ranked[], one: Ranked, limit: number): void {
  if (best.length === limit && one.score <= (best.at(-1)?.score ?? 0)) return;
  let at = best.length;
  while (at > 0 && (best[at - 1]?.score ?? 0) < one.score) at -= 1;
  best.splice(at, 0, one);
  if (best.length > limit) best.pop();
}
