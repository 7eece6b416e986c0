/** Control characters except tab and line feed, and the marks that turn the direction of text: what a terminal or a reader obeys. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what is looked for
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const CUT = "warn the console output was cut here: at most 64 KiB of a call are kept";

/** Makes console lines safe to show, and cuts them at a number of UTF-8 bytes; the last line says so. */
export function cleanLines(lines: readonly string[], maxBytes: number): string[] {
  const kept: string[] = [];
  let room = maxBytes;
  for (const line of lines) {
    const safe = line.toWellFormed().replace(UNSAFE, escaped);
    room -= Buffer.byteLength(safe);
    if (room < 0 && safe !== CUT) return [...kept, CUT];
    kept.push(safe);
  }
  return kept;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
