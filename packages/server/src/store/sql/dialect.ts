import type { MetadataCondition, Ranked, RankedSearch } from "#store/knowledge-store";
import type { SqlValue } from "#store/sql/rows";
import type { Steps } from "#store/sql/steps";

/** What a database of ours says in words of its own. */
export interface Dialect {
  readonly words: WordIndex;
  /** One statement may change two tables: worth it where each of them is a way over a network. */
  readonly joins: boolean;
  /** True where any member of the JSON object in the column is the text that stands for `?`. */
  hasMember(column: string): string;
  /** What stands in FROM as `element`: a row of `type` and `value` for each element of the list that a member of the JSON object in the column is. Texts are of the type `text`. */
  elements(column: string, member: string): string;
  /** `AND …` for each condition, over `document.live_metadata`; everything that was given is bound. */
  metadataFilter(conditions: readonly MetadataCondition[]): SqlPart;
}

export interface SqlPart {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export interface IndexedBase {
  readonly tenantId: string;
  readonly id: string;
  /** Each base has frequencies of its own: its words are told from those of others by it. */
  readonly number: number;
}

/** The words of passages, ranked by BM25 (k1 1.2, b 0.75) over their Porter stems. */
export interface WordIndex {
  add(base: IndexedBase, passages: readonly { readonly id: number; readonly words: readonly string[] }[]): Steps<void>;
  remove(tenantId: string, passageId: number): Steps<void>;
  /** The live passages of the base with any of the words, the best first. */
  find(base: IndexedBase, words: readonly string[], search: RankedSearch): Steps<readonly Ranked[]>;
}

/**
 * Occurrences of words that one search ranks: some 40 ms. Words that stand nearly everywhere tell least and cost most; beyond this they are
 * left out, but for the rarest one.
 */
export const RANKED_OCCURRENCES = 10_000;

/** As the index knows them: a base's words are its own. */
export function indexedWords({ number }: IndexedBase, words: readonly string[]): readonly string[] {
  return words.map((word) => `${number}·${word}`);
}

/** The words, rarest first, that may be ranked together. */
export function tellingWords(counted: readonly { readonly word: string; readonly count: number }[]): readonly string[] {
  let sum = 0;
  const telling = counted
    .toSorted((a, b) => a.count - b.count)
    .filter(({ count }) => {
      const isRarest = count > 0 && sum === 0;
      sum += count;
      return isRarest || (count > 0 && sum <= RANKED_OCCURRENCES);
    });
  return telling.map(({ word }) => word);
}
