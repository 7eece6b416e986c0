export type Span =
  | { readonly style: "text" | "code" | "strong" | "em"; readonly text: string }
  | { readonly style: "link"; readonly text: string; readonly href: string };

export type Line = readonly Span[];

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly line: Line }
  | { readonly kind: "paragraph"; readonly line: Line }
  | { readonly kind: "list"; readonly items: readonly Line[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "table"; readonly head: readonly Line[]; readonly rows: readonly (readonly Line[])[] };

/**
 * The Markdown of our own pages and of people's notes as plain data: headings, paragraphs, flat lists, fenced code, tables; code, strong,
 * emphasis and links inside. What it does not know stays text.
 */
export function parseMarkdown(text: string): Block[] {
  const lines = text.split(/\r?\n/);
  const blocks: Block[] = [];
  while (lines.length > 0) {
    const block = takeBlock(lines);
    if (block) blocks.push(block);
  }
  return blocks;
}

/** Takes lines from the front; null for a blank one. */
function takeBlock(lines: string[]): Block | null {
  const first = lines[0] ?? "";
  if (first.startsWith("```")) return takeCode(lines);
  if (first.startsWith("|")) return takeTable(lines);
  if (/^[-*] /.test(first)) return takeList(lines);
  if (isProse(first)) return { kind: "paragraph", line: spans(takeWhile(lines, isProse).join(" ")) };
  lines.shift();
  const [, marks, title] = /^(#{1,6}) +(.*)$/.exec(first) ?? [];
  return marks === undefined ? null : { kind: "heading", level: marks.length, line: spans(title ?? "") };
}

function isProse(line: string): boolean {
  return line.trim() !== "" && !/^(#{1,6} |```|\||[-*] )/.test(line);
}

function takeCode(lines: string[]): Block {
  lines.shift();
  const body = takeWhile(lines, (line) => !line.startsWith("```"));
  lines.shift();
  return { kind: "code", text: body.join("\n") };
}

function takeTable(lines: string[]): Block {
  const rows = takeWhile(lines, (line) => line.startsWith("|")).filter((line) => !/^\|[\s:|-]+\|$/.test(line));
  const [head = [], ...body] = rows.map((row) => cells(row).map(spans));
  return { kind: "table", head, rows: body };
}

/** A bar behind a backslash does not end a cell. */
function cells(row: string): string[] {
  const inner = row.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll("\\|", "|").trim());
}

/** A line that is indented goes on with its item. */
function takeList(lines: string[]): Block {
  const items: string[] = [];
  for (const line of takeWhile(lines, (next) => /^([-*] | +\S)/.test(next))) {
    if (/^[-*] /.test(line)) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  }
  return { kind: "list", items: items.map(spans) };
}

function takeWhile(lines: string[], test: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !test(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

function spans(text: string): Line {
  const found: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) found.push({ style: "text", text: text.slice(end, match.index) });
    found.push(span(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ style: "text", text: text.slice(end) });
  return found;
}

function span([, code, strong, em, label, href]: RegExpMatchArray): Span {
  if (code !== undefined) return { style: "code", text: code };
  if (strong !== undefined) return { style: "strong", text: strong };
  if (em !== undefined) return { style: "em", text: em };
  return { style: "link", text: label ?? "", href: href ?? "" };
}
