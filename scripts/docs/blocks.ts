/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Of its first line of content, from 1. */
  readonly line: number;
  /** First word behind the fence; empty where there is none. */
  readonly language: string;
  /** The words behind it, which a reader does not see: `no-run`, `background`, `file=flows/a.yaml`. */
  readonly marks: ReadonlySet<string>;
  readonly text: string;
}

/** Something that is wrong in a page, at a line of it. */
export interface Finding {
  readonly page: string;
  readonly line: number;
  readonly message: string;
}

const FENCE = /^( *)(`{3,}|~{3,})(.*)$/;

/** The fenced blocks of a page, in their order. Blocks in a list lose the indentation of their fence. */
export function blocksOf(page: string, text: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", fence = "", info = ""] = FENCE.exec(lines[at] ?? "") ?? [];
    if (fence === "") continue;
    const end = lines.findIndex((line, index) => index > at && line.trim().startsWith(fence));
    const last = end < 0 ? lines.length : end;
    const [language = "", ...marks] = info.trim().split(/\s+/);
    const content = lines.slice(at + 1, last).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    blocks.push({ page, line: at + 2, language, marks: new Set(marks), text: `${content.join("\n")}\n` });
    at = last;
  }
  return blocks;
}

/** The file that a block stands for, where it does. */
export function fileOf({ marks }: Block): string | undefined {
  return [...marks].find((mark) => mark.startsWith("file="))?.slice("file=".length);
}

/** A block by indentation names no language, so nothing would check it. */
export function indentedBlocks(page: string, text: string): readonly Finding[] {
  const lines = text.split("\n");
  const fenced = new Set(
    blocksOf(page, text).flatMap(({ line, text: content }) => content.split("\n").map((_, offset) => line - 1 + offset)),
  );
  return lines.flatMap((line, at) => {
    const begins = /^ {4,}(?![-*\d] ?)\S/.test(line) && (lines[at - 1] ?? "").trim() === "" && !fenced.has(at);
    return begins && !isInList(lines, at)
      ? [{ page, line: at + 1, message: "a block by indentation: fence it, and say its language" }]
      : [];
  });
}

/** Does the nearest line above that is not indented begin an item of a list? */
function isInList(lines: readonly string[], at: number): boolean {
  const above = lines.slice(0, at).findLast((line) => line !== "" && !line.startsWith("  "));
  return /^([-*]|\d+\.) /.test(above ?? "");
}
