import type { TemplateView } from "#api/home.ts";

/** Templates that have texts here, those first that show most with the least. */
export const KNOWN_TEMPLATES = [
  "today-news",
  "translate-glossary",
  "support-router",
  "review-digest",
  "convert-prices",
  "document-answers",
  "read-invoice",
  "shop-assistant",
  "news",
] as const;
export type KnownTemplate = (typeof KNOWN_TEMPLATES)[number];

export function knownTemplate(name: string): KnownTemplate | null {
  return KNOWN_TEMPLATES.find((one) => one === name) ?? null;
}

/** In the order of the list above; one that has no text yet comes last. */
export function inOrder(templates: readonly TemplateView[]): readonly TemplateView[] {
  const place = ({ name }: TemplateView) => {
    const known = knownTemplate(name);
    return known === null ? KNOWN_TEMPLATES.length : KNOWN_TEMPLATES.indexOf(known);
  };
  return templates.toSorted((a, b) => place(a) - place(b));
}
