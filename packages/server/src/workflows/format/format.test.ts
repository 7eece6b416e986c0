import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { canonicalText, type JsonObject } from "@millrace/contract";
import { Chance, generateGraph, toDocument } from "@millrace/engine/testing/generate";
import { nodeSpecs } from "@millrace/nodes/specs";
import { Document, isMap, Scalar, visit } from "yaml";
import { documentText, formatText, isSame } from "#workflows/format/format-document";
import { mergeText } from "#workflows/format/merge-document";
import { readDocument } from "#workflows/read-document";

const WORKFLOWS = 500;

const TEXTS = [
  "plain",
  "{{ start.topic }}",
  "several\nlines\n",
  "trailing \nblanks\t\n\n",
  "\nbegins with a break",
  "# no comment",
  "007",
  "1.50",
  "null",
  'it\'s "quoted" \\ é 🎈',
  " around ",
  "",
  "a: b, [c] - d",
  "a long text that goes on and on, over more columns than a folded block has, and of which nobody knows where it may be broken\n\nand on",
  "tab\there\r\nand a carriage return",
];

const QUOTES = [Scalar.PLAIN, Scalar.QUOTE_DOUBLE, Scalar.QUOTE_SINGLE, Scalar.BLOCK_FOLDED, Scalar.BLOCK_LITERAL] as const;

/** A workflow as generated, with texts, an `env` and positions. */
function randomDocument(chance: Chance, seed: number): JsonObject {
  const generated = JSON.parse(JSON.stringify(toDocument(generateGraph(seed, 1 + chance.below(3), 1)))) as JsonObject;
  const nodes = (generated["nodes"] as JsonObject[]).map((node) => ({
    ...node,
    note: chance.pick(TEXTS),
    inputs: { [chance.pick(TEXTS)]: chance.pick(TEXTS) },
  }));
  const layout = Object.fromEntries(nodes.map((node) => [String((node as JsonObject)["id"]), [chance.below(900), chance.below(900)]]));
  return { ...generated, nodes, env: { LIST: TEXTS.slice(chance.below(TEXTS.length)), deep: { a: [[1, { b: null }], true] } }, layout };
}

/** The same as somebody may have typed it: members in any order, any style, comments all over. */
function asTyped(chance: Chance, value: JsonObject): { readonly text: string; readonly comments: number } {
  const document = new Document(value, { version: "1.2", schema: "core", aliasDuplicateObjects: false });
  let comments = 0;
  const comment = () => ` c${comments++}.`;
  const shuffled = new Set<unknown>([document.contents]);
  for (const list of ["nodes"]) for (const node of (document.get(list) as { items: unknown[] }).items) shuffled.add(node);
  visit(document, {
    Collection: (_, node) => {
      if (shuffled.has(node) && isMap(node)) node.items.sort(() => chance.next() - 0.5);
      if (chance.chance(0.3)) node.flow = true;
    },
    Scalar: (key, node) => {
      if (typeof node.value === "string") node.type = chance.pick(QUOTES);
      if (chance.chance(0.1) && key !== "value") node.commentBefore = comment();
    },
  });
  return { text: document.toString({ lineWidth: chance.pick([0, 40, 120]) }), comments };
}

describe("the canonical form of a file", () => {
  test(`of ${WORKFLOWS} generated workflows in any style: formatting again changes nothing, nothing is lost`, (t) => {
    let kept = 0;
    let lines = 0;
    for (let seed = 1; seed <= WORKFLOWS; seed++) {
      const chance = new Chance(seed);
      const value = randomDocument(chance, seed);
      const { text, comments } = asTyped(chance, value);
      const read = readDocument(text);
      const formatted = formatText(text, "yaml", nodeSpecs);
      const again = formatText(formatted, "yaml", nodeSpecs);
      assert.equal(again, formatted, `seed ${seed}`);
      assert.equal(canonicalText(readDocument(formatted)), canonicalText(read), `seed ${seed}`);
      for (let number = 0; number < comments; number++)
        assert.equal(formatted.split(` c${number}.`).length, 2, `seed ${seed}: comment ${number}\n${formatted}`);
      const json = formatText(text, "json", nodeSpecs);
      assert.equal(formatText(json, "json", nodeSpecs), json);
      assert.ok(isSame(JSON.parse(json) as JsonObject, read), `seed ${seed}`);
      assert.equal(
        formatText(documentText(read, "yaml", nodeSpecs), "yaml", nodeSpecs),
        documentText(read, "yaml", nodeSpecs),
        `seed ${seed}`,
      );
      kept += comments;
      lines += formatted.split("\n").length;
    }
    t.diagnostic(`${WORKFLOWS} generated workflows, ${lines} lines: 0 changed by formatting again, 0 of ${kept} comments lost`);
  });

  test("members in their order, comments with what they stand above, short edges, `layout` last", () => {
    const typed = `# Of the file.

# Of the name.
name: news
layout: {start: [1,2]}
format: millrace/1
edges: [{from: start, to: end}, {from: start, port: error, to: end, flow: 1},  # strange
  "start   ->   end"]
# The nodes.
nodes:
  # First.
  - type: start   # begins
    # Of the input.
    input: {type: object}
    id: start


  - {id: say, type: llm, model: 'm', prompt: "a\\nb"}
  - output: {zeros: 007, list: [ 1,2 ], long: "a text that makes the collection around it too long to stand on one line, as everybody can see who reads it"}
    # Now the id.
    id: end
    type: end
# The end.
`;
    const expected = `# Of the file.

# Of the name.

format: millrace/1
name: news

# The nodes.
nodes:
  # First.
  - id: start
    type: start # begins
    # Of the input.
    input: { type: object }

  - id: say
    type: llm
    model: 'm'
    prompt: |-
      a
      b

  # Now the id.
  - id: end
    type: end
    output:
      zeros: "007"
      list: [1, 2]
      long: "a text that makes the collection around it too long to stand on one line, as everybody can see who reads it"

edges:
  - start -> end
  - { from: start, port: error, to: end, flow: 1 } # strange
  - start -> end

layout:
  start: [1, 2]

# The end.
`;
    assert.equal(formatText(typed, "yaml", nodeSpecs), expected);
    assert.equal(formatText(`\ufeff${typed.replaceAll("\n", "\r\n")}`, "yaml", nodeSpecs), expected, "a byte order mark and CRLF");
  });

  test("a comment behind a blank line is about what follows it", () => {
    const text =
      "name: n\nnodes:\n  - id: a\n    type: start\n    # Trailing.\n\n  # Of b.\n  - id: b\n    type: end\n  # Still b.\n\n# Of the edges.\nedges: []\n";
    const expected =
      "name: n\n\nnodes:\n  - id: a\n    type: start\n    # Trailing.\n\n  # Of b.\n  - id: b\n    type: end\n  # Still b.\n\n# Of the edges.\nedges: []\n";
    assert.equal(formatText(text, "yaml", nodeSpecs), expected);
    assert.equal(formatText(expected, "yaml", nodeSpecs), expected);
  });

  test("JSON has the same order, two blanks and no comments", () => {
    const json = formatText(
      '{"nodes":[{"type":"end","id":"end"}],"name":"n","edges":[{"from":"a","to":"b"}],"format":"millrace/1"}',
      "json",
      nodeSpecs,
    );
    assert.equal(
      json,
      '{\n  "format": "millrace/1",\n  "name": "n",\n  "nodes": [\n    {\n      "id": "end",\n      "type": "end"\n    }\n  ],\n  "edges": [\n    "a -> b"\n  ]\n}\n',
    );
  });

  test("a document with aliases keeps its order: they must come behind their anchors", () => {
    const text = "name: &n news\nformat: millrace/1\nnodes: []\nedges: []\nenv: { again: *n }\n";
    const formatted = formatText(text, "yaml", nodeSpecs);
    assert.deepEqual(Object.keys(readDocument(formatted)), ["name", "format", "nodes", "edges", "env"]);
    assert.equal(formatText(formatted, "yaml", nodeSpecs), formatted);
  });
});

describe("a document that is written into its file", () => {
  const file = `# Of the file.
format: millrace/1
name: news

nodes:
  # It begins.
  - id: start
    type: start

  # It says.
  - id: say
    type: template
    text: "Hello" # loudly

edges:
  - start -> say # on

layout:
  start: [0, 0]
`;
  const merged = (change: (document: JsonObject) => JsonObject) => mergeText(file, change(readDocument(file)), "yaml", nodeSpecs);

  test("that moved a node changes lines of `layout` alone", () => {
    const moved = merged((document) => ({ ...document, layout: { start: [0, 0], say: [200, 40] } }));
    assert.equal(moved, formatText(file, "yaml", nodeSpecs).replace("start: [0, 0]\n", "start: [0, 0]\n  say: [200, 40]\n"));
  });

  test("keeps the comments of what is still there", () => {
    const changed = merged((document) => {
      const [start = {}, say = {}] = document["nodes"] as JsonObject[];
      const added = { id: "end", type: "end", output: { text: "{{ say.text }}" } };
      return { ...document, nodes: [{ ...say, text: "Good day" }, added, start], edges: ["start -> say", "say -> end"] };
    });
    assert.match(changed, / {2}# It says\.\n {2}- id: say\n {4}type: template\n {4}text: "Good day" # loudly\n/);
    assert.match(changed, / {2}- start -> say # on\n {2}- say -> end\n/);
    assert.ok(changed.indexOf("It begins") > changed.indexOf("id: end"));
    assert.match(changed, /^# Of the file\.\n/);
  });

  test("says exactly the document, whatever was there before", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const chance = new Chance(seed);
      const before = asTyped(chance, randomDocument(chance, seed)).text;
      const document = randomDocument(chance, seed + 1);
      for (const text of [before, "name: [", ""]) {
        const after = mergeText(text, document, "yaml", nodeSpecs);
        assert.ok(isSame(readDocument(after), document), `seed ${seed}`);
        assert.equal(formatText(after, "yaml", nodeSpecs), after, `seed ${seed}`);
      }
      assert.deepEqual(JSON.parse(mergeText("{}", document, "json", nodeSpecs))["name"], document["name"]);
    }
  });
});
