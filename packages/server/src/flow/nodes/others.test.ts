import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject, WorkflowNode } from "@millrace/contract";
import { chain, direct, END, edge, flow, importJson, input, join, node, nodeOf, output, reference, START } from "#flow/testing/flows";

type Members = { readonly [member: string]: Json };

function native(type: string, param: Members, members: Members = {}): WorkflowNode {
  const names: Members = {
    LLM: "llmParam",
    AUDIO_LLM: "audioLlmParam",
    CODE: "codeParam",
    DATASET: "datasetParam",
    DATABASE: "databaseParam",
    TOOL_API: "toolApiParam",
    FILE_PARSE: "fileParseParam",
    TEXT_PROCESS: "textProcessParam",
    VARIABLE_AGGREGATE: "variableAggregateParam",
    COMMENT: "commentParam",
  };
  return nodeOf(importJson(chain([node(type, "a", { [String(names[type])]: param, ...members })])), "a");
}

/** The node's config and outputs, without what every node has. */
function core({ id: _id, type, name: _name, flow: _flow, ...members }: WorkflowNode) {
  return { type, ...members };
}

test("START becomes the schema of the input, in the order of the file", () => {
  const outputs = [
    output("s", "STRING", { required: true, desc: "a {{text}}" }),
    output("n", "Number"),
    output("i", "LONG", { required: false }),
    output("l", "ARRAY_FILE_IMAGE", { required: true }),
    output("f", "File(Doc)"),
    output("o", "OBJECT"),
    output("x", "MATRIX"),
    output("any", "ARRAY"),
  ];
  const result = importJson(flow([node("START", "start", { outputs }), END], [edge("start", "end")]));
  assert.deepEqual(core(nodeOf(result, "start")), {
    type: "start",
    input: {
      type: "object",
      properties: {
        s: { type: "string", description: "a {{text}}" },
        n: { type: "number" },
        i: { type: "integer" },
        l: { type: "array", items: { "x-file": "image" } },
        f: { "x-file": "doc" },
        o: { type: "object" },
        x: {},
        any: { type: "array" },
      },
      required: ["s", "l"],
    },
  });
});

test("END gives an object with a member per input, or a text", () => {
  const end = (members: Members) => core(nodeOf(importJson(flow([START, node("END", "end", members)], [edge("start", "end")])), "end"));
  const inputs = [input("b", reference("start#q#q", "NUMBER")), input("a", direct("x"))];
  assert.deepEqual(end({ inputs, endParam: { outputType: "VARIABLE" } }), {
    type: "end",
    output: { b: '{{ convert(start.q, "number") }}', a: "x" },
  });
  assert.deepEqual(end({ outputs: [output("o", "STRING", { source: "NODE", value: "start#q#q" }), output("p")], endParam: {} }), {
    type: "end",
    output: { o: "{{ start.q }}" },
  });
  assert.deepEqual(end({}), { type: "end", output: {} });
  assert.deepEqual(end({ inputs, endParam: { outputText: "{{a}}!" } }), {
    type: "end",
    inputs: { b: '{{ convert(start.q, "number") }}', a: "x" },
    text: "{{ inputs.a }}!",
  });
  assert.deepEqual(end({ endParam: { outputType: "TEXT" } }), { type: "end", text: "" });
});

test("CODE keeps its source as it is; a single output may take what is no object", () => {
  const outputs = [output("r", "NUMBER")];
  assert.deepEqual(core(native("CODE", { code: "return `{{x}}`" }, { outputs, inputs: [input("q", reference("start#q#q"))] })), {
    type: "code",
    inputs: { q: "{{ start.q }}" },
    language: "javascript",
    code: "return `{{x}}`",
    wrap: "r",
    outputs: { r: { type: "number", value: "{{ result.r }}" } },
  });
  assert.deepEqual(core(native("CODE", { code: "x", language: "PYTHON" }, { outputs: [output("a"), output("b-c", "")] })), {
    type: "code",
    language: "python",
    code: "x",
    outputs: { a: { type: "string", value: "{{ result.a }}" }, "b-c": { value: '{{ result["b-c"] }}' } },
  });
});

test("a single output of another name takes the value by it, or as it is returned", () => {
  const { wrap, outputs } = native("CODE", { code: "return 1" }, { outputs: [output("a-b", "NUMBER")] });
  assert.equal(wrap, "value");
  assert.deepEqual(outputs, { "a-b": { type: "number", value: '{{ has(result, "a-b") ? result["a-b"] : result.value }}' } });
});

test("code of any kind that the sandbox takes parses: a body, a module, CommonJS, sloppy code", () => {
  const sources = [
    "return await 1;",
    "export default async function main() {}",
    "module.exports = { main() {} };",
    "const main = () => 1",
    "with (params) { return q; }",
  ];
  for (const code of sources) {
    const result = importJson(chain([node("CODE", "a", { codeParam: { code } })]));
    assert.deepEqual(result.warnings, [], code);
  }
});

test("TEXT_PROCESS joins or splits, as its mode says or its fields", () => {
  const outputs = [output("first", "STRING"), output("more", "ARRAY_STRING")];
  const empty = { type: "array<string>", value: "{{ null }}" };
  assert.deepEqual(
    core(native("TEXT_PROCESS", { mode: "SPLIT", splitTarget: "a,b", delimiters: [",", ";"], joinText: "x" }, { outputs })),
    {
      type: "split",
      text: "a,b",
      delimiters: [",", ";"],
      outputs: { first: { type: "string", value: "{{ result.items }}" }, more: empty },
    },
  );
  assert.deepEqual(core(native("TEXT_PROCESS", { joinText: "x" }, { outputs })), {
    type: "template",
    text: "x",
    outputs: { first: { type: "string", value: "{{ result.text }}" }, more: empty },
  });
  assert.equal(native("TEXT_PROCESS", {}).type, "split");
});

test("VARIABLE_AGGREGATE converts what it chooses from", () => {
  const variables = [
    { name: "v", ...reference("start#q#q", "NUMBER") },
    { name: "w", ...direct("2", "NUMBER") },
  ];
  const param = { strategy: "FIRST_NON_NULL", groups: [{ groupName: "r", groupType: "NUMBER", variables }] };
  assert.deepEqual(core(native("VARIABLE_AGGREGATE", param, { outputs: [output("r", "NUMBER"), output("s")] })), {
    type: "aggregate",
    groups: { r: ['{{ convert(start.q, "number") }}', 2] },
    outputs: { r: { type: "number", value: "{{ result.r }}" }, s: { type: "string", value: "{{ null }}" } },
  });
});

test("LLM: a text reply goes to the first String output", () => {
  const param = {
    chatModelVersionId: "m",
    userPrompt: "{{q}}",
    systemPrompt: "be",
    temperature: 0.5,
    maxTokens: 10,
    plugins: [],
    responseFormat: "Text",
  };
  assert.deepEqual(core(native("LLM", param, { outputs: [output("n", "NUMBER"), output("s"), output("t")] })), {
    type: "llm",
    model: "m",
    system: "be",
    prompt: '{{ start.q ?? "" }}',
    temperature: 0.5,
    maxOutputTokens: 10,
    outputs: {
      n: { type: "number", value: "{{ null }}" },
      s: { type: "string", value: "{{ result.text }}" },
      t: { type: "string", value: "{{ null }}" },
    },
  });
});

test("LLM: with plugins it is an agent that uses the tools of their names for ten rounds, and answers then", () => {
  const plugins = [{ pluginId: "crm" }, { pluginId: "crm" }, { pluginId: 1024 }, { pluginId: "mail/send" }, { pluginId: "no name" }, {}];
  assert.deepEqual(core(native("LLM", { userPrompt: "x", responseFormat: "JSON", plugins }, { outputs: [output("a", "OBJECT")] })), {
    type: "agent",
    prompt: "x",
    tools: [{ tool: "crm" }, { tool: "1024" }, { tool: "mail/send" }],
    maxSteps: 10,
    onLimit: "answer",
    output: "json",
    outputs: { a: { type: "object", value: "{{ result.json.a }}" } },
  });
  assert.equal(native("LLM", { userPrompt: "x", plugins: [{}] }, {}).type, "llm");
});

test("LLM: a JSON reply goes to the outputs by name, a single one may take all of it", () => {
  const outputsOf = (responseFormat: string, outputs: readonly Json[]) =>
    native("LLM", { userPrompt: "", responseFormat }, { outputs }).outputs;
  assert.deepEqual(outputsOf("JSON", [output("a"), output("b", "OBJECT")]), {
    a: { type: "string", value: "{{ result.json.a }}" },
    b: { type: "object", value: "{{ result.json.b }}" },
  });
  assert.deepEqual(outputsOf("NATIVE", [output("a", "ARRAY_STRING")]), {
    a: { type: "array<string>", value: '{{ has(result.json, "a") ? result.json.a : result.json }}' },
  });
  assert.deepEqual(outputsOf("NATIVE", [output("a", "OBJECT")]), { a: { type: "object", value: "{{ result.json.a }}" } });
});

test("LLM: NATIVE makes a schema of the outputs, each of which may be null", () => {
  const outputs = [
    output("a", "INTEGER", { desc: "how many" }),
    output("l", "ARRAY_STRING"),
    output("x", "MATRIX"),
    output("f", "FILE_DOC"),
  ];
  const { output: form, schema } = native("LLM", { userPrompt: "", responseFormat: "NATIVE" }, { outputs });
  assert.deepEqual(
    [form, schema],
    [
      "json",
      {
        type: "object",
        properties: {
          a: { type: ["integer", "null"], description: "how many" },
          l: { type: ["array", "null"], items: { type: "string" } },
          x: {},
          f: { type: ["string", "null"] },
        },
        required: ["a", "l", "x", "f"],
        additionalProperties: false,
      },
    ],
  );
});

test("AUDIO_LLM: the speech goes to the first File output, its transcript to the first String output", () => {
  assert.deepEqual(core(native("AUDIO_LLM", { voice: "alloy", userPrompt: "x" }, { outputs: [output("s"), output("f", "FILE_AUDIO")] })), {
    type: "audio",
    voice: "alloy",
    prompt: "x",
    outputs: { s: { type: "string", value: "{{ result.text }}" }, f: { type: "file<audio>", value: "{{ result.audio }}" } },
  });
});

test("DATASET asks collections", () => {
  const outputs = [output("rows", "ARRAY_OBJECT"), output("text"), output("n", "NUMBER")];
  assert.deepEqual(core(native("DATASET", { query: "{{q}}", dataGroupIds: ["g"], topK: 3 }, { outputs })), {
    type: "knowledge",
    query: '{{ start.q ?? "" }}',
    collections: ["g"],
    topK: 3,
    outputs: {
      rows: {
        type: "array<object>",
        value:
          "{{ result.items.map(i => ({ content: i.text, score: i.score, documentId: i.source.documentId, documentName: i.source.documentName, chunkId: i.source.chunkId })) }}",
      },
      text: { type: "string", value: '{{ result.items.map(i => i.text).join("\\n\\n") }}' },
      n: { type: "number", value: "{{ null }}" },
    },
  });
});

test("DATABASE binds what its statement names, and never writes it into the text", () => {
  const sqlQuery = "SELECT '{{q}}' AS a, 'x{{q}}' FROM t WHERE b = {{ q }} AND c = '\\{{q}}' AND d = '{{gone}}'";
  const { connection, sql, params } = native("DATABASE", { sqlQuery, databaseIds: ["d"] });
  assert.deepEqual([connection, sql], ["d", ["SELECT ", " AS a, 'x", "' FROM t WHERE b = ", " AND c = '{{q}}' AND d = {{gone}}"]]);
  assert.deepEqual(params, ["{{ start.q }}", "{{ start.q }}", "{{ start.q }}"]);
  const connectionOf = (databaseIds: Json) => native("DATABASE", { sqlQuery: "SELECT 1", databaseIds })["connection"];
  assert.deepEqual([connectionOf([]), connectionOf([1024]), connectionOf(["a", "b"])], [undefined, "db_1024", ["a", "b"]]);
  const outputsOf = (...outputs: readonly Json[]) => native("DATABASE", { sqlQuery: "SELECT 1", databaseIds: ["d"] }, { outputs }).outputs;
  assert.deepEqual(outputsOf(output("rows", "ARRAY_OBJECT"), output("row", "OBJECT"), output("rowCount", "INTEGER"), output("x")), {
    rows: { type: "array<object>", value: "{{ result.rows }}" },
    row: { type: "object", value: "{{ result.rows[0] }}" },
    rowCount: { type: "integer", value: "{{ result.rowCount }}" },
    x: { type: "string", value: "{{ null }}" },
  });
  assert.deepEqual(outputsOf(output("x", "NUMBER")), {
    x: { type: "number", value: "{{ result.rows.slice(0, 1).map(r => values(r)[0])[0] }}" },
  });
});

test("TOOL_API calls an operation with the inputs by name", () => {
  const own = [input("q", direct("own")), input("limit", direct("5", "INTEGER")), { name: "unused", type: "STRING" }];
  const param = { toolId: "t", toolApiId: "op", inputs: own };
  assert.deepEqual(core(native("TOOL_API", param, { inputs: [input("q", reference("start#q#q"))], outputs: [output("r", "OBJECT")] })), {
    type: "tool",
    inputs: { q: "{{ start.q }}" },
    tool: "t/op",
    input: { q: "{{ inputs.q }}", limit: 5 },
    outputs: { r: { type: "object", value: '{{ has(result.result, "r") ? result.result.r : result.result }}' } },
  });
});

test("FILE_PARSE reads the first input that is a file or a list of them", () => {
  const inputs = [input("s", direct("x")), input("docs", direct(null, "ARRAY_FILE_DOC")), input("f", direct(null, "FILE_DOC"))];
  assert.deepEqual(
    core(native("FILE_PARSE", { parseMode: "HIGHLEVEL" }, { inputs, outputs: [output("t"), output("l", "ARRAY_STRING")] })),
    {
      type: "file-parse",
      inputs: { s: "x", docs: null, f: null },
      file: "{{ inputs.docs }}",
      mode: "highlevel",
      outputs: { t: { type: "string", value: "{{ result.text }}" }, l: { type: "array<string>", value: "{{ result.texts }}" } },
    },
  );
  assert.deepEqual([native("FILE_PARSE", {})["file"], native("FILE_PARSE", {})["mode"]], [null, "default"]);
});

test("COMMENT is a note on the canvas", () => {
  const comment = node("COMMENT", "c", { commentParam: { content: "see {{q}}" }, desc: "d" });
  const result = importJson(flow([START, comment, END], [edge("start", "end")]));
  assert.deepEqual(core(nodeOf(result, "c")), { type: "comment", text: "see {{q}}" });
});

test("our own members of a node are the envelope's", () => {
  const millrace = {
    retry: { maxAttempts: 3 },
    timeoutMs: 5,
    onError: { do: "branch" },
    skipIf: "{{ start.q == null }}",
    cache: { ttlMs: 1 },
    concurrency: { limit: 2 },
    later: 1,
  };
  const nodes = [START, join("a", "x", { millrace }), join("b", "y"), END];
  const edges = [edge("start", "a"), edge("a", "b", "source-a-error"), edge("a", "end"), edge("b", "end")];
  const result = importJson(flow(nodes, edges));
  const { later: _later, ...envelope } = millrace;
  const a = nodeOf(result, "a");
  for (const [name, value] of Object.entries(envelope)) assert.deepEqual(a[name], value);
  assert.deepEqual(result.document?.edges, ["start -> a", "a.error -> b", "a -> end", "b -> end"]);
  assert.deepEqual(((a.flow as JsonObject)["node"] as JsonObject)["millrace"], millrace);
});

test("our own time limit counts before the vendor's", () => {
  const http = node("HTTP", "a", { httpParam: { request: { url: "https://x.example", timeout: 7 } }, millrace: { timeoutMs: 9 } });
  assert.equal(nodeOf(importJson(chain([http])), "a").timeoutMs, 9);
});
