import { topicsOf, wordsOf } from "#models/offline/words";

/** `1. Wants money back` */
const CHOICE = /^[^\S\n]*(\d{1,3})[.)、][^\S\n]*(\S.*)$/gm;

/** What words that say little count beside those that say much. */
const LITTLE = 0.1;

/**
 * The number of the choice that has most words in common with a text, weighed by how few choices have them; "0" where none has any. Null:
 * the instructions hold no numbered choices, or do not ask for a number.
 */
export function chooseNumber(instructions: string, said: string): string | null {
  const choices = [...instructions.matchAll(CHOICE)].map(([, number = "", text = ""]) => ({
    number,
    topics: topicsOf(text),
    words: new Set(wordsOf(text)),
  }));
  if (choices.length < 2 || !/\bnumber\b|数字|數字|编号|編號|番号/i.test(instructions)) return null;
  const topics = topicsOf(said);
  const words = new Set(wordsOf(said));
  const scored = choices.map((choice) => ({
    number: choice.number,
    score:
      weighed(choice.topics, topics, (word) => choices.filter((one) => one.topics.has(word)).length) +
      LITTLE * weighed(choice.words, words, (word) => choices.filter((one) => one.words.has(word)).length),
  }));
  const best = scored.reduce((first, one) => (one.score > first.score ? one : first));
  return best.score > 0 ? best.number : "0";
}

function weighed(own: ReadonlySet<string>, said: ReadonlySet<string>, count: (word: string) => number): number {
  return [...own].filter((word) => said.has(word)).reduce((sum, word) => sum + 1 / count(word), 0);
}
