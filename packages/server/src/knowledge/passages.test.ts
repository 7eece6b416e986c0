import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { passagesOf as cut, type Passage, type PassageSettings } from "#knowledge/passages";
import type { Block } from "#parsing/blocks";

const passagesOf = (blocks: readonly Block[], settings: PassageSettings) => [...cut(blocks, settings)];
const SETTINGS = { passageCharacters: 60, overlapCharacters: 0 };
const heading = (level: number, text: string): Block => ({ kind: "heading", level, text });
const paragraph = (text: string): Block => ({ kind: "paragraph", text });
const textsOf = (passages: readonly Passage[]) => passages.map(({ text }) => text);

test("a passage ends where a section or a page does, and knows the headings above it", () => {
  const blocks: readonly Block[] = [
    { kind: "page", name: "Page 1" },
    heading(1, "A"),
    paragraph("one"),
    { kind: "item", depth: 1, text: "two" },
    heading(3, "B"),
    paragraph("three"),
    heading(2, "C"),
    paragraph("four"),
    { kind: "page", name: "Page 2" },
    paragraph("five"),
  ];
  assert.deepEqual(passagesOf(blocks, SETTINGS), [
    { text: "one\n  - two", page: "Page 1", headings: ["A"] },
    { text: "three", page: "Page 1", headings: ["A", "B"] },
    { text: "four", page: "Page 1", headings: ["A", "C"] },
    { text: "five", page: "Page 2", headings: [] },
  ]);
  assert.deepEqual(passagesOf([heading(1, "alone")], SETTINGS), []);
});

test("what is too long is cut between sentences, in any language; without sentences, between characters", () => {
  const english = passagesOf([paragraph("The first sentence is here. The second one follows it at once.")], SETTINGS);
  assert.deepEqual(textsOf(english), ["The first sentence is here.", "The second one follows it at once."]);
  const chinese = passagesOf([paragraph("第一句话在这里。第二句话在那里。")], { passageCharacters: 10, overlapCharacters: 0 });
  assert.deepEqual(textsOf(chinese), ["第一句话在这里。", "第二句话在那里。"]);
  assert.deepEqual(textsOf(passagesOf([paragraph("😀".repeat(40))], SETTINGS)), ["😀".repeat(30), "😀".repeat(10)]);
});

test("a table is cut between rows, and each part has its head", () => {
  const rows = [["name", "fee"], ...Array.from({ length: 5 }, (_, at) => [`person ${at}`, "12"])];
  const parts = textsOf(passagesOf([{ kind: "table", name: null, rows }], { passageCharacters: 70, overlapCharacters: 0 }));
  assert.ok(parts.length > 1);
  for (const part of parts) assert.match(part, /^\| name \| fee \|\n\| --- \| --- \|\n\| person \d \| 12 \|/);
});

test("a passage begins with the last sentences of the one before, inside of one section", () => {
  const blocks = [
    paragraph("Alpha is first. Beta ends it."),
    paragraph("Gamma goes on with what was said here."),
    heading(1, "New"),
    paragraph("Delta."),
  ];
  assert.deepEqual(textsOf(passagesOf(blocks, { passageCharacters: 60, overlapCharacters: 20 })), [
    "Alpha is first. Beta ends it.",
    "Beta ends it.\nGamma goes on with what was said here.",
    "Delta.",
  ]);
});

test("no passage is too long, and nothing is lost", () => {
  const text = fc.stringMatching(/^[a-z。. 你好]{1,200}$/);
  const settings = fc.record({ passageCharacters: fc.integer({ min: 20, max: 80 }), overlapCharacters: fc.integer({ min: 0, max: 10 }) });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 10 }), settings, (texts, given) => {
      const passages = textsOf(passagesOf(texts.map(paragraph), given));
      for (const passage of passages) assert.ok(passage.length <= given.passageCharacters + 1, `${passage.length}`);
      const all = passages.join("");
      for (const character of new Set(texts.join("").replaceAll(/\s/g, ""))) assert.ok(all.includes(character));
    }),
  );
});
