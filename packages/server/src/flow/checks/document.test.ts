import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { importFlow } from "#flow/import";
import { MAX_FILE_BYTES, MAX_JSON_DEPTH, MAX_JSON_VALUES, MAX_PARSED_CODE_CHARS, MAX_TEMPLATE_REFERENCES } from "#flow/limits";
import { chain, codes, importJson, join, node, output } from "#flow/testing/flows";

const GOOD = chain([]);
const faultsOf = (members: { readonly [name: string]: Json }) => codes(importJson({ ...GOOD, ...members }).faults);

test("the members beside the graph have a fault each", () => {
  assert.deepEqual(faultsOf({ name: "  " }), ["L0_NAME $.name"]);
  assert.deepEqual(faultsOf({ exportType: "PAGE" }), ["L0_EXPORT_TYPE $.exportType", "L0_TYPE_MISMATCH $.exportType"]);
  assert.deepEqual(faultsOf({ botType: "Chat" }), ["L0_BOT_TYPE $.botType", "L0_TYPE_MISMATCH $.exportType"]);
  assert.deepEqual(faultsOf({ botType: "Flow" }), ["L0_TYPE_MISMATCH $.exportType"]);
  for (const exportTime of ["1", 1.5, {}, true]) assert.deepEqual(faultsOf({ exportTime }), ["L0_EXPORT_TIME $.exportTime"]);
  for (const exportTime of [null, 0, 1790000000000]) assert.deepEqual(faultsOf({ exportTime }), []);
});

test("the graph is looked at only where botType is Workflow", () => {
  const broken = { workflow: null };
  assert.deepEqual(faultsOf({ ...broken, botType: "Flow" }), ["L0_TYPE_MISMATCH $.exportType"]);
  assert.deepEqual(faultsOf(broken), ["WF_MISSING $.workflow"]);
});

test("the file of a bot is no workflow, whatever else it holds", () => {
  assert.deepEqual(faultsOf({ exportType: "BOT", botType: "Flow", name: "" }), ["file_type_mismatch $.exportType"]);
});

test("a blank format version is a warning", () => {
  const result = importJson({ ...GOOD, formatVersion: "" });
  assert.deepEqual(codes(result.warnings), ["L0_FORMAT_VERSION $.formatVersion"]);
  assert.notEqual(result.document, null);
});

test("what is not JSON, not UTF-8 or not an object says so", () => {
  assert.deepEqual(codes(importFlow("{").faults), ["L0_JSON $"]);
  assert.deepEqual(codes(importFlow("").faults), ["L0_JSON $"]);
  assert.deepEqual(codes(importFlow(new Uint8Array([0x22, 0xff, 0x22])).faults), ["L0_JSON $"]);
  for (const root of ["[]", "null", "5", '"x"']) assert.deepEqual(codes(importFlow(root).faults), ["L0_NOT_OBJECT $"]);
  assert.deepEqual(codes(importFlow('{"x": 1e999}').faults), ["L0_JSON $"]);
});

test("a byte order mark is tolerated, in bytes and in text", () => {
  const text = JSON.stringify(GOOD);
  const plain = importFlow(text).document;
  assert.deepEqual(importFlow(`\uFEFF${text}`).document, plain);
  assert.deepEqual(importFlow(new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(text)])).document, plain);
});

test("the size limit counts bytes", () => {
  const fits = JSON.stringify(GOOD).padEnd(MAX_FILE_BYTES, " ");
  assert.deepEqual(importFlow(fits).faults, []);
  assert.deepEqual(codes(importFlow(`${fits} `).faults), ["L0_SIZE $"]);
  assert.deepEqual(codes(importFlow("é".repeat(MAX_FILE_BYTES / 2 + 1)).faults), ["L0_SIZE $"]);
  assert.deepEqual(codes(importFlow(new Uint8Array(MAX_FILE_BYTES + 1)).faults), ["L0_SIZE $"]);
});

test("JSON may nest as deep as the limit, and no deeper", () => {
  const nested = (levels: number) => `${JSON.stringify(GOOD).slice(0, -1)},"unknown":${"[".repeat(levels)}${"]".repeat(levels)}}`;
  assert.deepEqual(importFlow(nested(MAX_JSON_DEPTH)).faults, []);
  assert.deepEqual(codes(importFlow(nested(MAX_JSON_DEPTH + 1)).faults), ["MR_DEPTH $"]);
});

test("JSON may have as many values as the limit, and no more", () => {
  // Three more than there are commas: the first of the object, the list, and its first.
  const wide = (values: number) => `{"unknown":[${"0,".repeat(values - 3)}0]}`;
  assert.deepEqual(
    codes(importFlow(wide(MAX_JSON_VALUES)).faults).filter((code) => code.startsWith("L0_SIZE")),
    [],
  );
  assert.deepEqual(codes(importFlow(wide(MAX_JSON_VALUES + 1)).faults), ["L0_SIZE $"]);
});

test("credentials of the file are reported and not kept", () => {
  const plugins = [
    { pluginId: "p1", name: "one", authentication: { apiKey: "s3cret" }, headers: [{ name: "X", value: "s3cret" }] },
    { pluginId: "p2", api_key: "s3cret", queries: {}, auth: {} },
    "odd",
  ];
  const { document, warnings } = importJson({ ...GOOD, plugins, apiSecrets: { k: "s3cret" } });
  assert.deepEqual(codes(warnings), [
    "MR_STRIPPED $.apiSecrets",
    "MR_STRIPPED $.plugins[0].authentication",
    "MR_STRIPPED $.plugins[0].headers",
    "MR_STRIPPED $.plugins[1].api_key",
    "SEC_API $.apiSecrets",
    "SEC_PLUGIN $.plugins[0].authentication",
    "SEC_PLUGIN $.plugins[1].api_key",
    "SEC_PLUGIN_HDR $.plugins[0]",
  ]);
  assert.doesNotMatch(JSON.stringify(document), /s3cret/);
  assert.deepEqual(document?.flow?.["file"], {
    formatVersion: "1.0",
    exportType: "WORKFLOW",
    name: "w",
    botType: "Workflow",
    plugins: [
      { pluginId: "p1", name: "one", authentication: {}, headers: [] },
      { pluginId: "p2", api_key: "", queries: {}, auth: {} },
      "odd",
    ],
    apiSecrets: {},
  });
});

test("members beside the graph become members of the document, and are kept as read", () => {
  const millrace = { schema: 1, env: [{ name: "REGION", desc: "d" }, { name: "UNSET" }], strictInput: true, later: 1 };
  const file: JsonObject = { ...GOOD, exportTime: 5, introduction: "what it does", logo: "l", unknown: { a: [1] }, millrace };
  const { document } = importJson(file, { env: { REGION: "sg", OTHER: "x" } });
  assert.equal(document?.name, "w");
  assert.equal(document?.description, "what it does");
  assert.equal(document?.strictInput, true);
  assert.deepEqual(document?.env, { REGION: "sg", UNSET: null });
  const { workflow: _graph, exportTime: _time, ...kept } = file;
  assert.deepEqual(document?.flow?.["file"], kept);
});

test("names and descriptions that are longer than a document takes are cut, and kept whole beside it", () => {
  const name = `${"n".repeat(199)}😀x`;
  const { document } = importJson({ ...GOOD, name, introduction: "i".repeat(10_001) });
  assert.equal(document?.name, "n".repeat(199));
  assert.equal(document?.description?.length, 10_000);
  assert.equal((document?.flow?.["file"] as { name: string } | undefined)?.name, name);
  assert.equal(importJson({ ...GOOD, name: "n".repeat(200) }).document?.name.length, 200);
});

test("2,000 nodes are imported, 2,001 are not", () => {
  const comments = (count: number) => Array.from({ length: count }, (_, index) => node("COMMENT", `c${index}`, { commentParam: {} }));
  const file = (count: number) => {
    const workflow = GOOD["workflow"] as { workflowNodes: Json[]; workflowEdges: Json[] };
    return { ...GOOD, workflow: { ...workflow, workflowNodes: [...workflow.workflowNodes, ...comments(count)] } };
  };
  assert.deepEqual(importJson(file(1_998)).faults, []);
  assert.deepEqual(codes(importJson(file(1_999)).faults), ["MR_DEPTH $.workflow"]);
});

test("a file stands for a bounded number of values of other nodes", () => {
  // Each {{t}} stands for every node before it.
  const nodes = Array.from({ length: 400 }, (_, index) => join(`n${index}`, "", { outputs: [output("t")] }));
  const file = (times: number) => chain([...nodes, join("last", "{{t}}".repeat(times))]);
  assert.deepEqual(importJson(file(499)).faults, []);
  assert.deepEqual(codes(importJson(file(500)).faults), ["MR_DEPTH $.workflow"]);
});

test("a file looks up a bounded number of names", () => {
  const file = (names: number) => chain([join("a", Array.from({ length: names }, (_, index) => `{{x${index}}}`).join(""))]);
  assert.equal(importJson(file(MAX_TEMPLATE_REFERENCES)).warnings.length, MAX_TEMPLATE_REFERENCES);
  assert.deepEqual(codes(importJson(file(MAX_TEMPLATE_REFERENCES + 1)).faults), ["MR_DEPTH $.workflow"]);
});

test("code is parsed up to a limit in all", () => {
  const broken = (before: number) =>
    importJson(
      chain([node("CODE", "a", { codeParam: { code: " ".repeat(before).concat(";") } }), node("CODE", "b", { codeParam: { code: "(" } })]),
    ).warnings;
  assert.deepEqual(codes(broken(MAX_PARSED_CODE_CHARS - 2)), ["MR_CODE_SYNTAX $.workflow.workflowNodes[2].codeParam.code"]);
  assert.deepEqual(codes(broken(MAX_PARSED_CODE_CHARS - 1)), []);
});
