/** What a file says, piece by piece and in its order. */
export type Block =
  /** `level` 1 to 6. */
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  /** `depth` 0: of the outermost list. */
  | { readonly kind: "item"; readonly depth: number; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  /** The first row has the names of the columns. */
  | { readonly kind: "table"; readonly name: string | null; readonly rows: readonly (readonly string[])[] }
  /** A page, slide or sheet begins. */
  | { readonly kind: "page"; readonly name: string };

export type TextForm = "markdown" | "text";

/** The text of one block; "" for what only structures. */
export function blockText(block: Block, form: TextForm): string {
  switch (block.kind) {
    case "heading":
      return form === "markdown" ? `${"#".repeat(block.level)} ${block.text}` : block.text;
    case "item":
      return form === "markdown" ? `${"  ".repeat(block.depth)}- ${block.text}` : block.text;
    case "code":
      return form === "markdown" ? `\`\`\`\n${block.text}\n\`\`\`` : block.text;
    case "table":
      return form === "markdown" ? markdownTable(block.rows) : block.rows.map((row) => row.join("\t")).join("\n");
    case "paragraph":
      return block.text;
    case "page":
      return "";
    default:
      return block satisfies never;
  }
}

/** Blocks as one text: items of a list line by line, everything else with a blank line between. */
export function textOfBlocks(blocks: readonly Block[], form: TextForm): string {
  const pieces: string[] = [];
  let before: Block["kind"] | null = null;
  for (const block of blocks) {
    const text = blockText(block, form);
    if (text === "") continue;
    if (before !== null) pieces.push(before === "item" && block.kind === "item" ? "\n" : "\n\n");
    pieces.push(text);
    before = block.kind;
  }
  return pieces.join("");
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const line = (row: readonly string[]) => `| ${Array.from({ length: columns }, (_, at) => cellText(row[at] ?? "")).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), `|${" --- |".repeat(columns)}`, ...body.map(line)].join("\n");
}

function cellText(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .join(" ")
    .replaceAll("|", "\\|");
}
