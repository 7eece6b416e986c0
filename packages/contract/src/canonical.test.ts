import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalText } from "#canonical";
import { canonicalJson, compareCodePoints } from "#canonical-json";
import { isJsonObject, type Json, type JsonObject } from "#json";

const DOCUMENT: JsonObject = {
  edges: [
    "start -> each",
    { to: "end", from: "each", port: "out", toPort: "in" },
    { from: "each", port: "error", to: "end", flow: { id: "e" } },
  ],
  nodes: [
    { type: "start", id: "start", input: { type: "object", properties: { list: { type: "array" } } } },
    {
      type: "batch",
      items: "{{ start.list }}",
      concurrency: 4,
      body: {
        edges: ["a.out->b", { from: "a", to: "b", port: "x.y" }],
        nodes: [
          { text: "", type: "template", id: "a" },
          { id: "b", type: "next" },
        ],
      },
      id: "each",
      retry: { maxAttempts: 2, factor: 3 },
    },
    { output: {}, id: "end", type: "end", name: "End" },
  ],
  name: "news",
  layout: { start: [0, 0] },
  format: "millrace/1",
};

test("the text of a document: fixed order of members, their values as written, short edges, no layout", () => {
  assert.equal(
    canonicalText(DOCUMENT),
    '{"format":"millrace/1","name":"news","nodes":[' +
      '{"id":"start","type":"start","input":{"type":"object","properties":{"list":{"type":"array"}}}},' +
      '{"id":"each","type":"batch","retry":{"maxAttempts":2,"factor":3},"body":{"nodes":[{"id":"a","type":"template","text":""},{"id":"b","type":"next"}],' +
      '"edges":["a -> b","a.x.y -> b"]},"concurrency":4,"items":"{{ start.list }}"},' +
      '{"id":"end","type":"end","name":"End","output":{}}],' +
      '"edges":["start -> each","each -> end",{"flow":{"id":"e"},"from":"each","port":"error","to":"end"}]}',
  );
});

test("the text is the same for the same text, any order of a node's members, and any layout", () => {
  const text = canonicalText(DOCUMENT);
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), fc.jsonValue(), (random, layout) => {
      const shuffled = shuffleMembers(DOCUMENT, random);
      assert.equal(canonicalText({ ...shuffled, layout: layout as Json }), text);
    }),
  );
  assert.equal(canonicalText(JSON.parse(text)), text);
});

/** Another order of the members of the document, its nodes and their bodies; their values stay. */
function shuffleMembers(graph: JsonObject, random: Iterator<number>): JsonObject {
  const nodes = (graph["nodes"] as JsonObject[]).map((node) => {
    const body = node["body"];
    return inAnyOrder(isJsonObject(body) ? { ...node, body: shuffleMembers(body, random) } : node, random);
  });
  return inAnyOrder({ ...graph, nodes }, random);
}

function inAnyOrder(object: JsonObject, random: Iterator<number>): JsonObject {
  const ranked = Object.entries(object).map(([key, item]) => ({ key, item, rank: random.next().value as number }));
  return Object.fromEntries(ranked.sort((left, right) => left.rank - right.rank).map(({ key, item }) => [key, item]));
}

test("the order that a user chose inside a member is kept", () => {
  const node = (output: JsonObject): JsonObject => ({ nodes: [{ id: "end", type: "end", output }] });
  assert.notEqual(canonicalText(node({ a: 1, b: 2 })), canonicalText(node({ b: 2, a: 1 })));
});

function shuffle(value: Json, random: Iterator<number>): Json {
  if (Array.isArray(value)) return value.map((item: Json) => shuffle(item, random));
  if (!isJsonObject(value)) return value;
  return inAnyOrder(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shuffle(item, random)])), random);
}

const EDGES: readonly (readonly [Json, Json])[] = [
  ["  a   ->b ", "a -> b"],
  ["a.out -> b", "a -> b"],
  ["a.yes -> b", "a.yes -> b"],
  [{ from: "a", to: "b" }, "a -> b"],
  [{ from: "a", port: "out", to: "b", toPort: "in" }, "a -> b"],
  [{ from: "a", port: "yes", to: "b" }, "a.yes -> b"],
  [
    { from: "a", port: "two words", to: "b" },
    { from: "a", port: "two words", to: "b" },
  ],
  [
    { from: "a", port: "x->y", to: "b", toPort: "in" },
    { from: "a", port: "x->y", to: "b" },
  ],
  [
    { from: "a.b", to: "c" },
    { from: "a.b", to: "c" },
  ],
  [
    { from: "a", to: "b", extra: 1 },
    { extra: 1, from: "a", to: "b" },
  ],
  ["not an edge", "not an edge"],
  [7, 7],
];

for (const [edge, canonical] of EDGES) {
  test(`the edge ${JSON.stringify(edge)} is written ${JSON.stringify(canonical)}`, () => {
    assert.equal(canonicalText({ edges: [edge] }), `{"edges":[${JSON.stringify(canonical)}]}`);
  });
}

test("what a change of meaning changes is in the text", () => {
  const text = canonicalText(DOCUMENT);
  for (const change of [{ name: "other" }, { strictInput: true }, { edges: [] }, { env: {} }])
    assert.notEqual(canonicalText({ ...DOCUMENT, ...change }), text);
});

test("any document is written, and the text reads back to a document with the same text", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.constantFrom("nodes", "edges", "body", "id", "type", "__proto__"), fc.string()), fc.jsonValue()),
      (members) => {
        const document = JSON.parse(JSON.stringify(members)) as JsonObject;
        const text = canonicalText(document);
        assert.equal(canonicalText(JSON.parse(text)), text);
      },
    ),
  );
});

test("equal values have one text, different values have different ones", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.infiniteStream(fc.nat()), (left, right, random) => {
      const one = JSON.parse(JSON.stringify(left)) as Json;
      const other = JSON.parse(JSON.stringify(right)) as Json;
      assert.equal(canonicalJson(shuffle(one, random)), canonicalJson(one));
      assert.deepEqual(JSON.parse(canonicalJson(one)), one);
      if (canonicalJson(one) === canonicalJson(other)) assert.deepEqual(one, other);
    }),
  );
});

test("members stand in the order of code points, not of code units", () => {
  assert.equal(canonicalJson({ "\u{1f600}": 1, "\uff5e": 2, b: 3, ab: 4, a: 5 }), '{"a":5,"ab":4,"b":3,"\uff5e":2,"\u{1f600}":1}');
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (left, right) => {
      const points = (text: string) => [...text].map((character) => character.codePointAt(0) ?? 0);
      const [a, b] = [points(left), points(right)];
      const at = a.findIndex((point, index) => point !== b[index]);
      const expected = at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
      assert.equal(Math.sign(compareCodePoints(left, right)), Math.sign(expected));
    }),
  );
});
