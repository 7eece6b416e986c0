import { inWords, nearestName, type Said, say } from "@millrace/contract";

/** `did you mean body?` for the nearest of the known words, or undefined when none is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const hint = nearHint(word, known);
  return hint && inWords(hint);
}

/** As `didYouMean`, to be told in any language. `prefix`: what stands before the word that was meant. */
export function nearHint(word: string, known: Iterable<string>, prefix = ""): Said | undefined {
  const near = nearestName(word, [...known]);
  return near === null ? undefined : say`did you mean ${prefix + near}?`;
}
