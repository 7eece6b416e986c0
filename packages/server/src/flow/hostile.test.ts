import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { importFlow } from "#flow/import";
import { MAX_BODY_DEPTH, MAX_NAME_CHARS } from "#flow/limits";
import {
  chain,
  codes,
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
  START,
} from "#flow/testing/flows";

/** Bodies within bodies, as text: the objects themselves would be too deep for JSON.stringify. */
function nested(depth: number): string {
  const inner = JSON.stringify([START, node("NEXT_LOOP", "n")]);
  const edges = JSON.stringify([edge("start", "n")]);
  const open = `[${JSON.stringify(START)},${JSON.stringify(node("BATCH", "b", { batchParam: {} })).slice(0, -1)},"subWorkflow":{"workflowNodes":`;
  const close = `,"workflowEdges":${JSON.stringify([edge("start", "b"), edge("b", "n")])}}},${JSON.stringify(node("NEXT_LOOP", "n"))}]`;
  const first = `,"workflowEdges":${edges}}},${JSON.stringify(node("NEXT_LOOP", "n"))}]`;
  const bodies = depth === 0 ? inner : `${open.repeat(depth)}${inner}${first}${close.repeat(depth - 1)}`;
  const top = JSON.stringify(flow([], [edge("start", "b"), edge("b", "n"), edge("start", "end")]));
  return top.replace('"workflowNodes":[]', `"workflowNodes":${bodies.slice(0, -1)},${JSON.stringify(END)}]`);
}

test("64 bodies within each other are imported, 65 are not, 5,000 are no harm", () => {
  const deepest = importFlow(nested(MAX_BODY_DEPTH));
  assert.deepEqual(deepest.faults, []);
  assert.equal(JSON.stringify(deepest.document).length > 0, true);
  const path = `$.workflow${".workflowNodes[1].subWorkflow".repeat(MAX_BODY_DEPTH + 1)}`;
  assert.deepEqual(codes(importFlow(nested(MAX_BODY_DEPTH + 1)).faults), [`MR_DEPTH ${path}`]);
  assert.deepEqual(codes(importFlow(nested(5_000)).faults), ["MR_DEPTH $"]);
});

test("nesting of any depth is read without the stack", () => {
  assert.deepEqual(codes(importFlow(`{"a":${"[".repeat(5_000_000)}${"]".repeat(5_000_000)}}`).faults), ["MR_DEPTH $"]);
  assert.deepEqual(codes(importFlow("[".repeat(5_000_000)).faults), ["MR_DEPTH $"]);
});

test("100,000 nodes are refused as they are; so many as fit a file's values are checked, and refused", () => {
  const most = Array.from({ length: 100_000 }, (_, index) => join(`n${index}`, ""));
  assert.deepEqual(codes(importJson(chain(most)).faults), ["L0_SIZE $"]);
  const nodes = Array.from({ length: 40_000 }, (_, index) => join(`n${index}`, ""));
  assert.deepEqual(codes(importJson(chain(nodes)).faults), ["MR_DEPTH $.workflow"]);
  const bodies = Array.from({ length: 60_000 }, (_, index) => node("BATCH", `n${index}`, { batchParam: {}, subWorkflow: {} }));
  const { faults } = importJson(chain(bodies));
  assert.equal(faults.filter(({ code }) => code === "WF_NO_NODES").length, 60_000);
});

test("cycles of any length are found", () => {
  const ring = Array.from({ length: 50_000 }, (_, index) => join(`n${index}`, ""));
  const edges = ring.map((_, index) => edge(`n${index}`, `n${(index + 1) % ring.length}`));
  const { faults } = importJson(flow([START, ...ring, END], [edge("start", "n0"), ...edges, edge("n5", "end")]));
  assert.deepEqual(codes(faults), ["MR_DEPTH $.workflow", "WF_CYCLE $.workflow"]);
});

test("a dense graph with an output of one name everywhere stays small", () => {
  const nodes = Array.from({ length: 600 }, (_, index) => join(`n${index}`, index === 599 ? "{{t}}" : "", { outputs: [output("t")] }));
  const edges = nodes.flatMap((_, from) => nodes.slice(from + 1).map((_, offset) => edge(`n${from}`, `n${from + 1 + offset}`)));
  const result = importJson(flow([START, ...nodes, END], [edge("start", "n0"), ...edges, edge("n599", "end")]));
  assert.deepEqual(result.faults, []);
  assert.match(String(nodeOf(result, "n599")["text"]), /^\{\{ convert\(coalesce|^\{\{ coalesce\(n598\.t, n597\.t/);
});

test("huge texts and names are carried, and looked up in bounded time", () => {
  const dots = "a.".repeat(1_000_000);
  const result = importJson(
    chain([
      join("a", `{{${dots}}}${"{{x}}".repeat(100_000)}${"{".repeat(1_000_000)}`, {
        inputs: [input("i", reference(`start#${dots}#none`)), input("j", direct("\\{{".repeat(1_000_000)))],
      }),
      join("b".repeat(1_000_000), ""),
    ]),
  );
  assert.deepEqual(result.faults, []);
  assert.equal(String(nodeOf(result, "a")["text"]).startsWith("\\{{a.a."), true);
});

test("a name of the longest length is looked up, a longer one is not", () => {
  const long = "n".repeat(MAX_NAME_CHARS);
  const text = (name: string) =>
    nodeOf(importJson(chain([join("a", `-{{${name}}}`, { inputs: [input(name, direct("x"))] })])), "a")["text"];
  assert.equal(text(long), `-{{ inputs.${long} }}`);
  assert.equal(text(`${long}n`), `-\\{{${long}n}}`);
});

const WRONG: readonly Json[] = [
  null,
  true,
  0,
  -1.5,
  "",
  " ",
  "x",
  "a#b#c",
  "{{q}}",
  [],
  [null],
  [[]],
  {},
  { value: null },
  { source: 5, value: {} },
];

/** Every file that differs from `value` in one place, where it has one of the wrong values. */
function* mutations(value: Json): Generator<Json> {
  yield* WRONG;
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries())
      for (const changed of mutations(item)) yield value.with(index, changed);
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    for (const changed of mutations(item)) yield { ...value, [name]: changed };
    yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
  }
}

const PARAMS: { readonly [type: string]: JsonObject } = {
  LLM: {
    llmParam: {
      chatModelVersionId: "m",
      userPrompt: "{{q}}",
      systemPrompt: "s",
      temperature: 1,
      maxTokens: 1,
      shortTermMemory: true,
      responseFormat: "JSON",
      plugins: [{ pluginId: "p", auth: {} }],
    },
  },
  AUDIO_LLM: { audioLlmParam: { chatModelVersionId: "m", voice: "v", userPrompt: "{{q}}" } },
  INTENT: { intentParam: { chatModelVersionId: "m", query: "{{q}}", intents: [{ sourceHandle: "source-a", value: "x" }] } },
  CODE: { codeParam: { language: "JS", code: "return 1" } },
  HTTP: {
    httpParam: {
      request: {
        url: "https://x.example/{{q}}",
        method: "POST",
        headers: [{ name: "a", value: "{{q}}" }],
        params: { b: "{{q}}" },
        body: { type: "JSON", value: '{"a":"{{q}}"}' },
        timeout: 5,
      },
      authentication: { token: "t" },
    },
  },
  DATASET: { datasetParam: { query: "start#q#q", dataGroupIds: ["g"], topK: 1 } },
  DATABASE: { databaseParam: { sqlQuery: "SELECT '{{q}}'", databaseIds: ["d"], databaseTableIds: ["t"] } },
  TOOL_API: { toolApiParam: { toolId: "t", toolApiId: "o", url: "u", inputs: [input("x", direct("y"))], outputs: [] } },
  FILE_PARSE: { fileParseParam: { parseMode: "DEFAULT" } },
  TEXT_PROCESS: { textProcessParam: { mode: "SPLIT", splitTarget: reference("start#q#q"), delimiters: [","], joinText: "{{q}}" } },
  VARIABLE_AGGREGATE: {
    variableAggregateParam: { strategy: "FIRST_NON_NULL", groups: [{ groupName: "r", groupType: "STRING", variables: [direct("x")] }] },
  },
  SET_INTERMEDIATE_VARIABLE: { setIntermediateVariableParam: { assignments: [{ leftValue: "v", rightValue: direct("1") }] } },
  CONDITION: {
    conditionParam: { conditionBranches: [{ type: "ELSE", priority: 1, sourceHandle: "source-a", logicOperator: "OR", conditions: [] }] },
  },
  COMMENT: { commentParam: { content: "c" } },
};

const OPTIONS = {
  pluginKnown: () => false,
  dataGroupKnown: () => false,
  databaseKnown: () => false,
  databaseTableKnown: () => false,
  modelKnown: () => false,
  toolKnown: () => false,
  env: { a: 1 },
};

for (const [type, param] of Object.entries(PARAMS)) {
  test(`${type}: a wrong JSON type in any one field never throws`, () => {
    const millrace = { retry: {}, onError: { do: "branch" }, timeoutMs: 1 };
    const one = node(type, "a", {
      ...param,
      inputs: [input("i", reference("start#q#q"))],
      outputs: [output("o", "OBJECT"), output("body")],
      millrace,
    });
    let imported = 0;
    for (const changed of mutations(one)) {
      const file = chain([one]) as { readonly workflow: JsonObject };
      const nodes = file.workflow["workflowNodes"] as Json[];
      const { document, faults } = importJson({ ...file, workflow: { ...file.workflow, workflowNodes: nodes.with(1, changed) } }, OPTIONS);
      assert.equal(document === null, faults.length > 0);
      if (document) imported += JSON.stringify(document).length > 0 ? 1 : 0;
    }
    assert.ok(imported > 0 || type === "COMMENT");
  });
}

for (const type of ["LOOP", "BATCH"] as const) {
  test(`${type}: a wrong JSON type in any one field never throws`, () => {
    const param = {
      loopType: "LIMITED_LOOP",
      limitedLoopCount: "{{q}}",
      intermediateVariables: [{ id: "v", name: "v", ...direct("1", "NUMBER") }],
    };
    const set = node("SET_INTERMEDIATE_VARIABLE", "s", {
      setIntermediateVariableParam: { assignments: [{ leftValue: "v", rightValue: reference("a#item#item") }] },
    });
    const one = container(type, "a", [set, node("END", "e", { inputs: [input("r", direct("1"))] })], param, {
      outputs: [output("r"), output("count")],
    });
    for (const changed of mutations(one)) {
      const file = chain([one]) as { readonly workflow: JsonObject };
      const nodes = file.workflow["workflowNodes"] as Json[];
      const { document, faults } = importJson({ ...file, workflow: { ...file.workflow, workflowNodes: nodes.with(1, changed) } }, OPTIONS);
      assert.equal(document === null, faults.length > 0);
    }
  });
}

test("a wrong JSON type beside the graph, or of it, never throws", () => {
  const millrace = { schema: 1, env: [{ name: "A", desc: "" }], strictInput: true };
  const file = chain([join("a", "{{env.A}}")], {
    logo: "l",
    introduction: "i",
    exportTime: 1,
    millrace,
    plugins: [{ auth: "s", headers: {} }],
    apiSecrets: ["s"],
  });
  for (const changed of mutations(file)) {
    const { document, faults } = importJson(changed);
    assert.equal(document === null, faults.length > 0);
  }
});
