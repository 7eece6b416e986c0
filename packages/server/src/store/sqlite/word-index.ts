import type { Ranked, RankedSearch } from "#store/knowledge-store";
import { type IndexedBase, indexedWords, RANKED_OCCURRENCES, tellingWords, type WordIndex } from "#store/sql/dialect";
import { number } from "#store/sql/rows";
import { all, one, run, type Steps } from "#store/sql/steps";
import { metadataFilter } from "#store/sqlite/metadata-filter";

const COUNT = "SELECT count(*) AS count FROM (SELECT 1 FROM knowledge_words WHERE knowledge_words MATCH ? LIMIT ?)";

/** In the full text index of SQLite, whose rows have the ids of passages. */
export const ftsWords: WordIndex = {
  *add(base, passages) {
    for (const { id, words } of passages)
      yield* run("INSERT INTO knowledge_words (rowid, words) VALUES (?, ?)", id, indexedWords(base, words).join(" "));
  },

  *remove(_, passageId) {
    yield* run("DELETE FROM knowledge_words WHERE rowid = ?", passageId);
  },

  *find(base: IndexedBase, words: readonly string[], { limit, filter }: RankedSearch): Steps<readonly Ranked[]> {
    const counted = [];
    for (const word of indexedWords(base, words).map(quoted)) {
      const row = yield* one(COUNT, word, RANKED_OCCURRENCES + 1);
      counted.push({ word, count: number(row ?? {}, "count") });
    }
    const match = tellingWords(counted).join(" OR ");
    if (match === "") return [];
    const { sql, values } = metadataFilter(filter);
    const rows = yield* all(
      `SELECT passage.id AS id, -bm25(knowledge_words) AS score FROM knowledge_words
       JOIN knowledge_passages AS passage ON passage.id = knowledge_words.rowid
       JOIN knowledge_documents AS document ON document.tenant_id = passage.tenant_id AND document.id = passage.document_id
         AND document.live_revision = passage.revision
       WHERE knowledge_words MATCH ? AND passage.tenant_id = ? AND passage.base_id = ?${sql}
       ORDER BY score DESC, id LIMIT ?`,
      ...[match, base.tenantId, base.id, ...values, limit],
    );
    return rows.map((row) => ({ id: number(row, "id"), score: number(row, "score") }));
  },
};

/** As a phrase of the index: nothing in it is an operator. */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
