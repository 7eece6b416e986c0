import { nearestName } from "@millrace/contract";

/** `did you mean body?` for the nearest of the known words, or undefined when none is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const near = nearestName(word, [...known]);
  return near === null ? undefined : `did you mean ${near}?`;
}
