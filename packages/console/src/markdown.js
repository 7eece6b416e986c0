// @ts-check

/** @typedef {{ style: "text" | "code" | "strong" | "em", text: string } | { style: "link", text: string, href: string }} Span */
/** @typedef {readonly Span[]} Line */
/**
 * @typedef {{ kind: "heading", level: number, line: Line }
 *   | { kind: "paragraph", line: Line }
 *   | { kind: "list", items: readonly Line[] }
 *   | { kind: "code", text: string }
 *   | { kind: "table", head: readonly Line[], rows: readonly (readonly Line[])[] }} Block
 */

/**
 * The Markdown of our own pages as plain data: headings, paragraphs, flat lists, fenced code, tables; code, strong, emphasis and links
 * inside. What it does not know stays text.
 * @param {string} text
 * @returns {Block[]}
 */
export function parseMarkdown(text) {
  const lines = text.split(/\r?\n/);
  /** @type {Block[]} */
  const blocks = [];
  while (lines.length > 0) {
    const block = takeBlock(lines);
    if (block) blocks.push(block);
  }
  return blocks;
}

/** @param {string[]} lines taken from its front @returns {Block | null} null for a blank line */
function takeBlock(lines) {
  const first = lines[0] ?? "";
  if (first.startsWith("```")) return takeCode(lines);
  if (first.startsWith("|")) return takeTable(lines);
  if (/^[-*] /.test(first)) return takeList(lines);
  if (isProse(first)) return { kind: "paragraph", line: spans(takeWhile(lines, isProse).join(" ")) };
  lines.shift();
  const [, marks, title] = /^(#{1,6}) +(.*)$/.exec(first) ?? [];
  return marks === undefined ? null : { kind: "heading", level: marks.length, line: spans(title ?? "") };
}

/** @param {string} line */
function isProse(line) {
  return line.trim() !== "" && !/^(#{1,6} |```|\||[-*] )/.test(line);
}

/** @param {string[]} lines @returns {Block} */
function takeCode(lines) {
  lines.shift();
  const body = takeWhile(lines, (line) => !line.startsWith("```"));
  lines.shift();
  return { kind: "code", text: body.join("\n") };
}

/** @param {string[]} lines @returns {Block} */
function takeTable(lines) {
  const rows = takeWhile(lines, (line) => line.startsWith("|")).filter((line) => !/^\|[\s:|-]+\|$/.test(line));
  const [head = [], ...body] = rows.map((row) => cells(row).map(spans));
  return { kind: "table", head, rows: body };
}

/** A bar behind a backslash does not end a cell. @param {string} row */
function cells(row) {
  const inner = row.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll("\\|", "|").trim());
}

/** A line that is indented goes on with its item. @param {string[]} lines @returns {Block} */
function takeList(lines) {
  /** @type {string[]} */
  const items = [];
  for (const line of takeWhile(lines, (next) => /^([-*] | +\S)/.test(next))) {
    if (/^[-*] /.test(line)) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  }
  return { kind: "list", items: items.map(spans) };
}

/** @param {string[]} lines @param {(line: string) => boolean} test */
function takeWhile(lines, test) {
  const end = lines.findIndex((line) => !test(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** @param {string} text @returns {Line} */
function spans(text) {
  /** @type {Span[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) found.push({ style: "text", text: text.slice(end, match.index) });
    found.push(span(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ style: "text", text: text.slice(end) });
  return found;
}

/** @param {RegExpMatchArray} match @returns {Span} */
function span([, code, strong, em, label, href]) {
  if (code !== undefined) return { style: "code", text: code };
  if (strong !== undefined) return { style: "strong", text: strong };
  if (em !== undefined) return { style: "em", text: em };
  return { style: "link", text: label ?? "", href: href ?? "" };
}
