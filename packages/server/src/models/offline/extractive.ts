import type { ChatCall } from "@millrace/nodes";

export interface OfflineAnswer {
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Sentences of an answer. */
const SENTENCES = 3;

/**
 * The model that needs no key and no network: it answers with the sentences of what the user said that hold most of its frequent words, in
 * their order. The same prompt has the same answer.
 */
export function answerOffline({ messages }: Pick<ChatCall, "messages">): OfflineAnswer {
  const said = messages.flatMap((message) => (message.role === "user" ? message.parts : []));
  const prompt = said.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  const text = ranked(sentencesOf(prompt)).join(" ");
  return { text, inputTokens: wordsOf(prompt).length, outputTokens: wordsOf(text).length };
}

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
const words = new Intl.Segmenter("en", { granularity: "word" });

function sentencesOf(text: string): readonly string[] {
  return Array.from(sentences.segment(text), ({ segment }) => segment.trim()).filter((sentence) => sentence !== "");
}

function wordsOf(text: string): readonly string[] {
  return Array.from(words.segment(text)).flatMap(({ segment, isWordLike }) => (isWordLike ? [segment.toLowerCase()] : []));
}

function ranked(all: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const word of all.flatMap(wordsOf)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const score = (sentence: string) => {
    const found = [...new Set(wordsOf(sentence))];
    return found.reduce((sum, word) => sum + (counts.get(word) ?? 0) - 1, 0) / Math.sqrt(found.length || 1);
  };
  const best = all.map((sentence, place) => ({ place, sentence, score: score(sentence) })).sort((a, b) => b.score - a.score);
  return best
    .slice(0, SENTENCES)
    .sort((a, b) => a.place - b.place)
    .map(({ sentence }) => sentence);
}
