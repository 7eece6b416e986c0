import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenLinks, unlisted } from "./links.ts";

const FILES: ReadonlySet<string> = new Set(["LICENSE", "examples"]);

function broken(pages: Record<string, string>): string[] {
  return brokenLinks(new Map(Object.entries(pages)), (path) => FILES.has(path));
}

test("links to pages, files, folders, headings and other sites lead somewhere", () => {
  const problems = broken({
    "README.md":
      "[a](docs/a.md) [b](docs/a.md#the-two-words) [c](LICENSE) [d](./examples) [e](#top) [f](https://example.com/x) [g](mailto:a@b)\n# Top\n",
    "docs/a.md": '# The *two* words!\n[up](../README.md#top "Title") ![image](<../LICENSE>)\n[ref]: ../LICENSE\n',
  });
  assert.deepEqual(problems, []);
});

test("a link to no file, to no heading or from the root of a site is broken", () => {
  const problems = broken({
    "README.md": "[a](docs/b.md)\n[b](docs/a.md#nowhere)\n[c](/LICENSE)\n[d](#nowhere)\n",
    "docs/a.md": "[up](README.md)\n\n[ref]: gone.md\n",
  });
  assert.deepEqual(problems, [
    "README.md: docs/b.md leads to no file",
    "README.md: docs/a.md#nowhere leads to no heading of that page",
    "README.md: /LICENSE begins with a slash: write it relative to its page",
    "README.md: #nowhere leads to no heading of that page",
    "docs/a.md: README.md leads to no file",
    "docs/a.md: gone.md leads to no file",
  ]);
});

test("code is no prose: neither its links nor its comments count", () => {
  assert.deepEqual(broken({ "a.md": "`[a](gone.md)`\n```sh\n# heading\n[b](gone.md)\n```\n[c](#heading)\n" }), [
    "a.md: #heading leads to no heading of that page",
  ]);
});

test("headings of the same text are numbered, and other scripts keep their letters", () => {
  assert.deepEqual(broken({ "a.md": "# Use\n# Use\n# 使い方 1\n[a](#use) [b](#use-1) [c](#%E4%BD%BF%E3%81%84%E6%96%B9-1)\n" }), []);
  assert.deepEqual(broken({ "a.md": "# Use\n[b](#use-1)\n" }), ["a.md: #use-1 leads to no heading of that page"]);
});

test("an index links every page beside it", () => {
  const pages = new Map([
    ["docs/README.md", "[a](a.md#top) [errors](errors)"],
    ["docs/a.md", "# Top"],
    ["docs/b.md", ""],
    ["docs/errors/c.md", ""],
  ]);
  assert.deepEqual(unlisted(pages, "docs/README.md"), ["docs/README.md: does not link docs/b.md"]);
});
