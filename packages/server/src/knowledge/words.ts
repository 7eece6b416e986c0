/** Scripts that are written without spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]/u;

const segmenters = new Map<string, Intl.Segmenter>();

/**
 * The words of a text for the full-text index, in their order: lower case, one width, without marks around them. Of scripts without spaces
 * all pairs of neighbours stand beside the words of a dictionary: a dictionary parts the same characters differently in a sentence and in a
 * question, and a pair is found either way.
 */
export function wordsOf(text: string, language: string | null): readonly string[] {
  const words: string[] = [];
  let run = "";
  const endRun = () => {
    words.push(...pairsOf(run));
    run = "";
  };
  for (const { segment, isWordLike } of segmenterFor(language).segment(text.normalize("NFKC"))) {
    const word = isWordLike ? segment.toLowerCase().replace(/[^\p{L}\p{N}\p{M}]/gu, "") : "";
    if (word === "") endRun();
    else if (UNSPACED.test(word)) {
      run += word;
      // Words of two are among the pairs.
      if ([...word].length !== 2) words.push(word);
    } else {
      endRun();
      words.push(word);
    }
  }
  endRun();
  return words;
}

function pairsOf(run: string): readonly string[] {
  const characters = [...run];
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
}

function segmenterFor(language: string | null): Intl.Segmenter {
  const key = language ?? "";
  let segmenter = segmenters.get(key);
  if (!segmenter) {
    segmenter = new Intl.Segmenter(language ?? undefined, { granularity: "word" });
    segmenters.set(key, segmenter);
  }
  return segmenter;
}
