import type { Ranked, RankedSearch } from "#store/knowledge-store";
import { metadataFilter } from "#store/postgres/metadata-filter";
import { type IndexedBase, indexedWords, RANKED_OCCURRENCES, tellingWords, type WordIndex } from "#store/sql/dialect";
import { number, type Row, text } from "#store/sql/rows";
import { all, one, run, type Steps } from "#store/sql/steps";

const ADD_WORDS = `
  INSERT INTO knowledge_words (word, passage_id, occurrences)
  SELECT knowledge_stem(said.word), passage.id, count(*)
  FROM json_to_recordset(CAST(? AS JSON)) AS passage (id BIGINT, words JSON), json_array_elements_text(passage.words) AS said (word)
  GROUP BY 1, 2`;
const ADD_LENGTHS = `
  INSERT INTO knowledge_lengths (passage_id, base, words)
  SELECT passage.id, ?, json_array_length(passage.words) FROM json_to_recordset(CAST(? AS JSON)) AS passage (id BIGINT, words JSON)`;
const ADD_UP = `
  INSERT INTO knowledge_length_sums (base, passages, words) VALUES (?, ?, ?)
  ON CONFLICT (base) DO UPDATE
    SET passages = knowledge_length_sums.passages + excluded.passages, words = knowledge_length_sums.words + excluded.words`;
const COUNT = `
  SELECT knowledge_stem(asked.word) AS word, (
    SELECT count(*) FROM (
      SELECT 1 FROM knowledge_words WHERE knowledge_words.word = knowledge_stem(asked.word) COLLATE "C" LIMIT ?) AS counted) AS count
  FROM json_array_elements_text(CAST(? AS JSON)) AS asked (word)`;
const TOTALS = `
  SELECT CAST(coalesce(sum(passages), 0) AS BIGINT) AS passages, CAST(coalesce(sum(words), 0) AS BIGINT) AS words
  FROM knowledge_length_sums`;

/** Of BM25, as SQLite's index has them. */
const K1 = 1.2;
const B = 0.75;

/** Of a word that stands in half of all passages or more: it still tells something. */
const LEAST_WEIGHT = 1e-6;

/** In tables of words, with the ranking of SQLite's index. */
export const wordTable: WordIndex = {
  *add(base, passages) {
    const counted = passages.map(({ id, words }) => ({ id, words: indexedWords(base, words) }));
    const json = JSON.stringify(counted);
    yield* run(ADD_WORDS, json);
    yield* run(ADD_LENGTHS, base.number, json);
    const words = counted.reduce((sum, passage) => sum + passage.words.length, 0);
    yield* run(ADD_UP, base.number, counted.length, words);
  },

  *remove(_, passageId) {
    yield* run("DELETE FROM knowledge_words WHERE passage_id = ?", passageId);
    const length = yield* one("DELETE FROM knowledge_lengths WHERE passage_id = ? RETURNING base, words", passageId);
    if (length) yield* run(ADD_UP, number(length, "base"), -1, -number(length, "words"));
  },

  *find(base: IndexedBase, words: readonly string[], search: RankedSearch): Steps<readonly Ranked[]> {
    const rows = yield* all(COUNT, RANKED_OCCURRENCES + 1, JSON.stringify(indexedWords(base, words)));
    const counted = rows.map((row) => ({ word: text(row, "word"), count: number(row, "count") }));
    const telling = new Set(tellingWords(counted));
    const totals = (yield* one(TOTALS)) ?? {};
    const weighed = counted.filter(({ word }) => telling.has(word)).map((one) => ({ word: one.word, weight: weight(one.count, totals) }));
    if (weighed.length === 0) return [];
    const average = number(totals, "words") / number(totals, "passages");
    return yield* rank(base, JSON.stringify(weighed), average, search);
  },
};

function weight(count: number, totals: Row): number {
  const passages = number(totals, "passages");
  return Math.max(Math.log((passages - count + 0.5) / (count + 0.5)), LEAST_WEIGHT);
}

function* rank({ tenantId, id }: IndexedBase, weighed: string, average: number, { limit, filter }: RankedSearch): Steps<readonly Ranked[]> {
  const { sql, values } = metadataFilter(filter);
  const rows = yield* all(
    `SELECT found.passage_id AS id, sum(asked.weight * found.occurrences * ${K1 + 1} /
       (found.occurrences + ${K1} * (${1 - B} + ${B} * length.words / CAST(? AS DOUBLE PRECISION)))) AS score
     FROM json_to_recordset(CAST(? AS JSON)) AS asked (word TEXT, weight DOUBLE PRECISION)
     JOIN knowledge_words AS found ON found.word = asked.word COLLATE "C"
     JOIN knowledge_lengths AS length ON length.passage_id = found.passage_id
     JOIN knowledge_passages AS passage ON passage.id = found.passage_id
     JOIN knowledge_documents AS document ON document.tenant_id = passage.tenant_id AND document.id = passage.document_id
       AND document.live_revision = passage.revision
     WHERE passage.tenant_id = ? AND passage.base_id = ?${sql}
     GROUP BY found.passage_id ORDER BY score DESC, id LIMIT ?`,
    ...[average, weighed, tenantId, id, ...values, limit],
  );
  return rows.map((row) => ({ id: number(row, "id"), score: number(row, "score") }));
}
