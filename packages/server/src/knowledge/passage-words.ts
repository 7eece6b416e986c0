import { wordsOf } from "#knowledge/words";

/** What a passage is found by: the headings above it are often what a question names. */
export function indexedText({ headings, text }: { readonly headings: readonly string[]; readonly text: string }): string {
  return [...headings, text].join("\n");
}

/** The words of a passage as a store keeps it, in a base with these settings (JSON): for an index that is made anew. */
export function passageWords(text: string, place: string, settings: string): readonly string[] {
  const { headings } = JSON.parse(place) as { headings: readonly string[] };
  const { language } = JSON.parse(settings) as { language: string | null };
  return wordsOf(indexedText({ headings, text }), language);
}
