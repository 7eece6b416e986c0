import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalText } from "#canonical";
import { diffWorkflows, hasChanges } from "#diff/diff-workflows";
import type { JsonObject } from "#json";
import { documents, edited, patched } from "#testing/documents";

const fetch = { id: "fetch", type: "http", name: "Fetch", url: "https://a.example", headers: { a: "1", b: "2" } };
const summarise = { id: "summarise", type: "llm", retry: { maxAttempts: 3 }, messages: [{ role: "user", text: "in 200 words" }] };
const each = {
  id: "each",
  type: "loop",
  count: 3,
  body: {
    nodes: [
      { id: "one", type: "template", text: "1" },
      { id: "two", type: "template", text: "2" },
    ],
    edges: ["one -> two"],
  },
};
const DOCUMENT: JsonObject = {
  format: "millrace/1",
  name: "news",
  env: { CITY: "Kyoto" },
  nodes: [fetch, summarise, each],
  edges: ["fetch -> summarise", "summarise -> each"],
  layout: { fetch: [0, 0], summarise: [10, 0], "each/one": [0, 0] },
};

const NOTHING = { nodes: [], edges: { added: [], removed: [] }, settings: [], layout: { moved: 0 } };

/** What differs after the change. */
function after(change: JsonObject) {
  return diffWorkflows(DOCUMENT, { ...DOCUMENT, ...change });
}

test("one field that changed is one field of one node, however deep it lies", () => {
  const shorter = { ...summarise, messages: [{ role: "user", text: "in 80 words" }] };
  const fields = [{ path: "/messages/0/text", before: "in 200 words", after: "in 80 words" }];
  assert.deepEqual(after({ nodes: [fetch, shorter, each] }), {
    ...NOTHING,
    nodes: [{ path: "summarise", id: "summarise", name: "summarise", change: "changed", fields }],
  });
});

test("layout alone is a number of moved nodes, in bodies too, and nothing else", () => {
  const diff = after({ layout: { fetch: [0, 0], summarise: [20, 0], "each/one": [5, 5] } });
  assert.deepEqual(diff, { ...NOTHING, layout: { moved: 2 } });
  assert.equal(hasChanges(diff), false);
});

test("a node that came or went brings its own place with it: nothing moved", () => {
  const diff = after({ nodes: [summarise, each], edges: ["summarise -> each"], layout: { summarise: [10, 0], "each/one": [0, 0] } });
  assert.deepEqual(diff.layout, { moved: 0 });
  assert.deepEqual(
    diff.nodes.map(({ id, change, name, fields }) => [id, change, name, fields.map(({ path }) => path)]),
    [["fetch", "removed", "Fetch", ["/id", "/type", "/name", "/url", "/headers"]]],
  );
  assert.deepEqual(diff.edges, { added: [], removed: [{ container: "", edge: "fetch -> summarise" }] });
});

test("nothing but another display name is a renamed node; with more it is a changed one", () => {
  const renamed = after({ nodes: [{ ...fetch, name: "News" }, summarise, each] });
  assert.deepEqual(renamed.nodes, [
    { path: "fetch", id: "fetch", name: "News", change: "renamed", fields: [{ path: "/name", before: "Fetch", after: "News" }] },
  ]);
  assert.equal(after({ nodes: [{ ...fetch, name: "News", url: "" }, summarise, each] }).nodes[0]?.change, "changed");
});

test("bodies are looked into: their nodes have their path, their edges their container", () => {
  const body = {
    nodes: [each.body.nodes[0], { id: "two", type: "template", text: "zwei" }, { id: "new", type: "next" }],
    edges: ["one -> new"],
  };
  const diff = after({ nodes: [fetch, summarise, { ...each, body } as JsonObject] });
  assert.deepEqual(
    diff.nodes.map(({ path, id, change }) => [path, id, change]),
    [
      ["each/two", "two", "changed"],
      ["each/new", "new", "added"],
    ],
  );
  assert.deepEqual(diff.edges, {
    added: [{ container: "each", edge: "one -> new" }],
    removed: [{ container: "each", edge: "one -> two" }],
  });
});

test("another order of nodes or edges is told once, with the ids that both have", () => {
  assert.deepEqual(after({ nodes: [summarise, fetch, each], edges: ["summarise -> each", "fetch -> summarise"] }).settings, [
    { path: "/nodes", before: ["fetch", "summarise", "each"], after: ["summarise", "fetch", "each"] },
    {
      path: "/edges",
      before: ['"fetch -> summarise"', '"summarise -> each"'],
      after: ['"summarise -> each"', '"fetch -> summarise"'],
    },
  ]);
  const body = { ...each.body, nodes: each.body.nodes.toReversed() };
  assert.deepEqual(after({ nodes: [fetch, summarise, { ...each, body }] }).nodes, [
    {
      path: "each",
      id: "each",
      name: "each",
      change: "changed",
      fields: [{ path: "/body/nodes", before: ["each/one", "each/two"], after: ["each/two", "each/one"] }],
    },
  ]);
});

test("members of a node and of its body may stand in any order; inside a member the order counts, as it does when it runs", () => {
  const { type, ...rest } = fetch;
  const { nodes, edges } = each.body;
  assert.deepEqual(after({ nodes: [{ ...rest, type }, summarise, { ...each, body: { edges, nodes } }] }), NOTHING);
  assert.deepEqual(after({ nodes: [{ ...fetch, headers: { b: "2", a: "1" } }, summarise, each] }).nodes[0]?.fields, [
    { path: "/headers", before: { a: "1", b: "2" }, after: { b: "2", a: "1" } },
  ]);
});

test("a list that became longer is one field", () => {
  const messages = [{ role: "system", text: "be kind" }, ...summarise.messages];
  assert.deepEqual(after({ nodes: [fetch, { ...summarise, messages }, each] }).nodes[0]?.fields, [
    { path: "/messages", before: summarise.messages, after: messages },
  ]);
});

test("the same edge written in another way is the same; one that is there twice is there once more", () => {
  const edges = ["fetch.out->summarise", { from: "summarise", to: "each" }];
  assert.deepEqual(after({ edges }), NOTHING);
  assert.deepEqual(after({ edges: [...edges, "fetch -> summarise"] }).edges, {
    added: [{ container: "", edge: "fetch -> summarise" }],
    removed: [],
  });
});

test("settings of the document; what is no graph is one of them", () => {
  assert.deepEqual(after({ env: { CITY: "Oslo", UNIT: "C" }, edges: 7 }).settings, [
    { path: "/env/CITY", before: "Kyoto", after: "Oslo" },
    { path: "/env/UNIT", after: "C" },
    { path: "/edges", after: 7 },
  ]);
  const twice = after({ nodes: [fetch, fetch] });
  assert.deepEqual(twice.settings, [{ path: "/nodes", after: [fetch, fetch] }]);
});

test("a document does not differ from itself", () => {
  fc.assert(fc.property(documents(), (document) => assert.deepEqual(diffWorkflows(document, document), NOTHING)));
});

test("doing to the one document what the difference says gives the other", () => {
  fc.assert(
    fc.property(documents(), documents(), fc.infiniteStream(fc.nat()), (one, other, random) => {
      for (const [before, now] of [
        [one, other],
        [one, edited(one, random)],
      ] as const)
        assert.equal(canonicalText(patched(before, diffWorkflows(before, now), now)), canonicalText(now));
    }),
    { numRuns: 500 },
  );
});

test("no difference but layout: the same canonical text, and the reverse", () => {
  fc.assert(
    fc.property(documents(), fc.infiniteStream(fc.nat()), (document, random) => {
      const now = edited(document, random);
      assert.equal(hasChanges(diffWorkflows(document, now)), canonicalText(document) !== canonicalText(now));
    }),
    { numRuns: 500 },
  );
});

test("any JSON is compared", () => {
  const key = fc.oneof(fc.constantFrom("nodes", "edges", "layout", "body", "id", "type", "__proto__"), fc.string());
  const anything = fc.dictionary(key, fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
  fc.assert(
    fc.property(anything, anything, (one, other) => {
      assert.deepEqual(diffWorkflows(one, one), NOTHING);
      diffWorkflows(one, other);
    }),
  );
});
