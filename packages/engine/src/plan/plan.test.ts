import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { plan } from "#plan/plan";
import { MAX_NESTING, MAX_NODES } from "#plan/read-graph";
import { TEST_SPECS } from "#testing/specs";

type Loose = Record<string, unknown>;

const begin = { id: "begin", type: "begin" };
const finish = { id: "finish", type: "finish" };

function doc(nodes: readonly unknown[], edges: readonly unknown[], more: Loose = {}): Loose {
  return { format: "millrace/1", name: "test", nodes, edges, ...more };
}

/** begin → the given node → finish. */
function around(node: Loose, more: Loose = {}): Loose {
  return doc([begin, { id: "n", ...node }, finish], ["begin -> n", "n -> finish"], more);
}

const loop = (body: Loose, more: Loose = {}): Loose => ({ type: "repeat", count: 1, body: { nodes: [], edges: [], ...body }, ...more });
const batch = (body: Loose): Loose => ({
  type: "each",
  items: [],
  concurrency: 1,
  onItemError: "fail",
  body: { nodes: [], edges: [], ...body },
});

/** What is wrong, and the one problem that says so: code and JSON pointer. */
const FAULTS: readonly (readonly [what: string, document: unknown, code: string, path: string])[] = [
  ["no object", "text", "invalid_value", ""],
  ["another format", { ...around({ type: "calc" }), format: "other/1" }, "invalid_value", "/format"],
  ["a blank name", { ...around({ type: "calc" }), name: " " }, "invalid_value", "/name"],
  ["an unknown member of the document", around({ type: "calc" }, { nods: [] }), "unknown_member", "/nods"],
  ["a node that is no object", doc([begin, 5, finish], ["begin -> finish"]), "invalid_value", "/nodes/1"],
  ["an id that is no identifier", doc([begin, { id: "a b", type: "calc" }, finish], ["begin -> finish"]), "invalid_value", "/nodes/1/id"],
  ["an id twice", doc([begin, { id: "begin", type: "calc" }, finish], ["begin -> finish"]), "duplicate_id", "/nodes/1/id"],
  [
    "an id twice, once in a body",
    around({ ...loop({ nodes: [{ id: "begin", type: "calc" }] }) }),
    "duplicate_id",
    "/nodes/1/body/nodes/0/id",
  ],
  ["an unknown type", around({ type: "tempate" }), "unknown_node_type", "/nodes/1/type"],
  ["a type without an executor here", around({ type: "llm" }), "node_type_unavailable", "/nodes/1/type"],
  ["an unknown member of a node", around({ type: "calc", argz: 1 }), "unknown_member", "/nodes/1/argz"],
  ["a bad envelope member", around({ type: "calc", timeoutMs: 0 }), "invalid_value", "/nodes/1/timeoutMs"],
  ["a skipIf that is no expression", around({ type: "calc", skipIf: "true" }), "invalid_value", "/nodes/1/skipIf"],
  ["a skipIf that cannot be read", around({ type: "calc", skipIf: "{{ begin. }}" }), "syntax", "/nodes/1/skipIf"],
  ["a skipIf over what comes later", around({ type: "calc", skipIf: "{{ finish.v }}" }), "not_upstream", "/nodes/1/skipIf"],
  ["a start that may be skipped", doc([{ ...begin, skipIf: true }, finish], ["begin -> finish"]), "skip_not_allowed", "/nodes/0/skipIf"],
  [
    "an only end that may be skipped",
    doc([begin, { ...finish, skipIf: true }], ["begin -> finish"]),
    "skip_not_allowed",
    "/nodes/1/skipIf",
  ],
  ["a cache without its time", around({ type: "work", cache: {} }), "required", "/nodes/1/cache"],
  ["a cache for ever", around({ type: "work", cache: { ttlMs: 2_592_000_001 } }), "invalid_value", "/nodes/1/cache/ttlMs"],
  [
    "a cache key that cannot be read",
    around({ type: "work", cache: { ttlMs: 1, key: "{{ nope }}" } }),
    "unknown_variable",
    "/nodes/1/cache/key",
  ],
  ["a concurrency of none", around({ type: "work", concurrency: { limit: 0 } }), "invalid_value", "/nodes/1/concurrency/limit"],
  [
    "a concurrency key that cannot be read",
    around({ type: "work", concurrency: { limit: 1, key: "{{ nope }}" } }),
    "unknown_variable",
    "/nodes/1/concurrency/key",
  ],
  ["an edge that is none", doc([begin, finish], ["begin -> finish", "begin finish"]), "invalid_value", "/edges/1"],
  ["an edge from nowhere", doc([begin, finish], ["begin -> finish", "begn -> finish"]), "unknown_node", "/edges/1"],
  ["an edge to nowhere", doc([begin, finish], ["begin -> finish", "begin -> finsh"]), "unknown_node", "/edges/1"],
  ["an edge to itself", doc([begin, { id: "n", type: "calc" }, finish], ["begin -> n", "n -> n", "n -> finish"]), "self_edge", "/edges/1"],
  ["an edge from a port that is not there", doc([begin, finish], ["begin -> finish", "begin.nope -> finish"]), "unknown_port", "/edges/1"],
  [
    "an edge after an end",
    doc([begin, finish, { id: "n", type: "calc" }], ["begin -> finish", "finish -> n", "begin -> n", "n -> finish"]),
    "no_successor",
    "/edges/1",
  ],
  [
    "a cycle",
    doc([begin, { id: "a", type: "calc" }, { id: "b", type: "calc" }, finish], ["begin -> a", "a -> b", "b -> a", "b -> finish"]),
    "cycle",
    "/edges",
  ],
  ["no start", doc([finish], []), "no_start", "/nodes"],
  ["two starts", doc([begin, { id: "more", type: "begin" }, finish], ["begin -> finish", "more -> finish"]), "many_starts", "/nodes/1"],
  ["no end", doc([begin, { id: "n", type: "calc" }], ["begin -> n"]), "no_end", "/nodes"],
  [
    "a node that nothing leads to",
    doc([begin, { id: "n", type: "calc" }, finish], ["begin -> finish", "n -> finish"]),
    "unreachable",
    "/nodes/1",
  ],
  [
    "a node that nothing follows",
    doc([begin, { id: "n", type: "calc" }, finish], ["begin -> finish", "begin -> n"]),
    "dead_end",
    "/nodes/1",
  ],
  [
    "a jump outside a body",
    doc([begin, { id: "n", type: "jump", how: "next" }, finish], ["begin -> n", "begin -> finish"]),
    "outside_body",
    "/nodes/1",
  ],
  ["an end in a body", around(loop({ nodes: [{ id: "inner", type: "finish" }] })), "end_in_body", "/nodes/1/body/nodes/0"],
  ["a variable of no loop", around({ type: "put", sets: "acc" }), "unknown_loop_variable", "/nodes/1/assign"],
  [
    "a variable across a batch",
    around(loop({ nodes: [{ id: "b", ...batch({ nodes: [{ id: "p", type: "put", sets: "acc" }] }) }] })),
    "unknown_loop_variable",
    "/nodes/1/body/nodes/0/body/nodes/0/assign",
  ],
  ["an unknown reference", around({ type: "calc", args: "{{ nothing.v }}" }), "unknown_variable", "/nodes/1/args"],
  [
    "a reference downstream",
    doc([begin, { id: "a", type: "calc", args: "{{ b.v }}" }, { id: "b", type: "calc" }, finish], ["begin -> a", "a -> b", "b -> finish"]),
    "not_upstream",
    "/nodes/1/args",
  ],
  ["a reference to itself", around({ type: "calc", args: "{{ n.v }}" }), "not_upstream", "/nodes/1/args"],
  [
    "a field that outputs do not have",
    doc(
      [begin, { id: "a", type: "calc", outputs: { x: { value: 1 } } }, { id: "b", type: "calc", args: "{{ a.y }}" }, finish],
      ["begin -> a", "a -> b", "b -> finish"],
    ),
    "unknown_variable",
    "/nodes/2/args",
  ],
  [
    "a container's result read inside it",
    around(loop({ nodes: [{ id: "c", type: "calc", args: "{{ n.items }}" }] })),
    "unknown_variable",
    "/nodes/1/body/nodes/0/args",
  ],
  ["an undefined env value", around({ type: "calc", args: "{{ env.REGION }}" }), "unknown_variable", "/nodes/1/args"],
  ["an input that is not given", around({ type: "calc", inputs: { a: 1 }, args: "{{ inputs.b }}" }), "unknown_variable", "/nodes/1/args"],
  ["item outside a body", around({ type: "calc", args: "{{ item }}" }), "unknown_variable", "/nodes/1/args"],
  ["a secret in a plain field", around({ type: "calc", args: "{{ secrets.key }}" }), "secret_not_allowed", "/nodes/1/args"],
  ["result outside outputs", around({ type: "calc", args: "{{ result.v }}" }), "unknown_variable", "/nodes/1/args"],
];

for (const [what, document, code, path] of FAULTS) {
  test(`a document with a fault: ${what}`, () => {
    const { plan: planned, problems } = plan(document, TEST_SPECS);
    assert.equal(planned, null);
    const found = problems.filter((problem) => problem.code === code && problem.path === path);
    assert.equal(found.length, 1, JSON.stringify(problems));
    assert.equal(found[0]?.level, "error");
  });
}

test("all problems are told at once, those of expressions with their offsets", () => {
  const { problems } = plan(
    doc(
      [
        begin,
        { id: "a", type: "calc", args: ["{{ bgin.v }}", "x {{ 1 + }}"], extra: 1 },
        { id: "b", type: "calc", args: "say {{ begn.v }} and {{ item }}" },
        finish,
      ],
      ["begin -> a", "a -> b", "b -> finsh"],
    ),
    TEST_SPECS,
  );
  const codes = problems.map(({ code }) => code);
  for (const code of ["unknown_member", "unknown_node", "unknown_variable"])
    assert.ok(codes.includes(code), `${code} is missing from ${codes}`);
  const named = problems.find((problem) => problem.path === "/nodes/2/args" && problem.message.includes("begn"));
  assert.deepEqual([named?.start, named?.end], [7, 11], JSON.stringify(named));
  assert.match(named?.hint ?? "", /begin/);
});

test("env, inputs, item, index, loop variables and outer items are in scope where they belong", () => {
  const inner = {
    nodes: [
      {
        id: "deep",
        type: "calc",
        args: [
          "{{ item }}",
          "{{ index }}",
          "{{ n.acc }}",
          "{{ n.index }}",
          "{{ inner.item }}",
          "{{ begin.v }}",
          "{{ env.R }}",
          "{{ run.id }}",
        ],
      },
    ],
    edges: [],
  };
  const body = {
    nodes: [
      { id: "p", type: "put", sets: "acc", args: "{{ loop.acc }}" },
      { id: "inner", type: "each", items: [1], concurrency: 1, onItemError: "fail", body: inner, collect: "{{ deep.v }}" },
    ],
    edges: ["p -> inner"],
  };
  const { problems } = plan(around({ type: "repeat", count: 1, start: 0, body }, { env: { R: 1 } }), TEST_SPECS);
  assert.deepEqual(problems, []);
});

function nest(depth: number): Loose {
  const inner = depth === 0 ? [] : [{ id: `b${depth}`, ...loop(nest(depth - 1)) }];
  return { nodes: inner, edges: [] };
}

test("bodies nest to the limit and no deeper", () => {
  assert.deepEqual(plan(around(loop(nest(MAX_NESTING - 1))), TEST_SPECS).problems, []);
  const codes = plan(around(loop(nest(MAX_NESTING))), TEST_SPECS).problems.map(({ code }) => code);
  assert.deepEqual(codes, ["too_deep"]);
});

function wide(nodes: number): Loose {
  const middle = Array.from({ length: nodes - 2 }, (_, i) => ({ id: `m${i}`, type: "calc" }));
  return doc(
    [begin, finish, ...middle],
    middle.flatMap(({ id }) => [`begin -> ${id}`, `${id} -> finish`]),
  );
}

test("a workflow has nodes up to the limit and no more", () => {
  assert.deepEqual(plan(wide(MAX_NODES), TEST_SPECS).problems, []);
  const codes = plan(wide(MAX_NODES + 1), TEST_SPECS).problems.map(({ code }) => code);
  assert.ok(codes.includes("too_many_nodes"));
});

test("planning never throws, whatever it is given", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("begin", "{{ a.b }}", "{{", "begin -> finish", "__proto__", "constructor"));
  const node = fc.record(
    {
      id: text,
      type: fc.constantFrom("begin", "calc", "finish", "each", "repeat", "pick", "jump"),
      args: fc.jsonValue(),
      inputs: fc.jsonValue(),
      outputs: fc.jsonValue(),
      body: fc.jsonValue(),
      onError: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const document = fc.record(
    {
      format: fc.constant("millrace/1"),
      name: text,
      nodes: fc.array(fc.oneof(node, fc.jsonValue())),
      edges: fc.array(fc.oneof(text, fc.jsonValue())),
      env: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(document, fc.jsonValue()), (value) => void plan(value, TEST_SPECS)),
    { numRuns: 2_000 },
  );
});

test("a model of a connection that does not list it is a warning; so is a connection that is not there, which no attempt waits for", () => {
  const specs = new Map(TEST_SPECS);
  const calc = specs.get("calc");
  assert.ok(calc);
  const uses = [
    { name: "listing", model: "known", at: ["args"] },
    { name: "listing", model: "knwon", at: ["args"] },
    { name: "open", model: "anything", at: ["args"] },
    { name: "absent", model: "any", at: ["args"] },
    { name: "crm", at: ["args"] },
  ];
  specs.set("calc", { ...calc, connections: () => uses, retry: { maxAttempts: 3, initialMs: 9 } });
  const known = { connections: new Set(["listing", "open", "crm"]), models: new Map([["listing", new Set(["known"])]]) };
  const { plan: planned, problems } = plan(around({ type: "calc", retry: { initialMs: 1 } }), specs, known);
  assert.deepEqual(
    problems.map(({ code, level, path, hint }) => [code, level, path, hint]),
    [
      ["unknown_model", "warning", "/nodes/1/args", "did you mean known?"],
      ["unknown_connection", "warning", "/nodes/1/args", "millrace connections set absent"],
    ],
  );
  const node = planned?.root.nodes[1];
  assert.deepEqual([node?.connections, node?.models], [["crm"], ["listing", "open", "absent"]]);
  assert.deepEqual(planned?.credentials?.connections, ["crm", "listing", "open", "absent"]);
  assert.deepEqual([node?.retry.maxAttempts, node?.retry.initialMs], [3, 1]);
});

test("tools that are not there are a warning; a connection may be to a server of tools", () => {
  const specs = new Map(TEST_SPECS);
  const calc = specs.get("calc");
  assert.ok(calc);
  const uses = ["crm", "wiki", "crn"].map((collection) => ({ collection, at: ["args"] }));
  specs.set("calc", { ...calc, tools: () => uses });
  const known = { tools: new Set(["crm"]), connections: new Set(["wiki"]) };
  assert.deepEqual(
    plan(around({ type: "calc" }), specs, known).problems.map(({ code, level, path, hint }) => [code, level, path, hint]),
    [["unknown_tool", "warning", "/nodes/1/args", "did you mean crm?"]],
  );
  assert.deepEqual(plan(around({ type: "calc" }), specs).problems, []);
});

test("a cache and a limit that mean nothing are warned of; a type's own member comes before the envelope's", () => {
  const told = (node: Loose) => plan(around(node), TEST_SPECS).problems.map(({ code, level, path }) => [code, level, path]);
  const envelope = { cache: { ttlMs: 1 }, concurrency: { limit: 1 } };
  assert.deepEqual(told({ type: "work", ...envelope }), []);
  assert.deepEqual(told({ type: "calc", ...envelope }), [
    ["cache_ignored", "warning", "/nodes/1/cache"],
    ["concurrency_ignored", "warning", "/nodes/1/concurrency"],
  ]);
  const { plan: planned, problems } = plan(around(batch({})), TEST_SPECS);
  assert.deepEqual([problems, planned?.root.nodes[1]?.concurrency], [[], null]);
});
