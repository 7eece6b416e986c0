import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import {
  codes,
  condition,
  direct,
  END,
  edge,
  flow,
  importJson,
  join,
  node,
  nodeOf,
  output,
  reference,
  row,
  START,
} from "#flow/testing/flows";

function branch(type: string, handle: string, members: { readonly [name: string]: Json } = {}): JsonObject {
  return { type, sourceHandle: handle, logicOperator: "AND", conditions: [row(direct("a"), "eq", direct("b"))], ...members };
}

const file = (branches: readonly JsonObject[], handles: readonly string[]) =>
  flow(
    [START, node("CONDITION", "c", { conditionParam: { conditionBranches: branches } }), END],
    [edge("start", "c"), ...handles.map((handle) => edge("c", "end", handle))],
  );

const rowsOf = (conditions: readonly Json[]): Json => {
  const c = condition("c", conditions);
  const result = importJson(
    flow([START, c, END], [edge("start", "c"), edge("c", "end", "source-c-if"), edge("c", "end", "source-c-else")]),
  );
  const [first] = nodeOf(result, "c")["cases"] as { rows: Json }[];
  return first?.rows ?? null;
};

test("branches are tried by priority, ties as they stand, without priority last; ELSE is the port else", () => {
  const branches = [
    branch("IF", "last"),
    branch("ELSE", "otherwise", { priority: 0 }),
    branch("ELSE_IF", "five", { priority: 5 }),
    branch("IF", "one", { priority: "1" }),
    branch("ELSE_IF", "five2", { priority: 5 }),
  ];
  const result = importJson(file(branches, ["last", "otherwise", "five", "one", "five2"]));
  const cases = nodeOf(result, "c")["cases"] as readonly { port: string }[];
  assert.deepEqual(
    cases.map(({ port }) => port),
    ["one", "five", "five2", "last"],
  );
  assert.deepEqual(result.document?.edges, [
    "start -> c",
    "c.last -> end",
    "c.else -> end",
    "c.five -> end",
    "c.one -> end",
    "c.five2 -> end",
  ]);
});

test("ports come from handles, are identifiers, and differ", () => {
  const handles = ["source-c-if", "else", "9f-3", "条件", "if", "x.if", "out", "error"];
  const branches = handles.map((handle, index) => branch(index === 1 ? "ELSE" : "IF", handle));
  const { flow: kept } = nodeOf(importJson(file(branches, handles)), "c");
  assert.deepEqual((kept as JsonObject)["ports"], {
    if: "source-c-if",
    else: "else",
    case_3_9f_3: "9f-3",
    case_4: "条件",
    if_2: "if",
    x_if: "x.if",
    out_2: "out",
    error_2: "error",
  });
});

test("operators have one spelling; operands are literals in their type, or references", () => {
  assert.deepEqual(
    rowsOf([
      row(reference("start#q#q"), "Not Equals", direct("5", "NUMBER")),
      row(direct("x"), "length >=", direct("2", "INTEGER")),
      row(reference("start#q#q"), "HAS_NO_VALUE", null),
      row(direct("{{q}}"), "≥", direct('["a"]', "ARRAY_STRING")),
    ]),
    [
      { left: "{{ start.q }}", op: "neq", right: 5 },
      { left: "x", op: "length_gte", right: 2 },
      { left: "{{ start.q }}", op: "is_empty" },
      { left: "\\{{q}}", op: "gte", right: ["a"] },
    ],
  );
});

test("an operand that does not fit its type reads as null where conditions are evaluated, since it cannot be converted", () => {
  assert.deepEqual(rowsOf([row(direct("abc", "NUMBER"), "eq", direct("1", "NUMBER"))]), [
    { left: '{{ convert("abc", "number") }}', op: "eq", right: 1 },
  ]);
});

test("OR matches any row; what is wrong stays wrong for publishing to refuse", () => {
  const branches = [branch("IF", "a", { logicOperator: "or" }), branch("IF", "b", { conditions: [] }), branch("ELSE", "e")];
  assert.deepEqual(nodeOf(importJson(file(branches, ["a", "b", "e"])), "c")["cases"], [
    { port: "a", match: "any", rows: [{ left: "a", op: "eq", right: "b" }] },
    { port: "b", rows: [] },
  ]);
  assert.deepEqual(rowsOf([{ leftOperand: direct("a"), operator: "like" }]), [{ left: "a", op: "like" }]);
});

test("edges that are never taken are left out and kept aside; what only they lead to is a comment", () => {
  const c = condition("c", [row(direct("a"), "eq", direct("b"))]);
  const nodes = [START, c, join("d1", "x"), join("d2", "{{d1.t}}"), END];
  const never = [edge("c", "d1", "nowhere"), edge("d1", "d2"), edge("d2", "end")];
  const edges = [edge("start", "c"), edge("c", "end", "source-c-if"), edge("c", "end", "source-c-else"), ...never];
  const result = importJson(flow(nodes, edges));
  assert.deepEqual(codes(result.warnings), ["MR_EDGE_HANDLE $.workflow.workflowEdges[3].sourceHandle"]);
  assert.deepEqual(
    result.document?.nodes.map(({ type }) => type),
    ["start", "condition", "comment", "comment", "end"],
  );
  assert.deepEqual(result.document?.edges, ["start -> c", "c.if -> end", "c.else -> end"]);
  assert.deepEqual(
    result.document?.flow?.["ignoredEdges"],
    never.map((one, index) => ({ at: 3 + index, edge: one })),
  );
  const kept = (nodeOf(result, "d2").flow as { node: JsonObject }).node;
  assert.deepEqual(kept["textProcessParam"], { mode: "JOIN", joinText: "{{d1.t}}" });
});

test("a condition with ELSE alone has a case that never holds", () => {
  const result = importJson(file([branch("ELSE", "e")], ["e"]));
  assert.deepEqual(nodeOf(result, "c")["cases"], [{ port: "never", rows: [] }]);
  assert.deepEqual(result.document?.edges, ["start -> c", "c.else -> end"]);
});

test("outputs declared on a condition are null", () => {
  const c = condition("c", [row(direct("a"), "eq", direct("b"))], { outputs: [output("x")] });
  const result = importJson(
    flow([START, c, END], [edge("start", "c"), edge("c", "end", "source-c-if"), edge("c", "end", "source-c-else")]),
  );
  assert.deepEqual(nodeOf(result, "c").outputs, { x: { type: "string", value: "{{ null }}" } });
});

test("an intent has a port for each", () => {
  const intents = [
    { sourceHandle: "source-r-a", value: "wants {{money}}" },
    { sourceHandle: "h2", value: " Others " },
    { sourceHandle: "h3", value: "other" },
  ];
  const r = node("INTENT", "r", {
    intentParam: { chatModelVersionId: "m1", query: "start#q#q", intents },
    outputs: [output("first"), output("index", "INTEGER"), output("second")],
  });
  const result = importJson(
    flow([START, r, END], [edge("start", "r"), ...intents.map(({ sourceHandle }) => edge("r", "end", sourceHandle))]),
  );
  const { model, query, intents: native, outputs } = nodeOf(result, "r");
  assert.deepEqual(
    { model, query, native },
    {
      model: "m1",
      query: "{{ start.q }}",
      native: [
        { port: "a", text: "wants \\{{money}}" },
        { port: "h2", text: " Others " },
        { port: "h3", text: "other" },
      ],
    },
  );
  assert.deepEqual(outputs, {
    first: { type: "string", value: "{{ result.intent }}" },
    index: { type: "integer", value: "{{ result.index }}" },
    second: { type: "string", value: "{{ null }}" },
  });
  assert.deepEqual(result.document?.edges, ["start -> r", "r.a -> end", "r.h2 -> end", "r.h3 -> end"]);
});
