import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import { FLOW_CODES } from "#flow/codes";
import type { ImportOptions } from "#flow/options";
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
  input,
  join,
  node,
  nodeOf,
  output,
  reference,
  row,
  START,
} from "#flow/testing/flows";

const N = (index: number) => `$.workflow.workflowNodes[${index}]`;
const E = (index: number) => `$.workflow.workflowEdges[${index}]`;

interface Case {
  readonly code: string;
  readonly what: string;
  readonly file: Json;
  readonly path: string;
  readonly options?: ImportOptions;
}

const reads = (value: Json) => chain([join("a", "", { inputs: [input("i", { source: "NODE", type: "STRING", value })] })]);
const I = `${N(1)}.inputs[0].value`;
const code = (param: { readonly [name: string]: Json }) => chain([node("CODE", "a", { codeParam: { code: "return 1", ...param } })]);
const cond = (conditions: readonly Json[]) =>
  flow([START, condition("c", conditions), END], [edge("start", "c"), edge("c", "end", "source-c-if"), edge("c", "end", "source-c-else")]);
const ROW = `${N(1)}.conditionParam.conditionBranches[0].conditions`;
const intents = (list: readonly Json[], handles: readonly string[]) =>
  flow(
    [START, node("INTENT", "r", { intentParam: { chatModelVersionId: "m", query: "x", intents: list } }), END],
    [edge("start", "r"), ...handles.map((handle) => edge("r", "end", handle))],
  );
const llm = (param: { readonly [name: string]: Json }) =>
  chain([node("LLM", "a", { llmParam: { chatModelVersionId: "m", userPrompt: "x", ...param } })]);
const variable = (name: string) => ({ id: name, name, ...direct("0", "NUMBER") });
const assign = (id: string, left: Json) =>
  node("SET_INTERMEDIATE_VARIABLE", id, {
    setIntermediateVariableParam: { assignments: [{ leftValue: left, rightValue: direct("1", "NUMBER") }] },
  });
const next = (id: string) => node("NEXT_LOOP", id);
const inLoop = (type: "LOOP" | "BATCH", body: readonly (typeof START)[]) =>
  chain([container(type, "l", body, { intermediateVariables: [variable("v")] })]);
const BODY = (index: number) => `${N(1)}.subWorkflow.workflowNodes[${index}]`;
const parallel = (nodes: readonly (typeof START)[], edges: readonly Json[]) =>
  chain([
    node("LOOP", "l", {
      loopParam: { loopType: "LIMITED_LOOP", limitedLoopCount: 1, intermediateVariables: [variable("v")] },
      subWorkflow: { workflowNodes: [START, ...nodes], workflowEdges: edges },
    }),
  ]);

const CASES: readonly Case[] = [
  { code: "MR_REF_SYNTAX", what: "no #", file: reads("start"), path: I },
  { code: "MR_REF_SYNTAX", what: "one #", file: reads("start#q"), path: I },
  { code: "MR_REF_SYNTAX", what: "no text", file: reads(5), path: I },
  {
    code: "MR_REF_SYNTAX",
    what: "an environment variable without a name",
    file: chain([join("a", "", { inputs: [input("i", { source: "ENV", value: " " })] })]),
    path: I,
  },
  { code: "MR_REF_UNKNOWN", what: "no such node", file: reads("ghost#q#q"), path: I },
  { code: "MR_REF_UNKNOWN", what: "no such output", file: reads("start#nope#nope"), path: I },
  { code: "MR_REF_UNKNOWN", what: "a path with an empty step", file: reads("start#q.#x"), path: I },
  {
    code: "MR_REF_UNKNOWN",
    what: "no such global",
    file: chain([join("a", "", { inputs: [input("i", { source: "GLOBAL", value: "sys.moon" })] })]),
    path: I,
  },
  { code: "MR_REF_NOT_UPSTREAM", what: "itself", file: chain([join("a", "", { inputs: [input("i", reference("a#t#t"))] })]), path: I },
  {
    code: "MR_REF_NOT_UPSTREAM",
    what: "a later node",
    file: chain([join("a", "", { inputs: [input("i", reference("b#t#t"))] }), join("b", "")]),
    path: I,
  },
  {
    code: "MR_REF_NOT_UPSTREAM",
    what: "a node in a body",
    file: chain([container("BATCH", "l", [join("in", ""), next("n")]), join("a", "", { inputs: [input("i", reference("in#t#t"))] })]),
    path: `${N(2)}.inputs[0].value`,
  },
  {
    code: "MR_TEMPLATE_UNRESOLVED",
    what: "a name that means nothing",
    file: chain([join("a", "{{nope}}")]),
    path: `${N(1)}.textProcessParam.joinText`,
  },
  {
    code: "MR_TYPE_UNKNOWN",
    what: "an output",
    file: chain([join("a", "", { outputs: [output("t", "MATRIX")] })]),
    path: `${N(1)}.outputs[0].type`,
  },
  {
    code: "MR_TYPE_UNKNOWN",
    what: "an operand",
    file: cond([row(direct("a", "MATRIX"), "eq", direct("a"))]),
    path: `${ROW}[0].leftOperand.type`,
  },
  { code: "MR_NAME", what: "no identifier", file: chain([join("a", "", { outputs: [output("a-b")] })]), path: `${N(1)}.outputs[0].name` },
  { code: "MR_NAME", what: "no name", file: chain([join("a", "", { inputs: [direct("x")] })]), path: `${N(1)}.inputs[0].name` },
  {
    code: "MR_BRANCH_HANDLE",
    what: "no handle",
    file: intents([{ sourceHandle: "h", value: "a" }, { value: "b" }], ["h"]),
    path: `${N(1)}.intentParam.intents[1].sourceHandle`,
  },
  {
    code: "MR_BRANCH_HANDLE",
    what: "two with one handle",
    file: intents(
      [
        { sourceHandle: "h", value: "a" },
        { sourceHandle: "h", value: "b" },
      ],
      ["h"],
    ),
    path: `${N(1)}.intentParam.intents[1].sourceHandle`,
  },
  {
    code: "MR_EDGE_HANDLE",
    what: "a handle of no branch",
    file: intents([{ sourceHandle: "h", value: "a" }], ["h", "other"]),
    path: `${E(2)}.sourceHandle`,
  },
  { code: "MR_COND_OPERATOR", what: "unknown", file: cond([row(direct("a"), "resembles", direct("a"))]), path: `${ROW}[0].operator` },
  {
    code: "MR_COND_OPERATOR",
    what: "none",
    file: cond([{ leftOperand: direct("a"), rightOperand: direct("a") }]),
    path: `${ROW}[0].operator`,
  },
  { code: "MR_COND_SHAPE", what: "no right operand", file: cond([{ leftOperand: direct("a"), operator: "eq" }]), path: `${ROW}[0]` },
  { code: "MR_COND_SHAPE", what: "no left operand", file: cond([{ operator: "is_empty", rightOperand: direct("a") }]), path: `${ROW}[0]` },
  { code: "MR_COND_SHAPE", what: "a branch without conditions", file: cond([]), path: ROW },
  { code: "MR_CODE_LANGUAGE", what: "Python without a runtime", file: code({ language: "PYTHON" }), path: `${N(1)}.codeParam.language` },
  { code: "MR_CODE_SYNTAX", what: "an unclosed brace", file: code({ code: "function main() {" }), path: `${N(1)}.codeParam.code` },
  { code: "MR_CODE_SYNTAX", what: "nested beyond the parser", file: code({ code: "(".repeat(100_000) }), path: `${N(1)}.codeParam.code` },
  {
    code: "MR_CONTROL_OUTSIDE",
    what: "at the top",
    file: flow([START, next("n"), END], [edge("start", "n"), edge("start", "end")]),
    path: N(1),
  },
  { code: "MR_CONTROL_OUTSIDE", what: "BREAK in a BATCH", file: chain([container("BATCH", "l", [node("BREAK", "b")])]), path: BODY(1) },
  {
    code: "MR_CONTROL_PARALLEL",
    what: "one of two parallel paths ends the iteration",
    file: parallel([next("n"), node("END", "e")], [edge("start", "n"), edge("start", "e")]),
    path: `${N(1)}.subWorkflow.workflowNodes[1]`,
  },
  {
    code: "MR_CONTROL_OUT",
    what: "an edge behind NEXT_LOOP",
    file: inLoop("LOOP", [next("n"), node("END", "e")]),
    path: `${N(1)}.subWorkflow.workflowEdges[1]`,
  },
  {
    code: "MR_SIV_TARGET",
    what: "unknown",
    file: inLoop("LOOP", [assign("s", "w"), next("n")]),
    path: `${BODY(1)}.setIntermediateVariableParam.assignments[0].leftValue`,
  },
  {
    code: "MR_SIV_TARGET",
    what: "outside a LOOP",
    file: chain([assign("s", "v")]),
    path: `${N(1)}.setIntermediateVariableParam.assignments[0].leftValue`,
  },
  {
    code: "MR_SIV_TARGET",
    what: "across a BATCH",
    file: inLoop("LOOP", [container("BATCH", "b", [assign("s", "v"), next("n")]), next("m")]),
    path: `${BODY(1)}.subWorkflow.workflowNodes[1].setIntermediateVariableParam.assignments[0].leftValue`,
  },
  {
    code: "MR_SIV_RACE",
    what: "two paths side by side",
    file: parallel(
      [assign("s", "v"), assign("t", "v"), next("n")],
      [edge("start", "s"), edge("start", "t"), edge("s", "n"), edge("t", "n")],
    ),
    path: BODY(2),
  },
  {
    code: "MR_LOOP_OUTPUT",
    what: "nothing fills it",
    file: chain([container("BATCH", "l", [next("n")], {}, { outputs: [output("x")] })]),
    path: `${N(1)}.outputs[0]`,
  },
  {
    code: "MR_ENV_UNDEFINED",
    what: "a variable",
    file: chain([join("a", "", { inputs: [input("i", { source: "ENV", value: "KEY" })] })]),
    path: I,
  },
  {
    code: "MR_ENV_UNDEFINED",
    what: "a template",
    file: chain([join("a", "{{env.KEY}}")]),
    path: `${N(1)}.textProcessParam.joinText`,
    options: { env: {} },
  },
  {
    code: "MR_TOOL_UNKNOWN",
    what: "blank",
    file: chain([node("TOOL_API", "a", { toolApiParam: {} })]),
    path: `${N(1)}.toolApiParam.toolId`,
  },
  {
    code: "MR_TOOL_UNKNOWN",
    what: "not registered",
    file: chain([node("TOOL_API", "a", { toolApiParam: { toolId: "t", toolApiId: "op" } })]),
    path: `${N(1)}.toolApiParam.toolId`,
    options: { toolKnown: () => false },
  },
  { code: "MR_BACKFILLED", what: "no model", file: llm({ chatModelVersionId: "" }), path: `${N(1)}.llmParam.chatModelVersionId` },
  { code: "MR_NO_EFFECT", what: "memory", file: llm({ shortTermMemory: true }), path: `${N(1)}.llmParam.shortTermMemory` },
  {
    code: "MR_STRIPPED",
    what: "credentials of a request",
    file: chain([node("HTTP", "a", { httpParam: { request: { url: "https://x.example" }, authentication: { token: "s" } } })]),
    path: `${N(1)}.httpParam.authentication`,
  },
  {
    code: "MR_STRIPPED",
    what: "credentials inside a request",
    file: chain([node("HTTP", "a", { httpParam: { request: { url: "https://x.example", authentication: { token: "s" } } } })]),
    path: `${N(1)}.httpParam.request.authentication`,
  },
  {
    code: "MR_STRIPPED",
    what: "a plugin",
    file: llm({ plugins: [{ pluginId: "p" }] }),
    path: `${N(1)}.llmParam.plugins[0]`,
    options: { pluginKnown: () => false },
  },
  {
    code: "MR_STRIPPED",
    what: "a plugin's credentials",
    file: llm({ plugins: [{ pluginId: "p", headers: { a: "s" } }] }),
    path: `${N(1)}.llmParam.plugins[0].headers`,
  },
  {
    code: "MR_STRIPPED",
    what: "a data group",
    file: chain([node("DATASET", "a", { datasetParam: { query: "x", dataGroupIds: ["here", "elsewhere"] } })]),
    path: `${N(1)}.datasetParam.dataGroupIds[1]`,
    options: { dataGroupKnown: (id) => id === "here" },
  },
  {
    code: "MR_STRIPPED",
    what: "a database table",
    file: chain([node("DATABASE", "a", { databaseParam: { sqlQuery: "SELECT 1", databaseIds: ["d"], databaseTableIds: ["t"] } })]),
    path: `${N(1)}.databaseParam.databaseTableIds[0]`,
    options: { databaseKnown: () => true, databaseTableKnown: () => false },
  },
];

for (const { code: expected, what, file, path, options } of CASES) {
  test(`${expected}: ${what}`, () => {
    const result = importJson(file, options);
    assert.deepEqual(result.faults, []);
    assert.deepEqual(codes(result.warnings), [`${expected} ${path}`]);
    assert.notEqual(result.document, null);
  });
}

test("an unknown model is named, and the default one bound beside it", () => {
  const result = importJson(llm({}), { modelKnown: () => false });
  const at = `${N(1)}.llmParam.chatModelVersionId`;
  assert.deepEqual(codes(result.warnings), [`MR_BACKFILLED ${at}`, `MR_MODEL_UNKNOWN ${at}`]);
  assert.equal(nodeOf(result, "a")["model"], undefined);
});

test("every code of ours that import can know is raised by a file here", () => {
  const raised = new Set([...CASES.map((one) => one.code), "MR_MODEL_UNKNOWN", "MR_DEPTH"]);
  assert.deepEqual(
    [...raised].sort(),
    Object.keys(FLOW_CODES)
      .filter((known) => known.startsWith("MR_"))
      .sort(),
  );
});

test("paths that a branch keeps apart do not race, and one after the other neither", () => {
  const apart = parallel(
    [condition("c", [row(direct("a"), "eq", direct("a"))]), assign("s", "v"), assign("t", "v"), next("n")],
    [edge("start", "c"), edge("c", "s", "source-c-if"), edge("c", "t", "source-c-else"), edge("s", "n"), edge("t", "n")],
  );
  assert.deepEqual(importJson(apart).warnings, []);
  assert.deepEqual(
    importJson(parallel([assign("s", "v"), assign("t", "v"), next("n")], [edge("start", "s"), edge("s", "t"), edge("t", "n")])).warnings,
    [],
  );
});

test("a way around the branch makes a race again", () => {
  const around = parallel(
    [condition("c", [row(direct("a"), "eq", direct("a"))]), assign("s", "v"), assign("t", "v"), next("n")],
    [
      edge("start", "c"),
      edge("start", "t"),
      edge("c", "s", "source-c-if"),
      edge("c", "t", "source-c-else"),
      edge("s", "n"),
      edge("t", "n"),
    ],
  );
  assert.deepEqual(codes(importJson(around).warnings), [`MR_SIV_RACE ${BODY(3)}`]);
});

test("a node that ends the iteration behind all parallel paths is no problem", () => {
  const joined = parallel(
    [join("a", ""), join("b", ""), next("n")],
    [edge("start", "a"), edge("start", "b"), edge("a", "n"), edge("b", "n")],
  );
  assert.deepEqual(importJson(joined).warnings, []);
});

test("known things bring no warning", () => {
  const options: ImportOptions = {
    toolKnown: () => true,
    modelKnown: () => true,
    pluginKnown: () => true,
    languageKnown: () => true,
    env: { KEY: "v" },
  };
  const nodes = [
    node("TOOL_API", "a", { toolApiParam: { toolId: "t", toolApiId: "op" } }),
    node("LLM", "b", { llmParam: { chatModelVersionId: "m", userPrompt: "{{env.KEY}}", plugins: [{ pluginId: "p" }] } }),
    node("CODE", "c", { codeParam: { code: "return 1", language: "PYTHON" } }),
  ];
  const result = importJson(chain(nodes), options);
  assert.deepEqual(result.warnings, []);
  assert.deepEqual(result.document?.env, { KEY: "v" });
});
