import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { consoleSources } from "#testing/sources.ts";

const sources = consoleSources();

test("nothing makes markup or code of strings, and nothing names another host", () => {
  for (const { path, text } of sources) {
    assert.doesNotMatch(
      text,
      /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcDoc|\beval\(|new Function/,
      path,
    );
    assert.deepEqual(text.match(/https?:\/\/(?!127\.0\.0\.1|localhost|(?:[a-z]+\.)*example\.com)[a-z0-9.-]+\.[a-z]{2,}/g), null, path);
  }
});

/** Attributes that people read or hear. */
const READ = new Set(["title", "label", "aria-label", "aria-description", "placeholder", "alt", "lead", "hint", "description"]);

/** Names that are the same in every language. */
const NAMES = new Set(["Millrace", "JSON", "curl", "ms", "API"]);

/** Texts between tags and in attributes that come from no catalogue. */
function literalsOf(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node, inCode: boolean) => {
    if (ts.isJsxText(node) && !inCode) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && READ.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) {
      found.push(node.initializer.text);
    }
    const code = inCode || (ts.isJsxElement(node) && /^(code|kbd|pre)$/.test(node.openingElement.tagName.getText()));
    ts.forEachChild(node, (child) => visit(child, code));
  };
  visit(file, false);
  return found.filter((literal) => /\p{L}{2}/u.test(literal) && !NAMES.has(literal));
}

test("C56: every text that people read comes from a catalogue", () => {
  for (const { path, text } of sources.filter((source) => source.path.endsWith(".tsx"))) assert.deepEqual(literalsOf(path, text), [], path);
});

test("C55: whoever looks for Enter asks whether an input method is composing", () => {
  const handlers = sources.filter(({ text }) => /["']Enter["']/.test(text));
  for (const { path, text } of handlers) assert.match(text, /isComposing|pressed\(|SHORTCUTS/, path);
});

/** Of what no event tells: whether there is a server, how far a backup is, and a run for whoever has no session to be told by. */
const ASKED_AGAIN = ["api/shares.ts", "api/system.ts"];

test("pages are told what changes by the tab's one stream, and ask for nothing again and again", () => {
  const asking = sources.filter(({ text }) => text.includes("refetchInterval")).map(({ path }) => path.replace(/^.*src\//, ""));
  assert.deepEqual(asking.sort(), ASKED_AGAIN);
});
