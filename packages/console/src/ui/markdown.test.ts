import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { parseMarkdown } from "#ui/markdown.ts";

const text = (value: string) => ({ style: "text", text: value });
const code = (value: string) => ({ style: "code", text: value });

test("headings, paragraphs over several lines, and lists with continued items", () => {
  assert.deepEqual(parseMarkdown("# a `b`\n\none\ntwo\n## c\n- d\n  e\n* f\n"), [
    { kind: "heading", level: 1, line: [text("a "), code("b")] },
    { kind: "paragraph", line: [text("one two")] },
    { kind: "heading", level: 2, line: [text("c")] },
    { kind: "list", items: [[text("d e")], [text("f")]] },
  ]);
});

test("tables: the rule below the head is no row, an escaped bar is text", () => {
  assert.deepEqual(parseMarkdown("| | a \\| b |\n|---|:-:|\n| c | `d` |"), [
    { kind: "table", head: [[], [text("a | b")]], rows: [[[text("c")], [code("d")]]] },
  ]);
});

test("fenced code is kept as it is, also when it is not closed", () => {
  assert.deepEqual(parseMarkdown("```sh\n# no *heading*\n\n  x\n```\nafter"), [
    { kind: "code", text: "# no *heading*\n\n  x" },
    { kind: "paragraph", line: [text("after")] },
  ]);
  assert.deepEqual(parseMarkdown("```\nopen"), [{ kind: "code", text: "open" }]);
});

test("strong, emphasis and links; what is inside code is not looked at", () => {
  assert.deepEqual(parseMarkdown("**a** *b* [c](/d) `*e* <f>`"), [
    {
      kind: "paragraph",
      line: [
        { style: "strong", text: "a" },
        text(" "),
        { style: "em", text: "b" },
        text(" "),
        { style: "link", text: "c", href: "/d" },
        text(" "),
        code("*e* <f>"),
      ],
    },
  ]);
});

test("any text is parsed to its end", () => {
  const pieces = fc.constantFrom("#", "# ", "- ", "* ", "|", "```", "`", "**", "*", "[", "](", ")", "\n", "\n\n", " ", "x", "\\", "<b>");
  fc.assert(fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => Array.isArray(parseMarkdown(parts.join("")))));
});

test("the pages of the errors use nothing else: no mark is left over as text", () => {
  const folder = new URL("../../../../docs/errors/", import.meta.url);
  const pages = globSync("**/*.md", { cwd: folder });
  assert.ok(pages.length > 4 * 50);
  for (const page of pages) {
    const blocks = parseMarkdown(readFileSync(new URL(page, folder), "utf8"));
    assert.deepEqual(blocks[0], { kind: "heading", level: 1, line: [text(basename(page, ".md"))] });
    const left = JSON.stringify(blocks).match(/\{"style":"text","text":"[^"]*(?:`|\*\*|\]\(|^#)[^"]*"/);
    assert.equal(left, null, page);
  }
});
