import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject, WorkflowNode } from "@millrace/contract";
import {
  chain,
  codes,
  container,
  direct,
  edge,
  importJson,
  input,
  join,
  node,
  nodeOf,
  output,
  reference,
  START,
} from "#flow/testing/flows";

type Members = { readonly [member: string]: Json };
const next = (id = "n") => node("NEXT_LOOP", id);
const variable = (name: string, members: Members = {}): JsonObject => ({ id: name, name, ...direct("0", "NUMBER"), ...members });

function loop(param: Members, members: Members = {}, body: readonly JsonObject[] = [next()]): WorkflowNode {
  return nodeOf(importJson(chain([container("LOOP", "l", body, param, members)])), "l");
}

const countOf = (limitedLoopCount: Json) => loop({ loopType: "LIMITED_LOOP", limitedLoopCount })["count"];

test("a count is a number, a reference, or a text that gives one", () => {
  assert.equal(countOf(10), 10);
  assert.equal(countOf("10"), 10);
  assert.equal(countOf(0), 0);
  assert.equal(countOf("start#q#q"), '{{ convert(start.q, "integer") }}');
  assert.equal(countOf("{{q}}"), '{{ convert(start.q, "integer") }}');
  assert.equal(countOf("1{{q}}"), '{{ convert("1" + (start.q ?? ""), "integer") }}');
  assert.equal(countOf(reference("start#q#q", "INTEGER")), '{{ convert(start.q, "integer") }}');
});

test("a count that is none is left to fail when the loop is reached", () => {
  assert.equal(countOf(-1), "{{ -1 }}");
  assert.equal(countOf("many"), '{{ convert("many", "integer") }}');
  assert.equal(countOf(1.5), '{{ convert(1.5, "integer") }}');
  assert.equal(countOf(null), "{{ null }}");
});

test("the kind of a loop follows from its arrays where the file does not say it", () => {
  assert.equal(loop({})["items"], '{{ zip({ item: convert(start.q, "array<string>") }) }}');
  assert.equal(loop({ inputArrays: [], limitedLoopCount: 3 })["count"], 3);
  assert.deepEqual(loop({ loopType: "ARRAY_BASED", inputArrays: [] })["items"], []);
});

test("arrays are walked side by side; literals among them too", () => {
  const arrays = [
    { id: "a", name: "a", ...direct('["x"]', "ARRAY_STRING") },
    { id: "b-c", name: "b-c", ...direct(null, "ARRAY_STRING") },
  ];
  const use = join("t", "", {
    inputs: [input("x", reference("l#b-c#b-c")), input("y", reference("l#a#a")), input("z", reference("l#index#index", "INTEGER"))],
  });
  const result = importJson(chain([container("LOOP", "l", [use, next()], { inputArrays: arrays })]));
  assert.equal(nodeOf(result, "l")["items"], '{{ zip({ a: JSON.parse("[\\"x\\"]"), b_c: null }) }}');
  assert.deepEqual(nodeOf(result, "t").inputs, { x: "{{ l.item.b_c }}", y: "{{ l.item.a }}", z: "{{ l.index }}" });
});

test("variables have their type and first value; names that a loop has itself are changed", () => {
  const names = ["total", "item", "items", "count", "合計"];
  const use = join("t", "{{count}}{{item}}", { inputs: [input("x", reference("l#items#items", "NUMBER"))] });
  const members = { outputs: [output("count", "NUMBER"), output("items", "NUMBER")] };
  const result = importJson(
    chain([
      container(
        "LOOP",
        "l",
        [use, next()],
        { inputArrays: [], limitedLoopCount: 1, intermediateVariables: names.map((name) => variable(name)) },
        members,
      ),
    ]),
  );
  const { variables, outputs } = nodeOf(result, "l");
  assert.deepEqual(Object.keys(variables as object), ["total", "item_2", "items_2", "count_2", "variable"]);
  assert.deepEqual((variables as JsonObject)["total"], { type: "number", value: 0 });
  assert.deepEqual(nodeOf(result, "t").inputs, { x: "{{ l.items_2 }}" });
  assert.equal(nodeOf(result, "t")["text"], "{{ l.count_2 }}{{ l.item_2 }}");
  assert.deepEqual(outputs, {
    count: { type: "number", value: "{{ result.count_2 }}" },
    items: { type: "number", value: "{{ result.items_2 }}" },
  });
});

test("outputs are filled by the first rule that fits", () => {
  const body = [join("t", "x"), node("END", "e", { inputs: [input("named", reference("t#t#t")), input("own", reference("t#t#t"))] })];
  const outputs = [
    output("picked", "ARRAY_STRING", { source: "NODE", value: "t#t#t" }),
    output("v", "NUMBER"),
    output("named", "ARRAY_STRING"),
    output("count", "INTEGER"),
    output("own", "ARRAY_STRING", { source: "NODE", value: "start#q#q" }),
  ];
  const native = loop({ intermediateVariables: [variable("v")] }, { outputs }, body);
  assert.deepEqual(native["collect"], { picked: "{{ t.t }}", named: "{{ t.t }}", own: "{{ t.t }}" });
  assert.deepEqual(native.outputs, {
    picked: { type: "array<string>", value: "{{ result.items.map(i => i.picked) }}" },
    v: { type: "number", value: "{{ result.v }}" },
    named: { type: "array<string>", value: "{{ result.items.map(i => i.named) }}" },
    count: { type: "integer", value: "{{ result.count }}" },
    own: { type: "array<string>", value: "{{ result.items.map(i => i.own) }}" },
  });
});

test("of several ENDs the first value that is not null is collected; a count may be collected as a literal", () => {
  const ends = ["e1", "e2"].map((id, index) => node("END", id, { inputs: [input("r", direct(`v${index}`))] }));
  const subWorkflow = { workflowNodes: [START, ...ends], workflowEdges: [edge("start", "e1"), edge("start", "e2")] };
  const native = loop({}, { subWorkflow, outputs: [output("r", "ARRAY_STRING")] });
  assert.deepEqual(native["collect"], { r: '{{ coalesce("v0", "v1") }}' });
});

test("a batch takes how many at once, and what a failing item means, from our own members", () => {
  const batch = container("BATCH", "b", [next()], {}, { millrace: { concurrency: 3, onItemError: "drop", retry: { maxAttempts: 2 } } });
  const native = nodeOf(importJson(chain([batch])), "b");
  assert.deepEqual([native["concurrency"], native["onItemError"], native.retry], [3, "drop", { maxAttempts: 2 }]);
  const plain = nodeOf(importJson(chain([container("BATCH", "b", [next()])])), "b");
  assert.deepEqual([plain["concurrency"], plain["onItemError"], plain.retry], [undefined, undefined, undefined]);
});

test("nodes that end an iteration, and a body's END, have their native types", () => {
  const kinds = ["NEXT_LOOP", "CONTINUE", "BREAK"].map((type, index) => node(type, `k${index}`));
  const subWorkflow = {
    workflowNodes: [START, ...kinds, node("END", "e")],
    workflowEdges: ["k0", "k1", "k2", "e"].map((id) => edge("start", id)),
  };
  const body = loop({}, { subWorkflow })["body"] as unknown as { nodes: readonly WorkflowNode[]; edges: readonly string[] };
  assert.deepEqual(
    body.nodes.map(({ type }) => type),
    ["start", "next", "continue", "break", "next"],
  );
  assert.deepEqual(body.edges, ["start_2 -> k0", "start_2 -> k1", "start_2 -> k2", "start_2 -> e"]);
  assert.equal(body.nodes[0]?.["input"], undefined);
});

test("an assignment names its variable in any of the ways that are read", () => {
  const lefts: readonly Json[] = ["v", "l#v#v", { name: "v" }, reference("l#v#v"), { value: "v" }, { source: "NODE", value: "l#other#v" }];
  for (const leftValue of lefts) {
    const set = node("SET_INTERMEDIATE_VARIABLE", "s", {
      setIntermediateVariableParam: { assignments: [{ leftValue, rightValue: direct("5", "NUMBER") }] },
    });
    const result = importJson(chain([container("LOOP", "l", [set, next()], { intermediateVariables: [variable("v")] })]));
    assert.deepEqual(result.warnings, [], JSON.stringify(leftValue));
    assert.deepEqual(nodeOf(result, "s")["assign"], { v: 5 });
  }
});

test("values are converted to the variable's type; the right side may lie beside the left", () => {
  const assignments = [
    { leftValue: "v", rightValue: reference("start#q#q") },
    { leftValue: "w", source: "DIRECT", value: "x" },
    { leftValue: "v", rightValue: "7" },
    { leftValue: "nope", rightValue: 1 },
  ];
  const set = node("SET_INTERMEDIATE_VARIABLE", "s", { setIntermediateVariableParam: { assignments } });
  const param = { intermediateVariables: [variable("v"), variable("w", { type: "STRING", value: "" })] };
  const result = importJson(chain([container("LOOP", "l", [set, next()], param)]));
  assert.deepEqual(nodeOf(result, "s")["assign"], { v: 7, w: "x", nope: 1 });
});

test("an outer variable can be set where the inner loop has one of the same name", () => {
  const set = (left: string) =>
    node("SET_INTERMEDIATE_VARIABLE", "s", {
      setIntermediateVariableParam: { assignments: [{ leftValue: left, rightValue: direct("1", "NUMBER") }] },
    });
  const assigned = (left: string) => {
    const inner = container("LOOP", "inner", [set(left), next("m")], { intermediateVariables: [variable("v")] });
    const result = importJson(chain([container("LOOP", "outer", [inner, next()], { intermediateVariables: [variable("v")] })]));
    assert.deepEqual(codes(result.warnings), []);
    return nodeOf(result, "s")["assign"];
  };
  assert.deepEqual(assigned("v"), { v_2: 1 });
  assert.deepEqual(assigned("outer#v#v"), { v: 1 });
});
