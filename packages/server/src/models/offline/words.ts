/** What a text consists of, in any language that has sentences. */

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
const words = new Intl.Segmenter("en", { granularity: "word" });

const HAN = /^[\p{Script=Han}]+$/u;

/** Words that say nothing about what a text is about. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
  (
    "a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its just may me my no not of on or our " +
    "please she should so some than that the their them then there these they this to us was we were what when where which who whom why will with would you your " +
    "の は を に が と で も へ や か です ます した する こと この その あの 的 了 是 在 和 我 你 他 她 它 们 吗 呢 吧 啊 就 都 也 很 请 把 被 给 我们 你们 他们 这 那 这个 那个"
  ).split(" "),
);

/** Sentences and lines of a text that are looked at. */
const MOST_SENTENCES_READ = 5_000;

/** Lines are sentences too. */
export function sentencesOf(text: string): readonly string[] {
  return linesOf(text)
    .flatMap((line) => Array.from(sentences.segment(line), ({ segment }) => segment.trim()))
    .filter((sentence) => sentence !== "")
    .slice(0, MOST_SENTENCES_READ);
}

/** Those with something in them. */
export function linesOf(text: string): readonly string[] {
  return text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "")
    .slice(0, MOST_SENTENCES_READ);
}

/** In order, in lower case. */
export function wordsOf(text: string): readonly string[] {
  return Array.from(words.segment(text)).flatMap(({ segment, isWordLike }) => (isWordLike ? [segment.toLowerCase()] : []));
}

/** What a text is about: its words without those that say nothing, brought to a common form; of Han words their characters too. */
export function topicsOf(text: string): ReadonlySet<string> {
  return new Set(
    wordsOf(text)
      .filter((word) => !EMPTY_WORDS.has(word))
      .flatMap((word) => (HAN.test(word) && word.length > 1 ? [word, ...word] : [stem(word)])),
  );
}

/** Near enough: `refunds`, `refunded` and `refund` are one. */
function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  const short = word.replace(/(?:ies|ied)$/, "y").replace(/(?:ing|ed|es|s)$/, "");
  return short.length < 3 ? word : short;
}

/** The text up to so many words, and whether that is all of it. */
export function firstWords(text: string, most: number): { readonly text: string; readonly isWhole: boolean } {
  let count = 0;
  for (const { index, isWordLike } of words.segment(text)) {
    if (!isWordLike || ++count <= most) continue;
    return { text: text.slice(0, index).trimEnd(), isWhole: false };
  }
  return { text, isWhole: true };
}
