import assert from "node:assert/strict";
import { test } from "node:test";
import type { Expectation, TestFile } from "@millrace/contract";
import { rewriteExpectations } from "#cases/rewrite";
import { readDocument } from "#workflows/read-document";

/** Rewrites the expectation of the only case; what is read again is checked to be what was wanted. */
function rewritten(text: string, wanted: Expectation, isJson = false): string {
  const file = readDocument(text) as unknown as TestFile;
  const done = rewriteExpectations(text, isJson, file, new Map([[0, wanted]]));
  assert.deepEqual((readDocument(done) as unknown as TestFile).cases[0]?.expect, wanted, done);
  assert.equal(
    rewriteExpectations(done, isJson, readDocument(done) as unknown as TestFile, new Map([[0, wanted]])),
    done,
    "once is enough",
  );
  return done;
}

const HEAD = "workflow: news\ncases:\n  # first\n  - name: a   # spaced\n    mocks: {f: {fail: [http_503]}}\n";

test("values in flow style are replaced where they stand, members are added and removed", () => {
  const text = `${HEAD}    expect: { status: FAILED, output: {text: Sun, "old": 1}, maxTokens: 3 } # trailing\n`;
  assert.equal(
    rewritten(text, { status: "SUCCEED", output: { text: "Rain, [x]", next: [1, null] }, maxTokens: 3 }),
    `${HEAD}    expect: { status: SUCCEED, output: { text: "Rain, [x]", next: [1, null] }, maxTokens: 3 } # trailing\n`,
  );
});

test("values in block style keep their style and their comments", () => {
  const text = `${HEAD}    expect:
      status: FAILED # why
      # about the error
      error:
        type: http_503
      path:
        - start
        - end
  - name: b
`;
  assert.equal(
    rewritten(text, { status: "SUCCEED", path: ["start", "fetch", "end"], output: { text: "line\nline" } }),
    `${HEAD}    expect:
      status: SUCCEED # why
      # about the error
      path:
        - start
        - fetch
        - end
      output: { text: "line\\nline" }
  - name: b
`,
  );
});

test("a case without an expectation gets one, a long one a member a line", () => {
  const text = "x".repeat(120);
  assert.equal(
    rewritten(HEAD, { status: "SUCCEED", output: { text } }),
    `${HEAD.trimEnd()}\n    expect:\n      status: SUCCEED\n      output:\n        text: ${text}\n`,
  );
});

test("values of a list change in their places, and one of another length is written anew", () => {
  const text = `${HEAD}    expect:\n      output:\n        - name: x # kept\n          n: 1\n        - name: y\n`;
  const same = rewritten(text, { output: [{ name: "x", n: 2 }, { name: "y" }] });
  assert.match(same, /- name: x # kept\n {10}n: 2\n {8}- name: y\n$/);
  assert.match(rewritten(text, { output: [{ n: 1 }] }), /output:\n {8}- n: 1\n$/);
  assert.match(rewritten(text, { output: [{ n: 1 }, { name: "y" }] }), /output:\n {8}- n: 1\n {8}- name: y\n$/);
});

test("kinds of values change into one another", () => {
  const kinds = [
    "text",
    `${"line\nline ".repeat(20)}end`,
    { long: ["two\nlines", "x".repeat(120)] },
    1,
    null,
    true,
    [],
    {},
    [1],
    { a: { b: 1 } },
    "007",
    "a: b # c",
    "",
  ] as const;
  for (const from of kinds)
    for (const to of kinds) {
      const flow = `${HEAD}    expect: { output: ${JSON.stringify(from)} }\n`;
      const json = JSON.stringify({ workflow: "news", cases: [{ name: "a", expect: { output: from, path: ["start"] } }] }, null, 2);
      rewritten(flow, { output: to });
      rewritten(flow.replace("{ output", "\n      output").replace(" }\n", "\n"), { output: to, path: ["a"] });
      rewritten(json, { output: to, status: "FAILED" }, true);
    }
});

const VERSE = "The first line, which is longer than a short one would be.\n\n  The third, moved in: with a colon # and a hash.\nThe last";

test("a text of several lines is written as a person would: below its name, each line as it is", () => {
  const text = `${HEAD}    expect:\n      status: FAILED\n      output: { text: Sun }\n`;
  assert.equal(
    rewritten(text, { status: "SUCCEED", output: { text: "Sun" }, error: { message: VERSE } }),
    `${HEAD}    expect:
      status: SUCCEED
      output: { text: Sun }
      error:
        message: |-
          The first line, which is longer than a short one would be.

            The third, moved in: with a colon # and a hash.
          The last
`,
  );
  const blocks = `${HEAD}    expect:\n      output:\n        text: |\n          One\n          two\n        next: 1 # kept\n`;
  assert.equal(
    rewritten(blocks, { output: { text: "Three\nfour\n", next: 1 } }),
    blocks.replace("One\n          two", "Three\n          four"),
  );
  const member = `${HEAD}    expect:\n      output:\n        text: Sun\n        next: 1\n`;
  assert.match(rewritten(member, { output: { text: VERSE, next: 1 } }), /\n {8}text: \|-\n {10}The first/);
});

test("whatever a text has in it, it is read again as it was, and never over the end of its line in quotes", () => {
  const ends = ["", "\n", "\n\n", " ", "\n ", "\t\n"];
  const texts = ends.flatMap((end) => ["", "  ", "# "].map((begin) => `${begin}${"a word".repeat(30)}\n${VERSE}${end}`));
  for (const text of texts) {
    const block = rewritten(`${HEAD}    expect:\n      output:\n        text: Sun\n`, { output: { text } });
    assert.doesNotMatch(block, /: "[^"]*\n/);
    rewritten(`${HEAD}    expect: { output: { text: Sun } }\n`, { output: { text } });
    rewritten(HEAD, { output: { text, list: [text] } });
  }
});
