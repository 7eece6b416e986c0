import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { FLOW_CODES } from "#flow/codes";
import {
  chain,
  codes,
  condition,
  container,
  direct,
  END,
  edge,
  flow,
  importJson,
  join,
  node,
  output,
  row,
  START,
} from "#flow/testing/flows";

const N = (index: number) => `$.workflow.workflowNodes[${index}]`;
const E = (index: number) => `$.workflow.workflowEdges[${index}]`;
const P = "$.workflow";

interface Case {
  readonly code: string;
  readonly file: Json;
  /** All faults as `CODE path`; absent: `<code> <path>` alone. */
  readonly path?: string;
  readonly all?: readonly string[];
}

const without = (object: JsonObject, ...names: string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
const text = (members: { readonly [name: string]: Json } = {}) => join("a", "x", members);
const group = (members: { readonly [name: string]: Json } = {}) => ({
  groupName: "r",
  groupType: "STRING",
  variables: [direct("x")],
  ...members,
});
const aggregate = (param: { readonly [name: string]: Json }) =>
  chain([node("VARIABLE_AGGREGATE", "a", { variableAggregateParam: { strategy: "FIRST_NON_NULL", groups: [group()], ...param } })]);
const groups = (list: readonly Json[]) => aggregate({ groups: list });
const http = (url: Json) => chain([node("HTTP", "a", { httpParam: { request: { url } } })]);
const branching = (handles: readonly string[], edges: readonly JsonObject[]) =>
  flow(
    [START, condition("c", [row(direct("a"), "eq", direct("a"))]), text(), END],
    [edge("start", "c"), ...handles.map((handle) => edge("c", "a", handle)), ...edges, edge("a", "end")],
  );
const loop = (param: { readonly [name: string]: Json }) => chain([container("LOOP", "l", [node("NEXT_LOOP", "n")], param)]);
const set = (assignments: Json) => chain([node("SET_INTERMEDIATE_VARIABLE", "a", { setIntermediateVariableParam: { assignments } })]);
const body = (nodes: readonly Json[], edges: readonly Json[]) =>
  chain([node("BATCH", "b", { batchParam: { inputArrays: [] }, subWorkflow: { workflowNodes: nodes, workflowEdges: edges } })]);
const B = `${N(1)}.subWorkflow`;

const CASES: readonly Case[] = [
  { code: "WF_MISSING", file: flow([], [], { workflow: null }), path: P },
  { code: "WF_NO_NODES", file: flow([], []), path: `${P}.workflowNodes` },
  { code: "WF_NODE_OBJ", file: flow([START, END, 5], [edge("start", "end")]), path: N(2) },
  { code: "WF_NODE_ID", file: flow([START, END, text({ id: " " })], [edge("start", "end")]), path: `${N(2)}.id` },
  {
    code: "WF_NODE_ID_DUP",
    file: flow([START, text(), text({ name: "other" }), END], [edge("start", "a"), edge("a", "end")]),
    path: `${N(2)}.id`,
  },
  { code: "WF_NODE_TYPE", file: chain([text({ type: "" })]), path: `${N(1)}.type` },
  { code: "WF_NODE_TYPE_INVALID", file: chain([text({ type: "text_process" })]), path: `${N(1)}.type` },
  { code: "WF_NODE_NAME", file: chain([text({ name: "\t" })]), path: `${N(1)}.name` },
  { code: "WF_NODE_NAME_DUP", file: chain([join("a", "", { name: "n" }), join("b", "", { name: "n" })]), path: `${N(2)}.name` },
  { code: "WF_NODE_XY", file: chain([text({ y: null })]), path: N(1) },
  { code: "WF_PARAM_MISSING", file: chain([text({ textProcessParam: null })]), path: `${N(1)}.textProcessParam` },
  { code: "WF_HTTP_URL", file: http(""), path: `${N(1)}.httpParam.request.url` },
  { code: "WF_HTTP_INTERNAL_IP", file: http("http://10.1.2.3:80/x"), path: `${N(1)}.httpParam.request.url` },
  { code: "WF_CODE_EMPTY", file: chain([node("CODE", "a", { codeParam: { code: " " } })]), path: `${N(1)}.codeParam.code` },
  {
    code: "WF_COND_BRANCHES",
    file: chain([node("CONDITION", "a", { conditionParam: { conditionBranches: [] } })]),
    all: [`WF_COND_BRANCHES ${N(1)}.conditionParam.conditionBranches`, `WF_COND_ELSE ${N(1)}.conditionParam`],
  },
  {
    code: "WF_COND_ELSE",
    file: chain([node("CONDITION", "a", { conditionParam: { conditionBranches: [{ type: "IF", sourceHandle: "source-a" }] } })]),
    path: `${N(1)}.conditionParam`,
  },
  { code: "WF_INTENT_EMPTY", file: chain([node("INTENT", "a", { intentParam: {} })]), path: `${N(1)}.intentParam.intents` },
  { code: "WF_DB_SQL", file: chain([node("DATABASE", "a", { databaseParam: {} })]), path: `${N(1)}.databaseParam.sqlQuery` },
  { code: "WF_AGG_STRATEGY", file: aggregate({ strategy: "LAST" }), path: `${N(1)}.variableAggregateParam.strategy` },
  { code: "WF_AGG_NO_GROUP", file: groups([]), path: `${N(1)}.variableAggregateParam.groups` },
  {
    code: "WF_AGG_GROUPS",
    file: groups(Array.from({ length: 21 }, (_, index) => group({ groupName: `g${index}` }))),
    path: `${N(1)}.variableAggregateParam.groups`,
  },
  { code: "WF_AGG_GROUP_NAME", file: groups([group({ groupName: "1x" })]), path: `${N(1)}.variableAggregateParam.groups[0].groupName` },
  {
    code: "WF_AGG_GROUP_TYPE",
    file: groups([group({ groupType: null, variables: [{ source: "DIRECT", value: "x" }] })]),
    path: `${N(1)}.variableAggregateParam.groups[0].groupType`,
  },
  { code: "WF_AGG_GROUP_VARS", file: groups([group({ variables: [] })]), path: `${N(1)}.variableAggregateParam.groups[0].variables` },
  {
    code: "WF_AGG_VAR_TYPE",
    file: groups([group({ variables: [direct("1", "NUMBER")] })]),
    path: `${N(1)}.variableAggregateParam.groups[0].variables`,
  },
  { code: "WF_LOOP_INDEX_NAME", file: loop({ intermediateVariables: [{ name: "index", ...direct("") }] }), path: `${N(1)}.loopParam` },
  { code: "WF_LOOP_DUP_NAME", file: loop({ intermediateVariables: [{ name: "item", ...direct("") }] }), path: `${N(1)}.loopParam` },
  { code: "WF_SIV_NO_ASSIGN", file: set([]), path: `${N(1)}.setIntermediateVariableParam.assignments` },
  { code: "WF_SIV_LEFT", file: set([{ leftValue: null }]), path: `${N(1)}.setIntermediateVariableParam.assignments[0].leftValue` },
  { code: "WF_START_COUNT", file: flow([START, node("START", "s2"), END], [edge("start", "end"), edge("s2", "end")]), path: P },
  { code: "WF_END_COUNT", file: flow([START, END, node("END", "e2")], [edge("start", "end"), edge("start", "e2")]), path: P },
  { code: "WF_EDGE_OBJ", file: flow([START, END], [edge("start", "end"), null]), path: E(1) },
  { code: "WF_EDGE_ID", file: flow([START, END], [{ ...edge("start", "end"), id: null }]), path: `${E(0)}.id` },
  { code: "WF_EDGE_ID_DUP", file: flow([START, END], [edge("start", "end"), edge("start", "end")]), path: `${E(1)}.id` },
  {
    code: "WF_EDGE_FIELD",
    file: flow([START, END], [without({ ...edge("start", "end"), sourceHandle: " " }, "targetHandle")]),
    all: [`WF_EDGE_FIELD ${E(0)}.sourceHandle`, `WF_EDGE_FIELD ${E(0)}.targetHandle`],
  },
  { code: "WF_EDGE_SRC", file: flow([START, END], [edge("start", "end"), edge("ghost", "end")]), path: `${E(1)}.sourceNodeID` },
  { code: "WF_EDGE_TGT", file: flow([START, END], [edge("start", "end"), edge("start", "ghost")]), path: `${E(1)}.targetNodeID` },
  {
    code: "WF_EDGE_SELF",
    file: flow([START, text(), END], [edge("start", "a"), edge("a", "a"), edge("a", "end")]),
    all: [`WF_CYCLE ${P}`, `WF_EDGE_SELF ${E(1)}`],
  },
  {
    code: "WF_START_IN",
    file: flow([START, text(), END], [edge("start", "a"), edge("a", "start"), edge("a", "end")]),
    all: [`WF_CYCLE ${P}`, `WF_START_IN ${P}`],
  },
  { code: "WF_START_OUT", file: flow([START, END], []), all: [`WF_END_IN ${P}`, `WF_START_OUT ${P}`] },
  {
    code: "WF_END_OUT",
    file: flow([START, END, node("NEXT_LOOP", "n")], [edge("start", "end"), edge("end", "n")]),
    path: P,
  },
  {
    code: "WF_END_IN",
    file: flow([START, node("NEXT_LOOP", "n"), END], [edge("start", "n")]),
    path: P,
  },
  {
    code: "WF_COMMENT_EDGE",
    file: flow([START, node("COMMENT", "c", { commentParam: {} }), END], [edge("start", "end"), edge("start", "c")]),
    path: P,
  },
  { code: "WF_NODE_NO_IN", file: flow([START, text(), END], [edge("start", "end"), edge("a", "end")]), path: P },
  { code: "WF_NODE_NO_OUT", file: flow([START, text(), END], [edge("start", "end"), edge("start", "a")]), path: P },
  { code: "WF_COND_NOT_CONNECTED", file: branching(["source-c-if"], []), path: P },
  {
    code: "WF_INTENT_NOT_CONNECTED",
    file: chain([node("INTENT", "a", { intentParam: { intents: [{ sourceHandle: "source-a-x", value: "x" }] } })]),
    path: P,
  },
  {
    code: "WF_CYCLE",
    file: flow([START, text(), join("b", ""), END], [edge("start", "a"), edge("a", "b"), edge("b", "a"), edge("b", "end")]),
    path: P,
  },
  { code: "WF_SUBWORKFLOW", file: chain([node("LOOP", "l", { loopParam: {}, subWorkflow: [] })]), path: `${N(1)}.subWorkflow` },
  // The rules hold in bodies too, with the path of the body.
  { code: "WF_NO_NODES", file: body([], []), path: `${B}.workflowNodes` },
  { code: "WF_START_COUNT", file: body([node("NEXT_LOOP", "n")], []), all: [`WF_NODE_NO_IN ${B}`, `WF_START_COUNT ${B}`] },
  { code: "WF_END_IN", file: body([START, node("NEXT_LOOP", "n"), END], [edge("start", "n")]), path: B },
  { code: "WF_NODE_OBJ", file: body([START, null, node("NEXT_LOOP", "n")], [edge("start", "n")]), path: `${B}.workflowNodes[1]` },
];

for (const { code, file, path, all } of CASES) {
  test(`${code} ${path ?? "with what it implies"}`, () => {
    const result = importJson(file);
    assert.deepEqual(codes(result.faults), all ?? [`${code} ${path}`]);
    assert.equal(result.document, null);
  });
}

test("every WF code has a file that raises it", () => {
  const raised = new Set(CASES.map(({ code }) => code));
  const known = Object.keys(FLOW_CODES).filter((code) => code.startsWith("WF_"));
  assert.equal(known.length, 49);
  assert.deepEqual([...raised].sort(), known.sort());
});

test("faults of one file are all reported, each with the node that it is about", () => {
  const { faults } = importJson(flow([START, text({ name: "", x: null, textProcessParam: null }), END], [edge("start", "end")]));
  assert.deepEqual(codes(faults), [
    `WF_NODE_NAME ${N(1)}.name`,
    `WF_NODE_NO_IN ${P}`,
    `WF_NODE_NO_OUT ${P}`,
    `WF_NODE_XY ${N(1)}`,
    `WF_PARAM_MISSING ${N(1)}.textProcessParam`,
  ]);
  assert.ok(faults.every(({ nodeId }) => nodeId === "a"));
});

test("a body of several ENDs, and one of none, is no fault", () => {
  const ends = [START, node("END", "e1"), node("END", "e2")];
  assert.deepEqual(importJson(body(ends, [edge("start", "e1"), edge("start", "e2")])).faults, []);
  assert.deepEqual(importJson(body([START, node("NEXT_LOOP", "n")], [edge("start", "n")])).faults, []);
});

test("an absent or null endParam is tolerated; a param that is no object has no members", () => {
  assert.deepEqual(importJson(flow([START, node("END", "end")], [edge("start", "end")])).faults, []);
  assert.deepEqual(codes(importJson(chain([node("CODE", "a", { codeParam: 5 })])).faults), [`WF_CODE_EMPTY ${N(1)}.codeParam.code`]);
});

test("numbers are read as ids by their decimal digits", () => {
  const file = flow(
    [
      { ...START, id: 1 },
      { ...END, id: 2 },
    ],
    [{ ...edge("1", "2"), id: 7, sourceNodeID: 1, targetNodeID: 2 }],
  );
  assert.deepEqual(importJson(file).faults, []);
  const twice = flow(
    [
      { ...START, id: 1 },
      { ...END, id: "1" },
    ],
    [],
  );
  assert.ok(codes(importJson(twice).faults).includes(`WF_NODE_ID_DUP ${N(1)}.id`));
});

test("twenty groups of ten variables are allowed, eleven variables are not", () => {
  const variables = (count: number) => Array.from({ length: count }, () => direct("x"));
  const twenty = Array.from({ length: 20 }, (_, index) => group({ groupName: `g${index}`, variables: variables(10) }));
  assert.deepEqual(importJson(groups(twenty)).faults, []);
  assert.deepEqual(codes(importJson(groups([group({ variables: variables(11) })])).faults), [
    `WF_AGG_GROUP_VARS ${N(1)}.variableAggregateParam.groups[0].variables`,
  ]);
});

test("a second nameless loop variable counts as a double name; a batch has no intermediate variables", () => {
  assert.deepEqual(codes(importJson(loop({ intermediateVariables: [{ type: "STRING" }, { name: null }] })).faults), [
    `WF_LOOP_DUP_NAME ${N(1)}.loopParam`,
  ]);
  const batch = container("BATCH", "b", [node("NEXT_LOOP", "n")], { intermediateVariables: [{ name: "item" }, { name: "index" }] });
  assert.deepEqual(importJson(chain([batch])).faults, []);
});

test("a branch without a handle needs no edge", () => {
  const file = chain([
    node("INTENT", "a", {
      intentParam: {
        intents: [
          { sourceHandle: "", value: "x" },
          { sourceHandle: "source-a", value: "y" },
        ],
      },
    }),
  ]);
  assert.deepEqual(importJson(file).faults, []);
});

const INTERNAL = [
  "localhost",
  "LOCALHOST:8080",
  "0.0.0.0",
  "127.9.9.9",
  "10.0.0.1",
  "192.168.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "169.254.169.254",
  "::1",
];
const NOT_SEEN = [
  "example.com",
  "172.15.0.1",
  "172.32.0.1",
  "11.0.0.1",
  "192.169.0.1",
  "[::1]",
  "user@127.0.0.1",
  "localhost.example.com",
  "{{host}}",
];

test("internal hosts are refused; what the vendor's check does not see is left to the egress guard", () => {
  for (const host of INTERNAL) assert.equal(importJson(http(`http://${host}/x?y`)).faults.length, 1, host);
  for (const host of NOT_SEEN) assert.deepEqual(importJson(http(`http://${host}/x`)).faults, [], host);
});

test("a host that the server's operator allows is a warning", () => {
  const asked: string[] = [];
  const egressAllow = (host: string) => asked.push(host) > 0;
  const result = importJson(http("http://LocalHost:9000/hook"), { egressAllow });
  assert.deepEqual(result.faults, []);
  assert.deepEqual(codes(result.warnings), [`WF_HTTP_INTERNAL_IP ${N(1)}.httpParam.request.url`]);
  assert.deepEqual(asked, ["localhost"]);
  assert.notEqual(result.document, null);
});

test("types of groups are compared as they are spelled", () => {
  assert.deepEqual(importJson(groups([group({ groupType: "Text", variables: [direct("x", "Text")] })])).faults, []);
  assert.equal(importJson(groups([group({ groupType: "Text", variables: [direct("x", "STRING")] })])).faults.length, 1);
});

test("outputs declared on any node do not change the graph checks", () => {
  assert.deepEqual(importJson(chain([text({ outputs: [output("t"), output("t")] })])).faults, []);
});
