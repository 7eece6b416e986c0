export const START = "<!-- rooms:start -->";
export const END = "<!-- rooms:end -->";

/** The document with `content` between the two markers. Throws when a marker is missing. */
export function replaceSection(document: string, content: string): string {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start < 0 || end < start) throw new Error(`the document needs a line ${START} and, below it, a line ${END}`);
  return `${document.slice(0, start + START.length)}\n${content}\n${document.slice(end)}`;
}
