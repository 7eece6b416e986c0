import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { ANY, parseType } from "@millrace/engine";
import { buildCondition, buildIntent } from "#flow/export/build-branches";
import { buildContainer } from "#flow/export/build-container";
import { buildHttp } from "#flow/export/build-http";
import { buildAgent, buildLlm } from "#flow/export/build-llm";
import { buildAggregate, buildSet } from "#flow/export/build-variables";
import { type Built, builtParam, sourcedText } from "#flow/export/built";
import { type Sayer, spelled, typed } from "#flow/export/say";
import { isBlank, listOf, objectOf, textOf } from "#flow/json";

type Builder = (sayer: Sayer) => Built;

/** One builder a native type that the vendor has a node for. */
const BUILDERS: { readonly [type: string]: Builder } = {
  start: buildStart,
  end: buildEnd,
  template: buildTemplate,
  split: buildSplit,
  code: buildCode,
  http: buildHttp,
  llm: buildLlm,
  agent: buildAgent,
  audio: buildAudio,
  intent: buildIntent,
  condition: buildCondition,
  knowledge: buildKnowledge,
  database: buildDatabase,
  tool: buildTool,
  "file-parse": ({ node }) => ({ type: "FILE_PARSE", param: { parseMode: textOf(node.raw["mode"]).toUpperCase() } }),
  aggregate: buildAggregate,
  set: buildSet,
  loop: buildContainer,
  batch: buildContainer,
  next: () => ({ type: "NEXT_LOOP" }),
  continue: () => ({ type: "CONTINUE" }),
  break: () => ({ type: "BREAK" }),
  comment: ({ node }) => ({ type: "COMMENT", param: { content: node.raw["text"] ?? "" } }),
};

/** A native node as the vendor's; null: the vendor has none like it. */
export function buildNode(sayer: Sayer): Built | null {
  const { type } = sayer.node;
  const build = Object.hasOwn(BUILDERS, type) ? BUILDERS[type] : undefined;
  if (build) return build(sayer);
  sayer.refuse(`a ${type || "nameless"} node has no counterpart in .flow`, "type");
  return null;
}

function buildTemplate(sayer: Sayer): Built {
  const { text, jinja } = sayer.node.raw;
  if (jinja !== undefined) sayer.refuse("a Jinja template has no counterpart in .flow: write text", "jinja");
  return { type: "TEXT_PROCESS", param: { mode: "JOIN", joinText: sayer.template(text ?? "", "text") } };
}

function buildStart({ node }: Sayer): Built {
  if (node.graph.container) return { type: "START" };
  const input = objectOf(node.raw["input"]);
  const required = new Set(listOf(input["required"]));
  const outputs = Object.entries(objectOf(input["properties"])).map(([name, value]) => {
    const { description } = objectOf(value);
    return { name, ...(required.has(name) ? { required: true } : {}), ...(isBlank(description) ? {} : { desc: description ?? "" }) };
  });
  return { type: "START", outputs };
}

function buildEnd(sayer: Sayer): Built {
  const { output, text } = sayer.node.raw;
  if (text !== undefined) return { type: "END", param: { outputType: "TEXT", outputText: sayer.template(text, "text") } };
  const inputs = Object.entries(objectOf(output)).map(([name, value]) => ({ id: name, name, ...sayer.variable(value, "output", name) }));
  return { type: "END", param: { outputType: "VARIABLE" }, inputs };
}

function buildSplit(sayer: Sayer): Built {
  const { text, delimiters } = sayer.node.raw;
  const splitTarget = sourcedText(text, sayer, "text");
  return { type: "TEXT_PROCESS", param: { mode: "SPLIT", splitTarget, delimiters: delimiters ?? [] } };
}

const LANGUAGES: { readonly [language: string]: string } = { javascript: "JS", python: "PYTHON" };

function buildCode(sayer: Sayer): Built {
  const { language, code } = sayer.node.raw;
  const spelling = LANGUAGES[textOf(language)];
  if (spelling === undefined) sayer.refuse(`.flow has code in JavaScript and Python, and none in ${textOf(language)}`, "language");
  return { type: "CODE", param: { language: spelling ?? "JS", code: code ?? "" } };
}

function buildAudio(sayer: Sayer): Built {
  const { model, prompt, voice } = sayer.node.raw;
  const param = { chatModelVersionId: model ?? "", ...builtParam({ voice }), userPrompt: sayer.template(prompt, "prompt") };
  return { type: "AUDIO_LLM", param };
}

function buildKnowledge(sayer: Sayer): Built {
  const { query, collections, topK } = sayer.node.raw;
  const param = { query: sourcedText(query, sayer, "query"), dataGroupIds: listOf(collections), ...builtParam({ topK }) };
  return { type: "DATASET", param };
}

/** The statement with the names of its values in their places. */
function buildDatabase(sayer: Sayer): Built {
  const { connection, sql, params } = sayer.node.raw;
  if (!Array.isArray(sql)) sayer.refuse("write the statement as a list of the texts between its values, which are a list then", "sql");
  const texts = Array.isArray(sql) ? listOf(sql).map(textOf) : [textOf(sql)];
  const values = listOf(params).map((value, index) => sayer.template(value, "params", index));
  const sqlQuery = texts.map((text, index) => text.replaceAll("{{", "\\{{") + (values[index] ?? "")).join("");
  return { type: "DATABASE", param: { sqlQuery, databaseIds: connection === undefined ? [] : [connection] } };
}

/** What is no input of the node itself is said beside the tool. */
function buildTool(sayer: Sayer): Built {
  const { tool, input } = sayer.node.raw;
  const [toolId = "", ...operation] = textOf(tool).split("/");
  const given = Object.entries(input !== undefined && isJsonObject(input) ? input : {});
  const own = given.filter(([name, value]) => value !== `{{ inputs.${name} }}`);
  const inputs = own.map(([name, value]) => ({ id: name, name, ...sayer.variable(value, "input", name) }));
  return { type: "TOOL_API", param: { toolId, toolApiId: operation.join("/"), ...(inputs.length === 0 ? {} : { inputs }) } };
}

/** Outputs that others read of the node, as the file declares them; what an import knew of each beside is kept. */
export function declaredOutputs(sayer: Sayer, { outputs = [] }: Built): readonly Json[] {
  const { node, view } = sayer;
  const more = new Map(outputs.map((output) => [textOf(output["name"]), output]));
  const known = new Map(
    listOf(objectOf(node.flow["node"])["outputs"]).map((output) => [textOf(objectOf(output)["name"]), objectOf(output)]),
  );
  return [...view.outputsOf(node).values()].map(({ name, id, type }): JsonObject => {
    const { source: _source, value: _value, required: _required, type: spelling, ...kept } = known.get(name) ?? {};
    const same = typeof spelling === "string" && spelled(parseType(spelling) ?? ANY) === spelled(type);
    return { id, name, ...(same ? { type: spelling } : typed(type)), ...kept, ...more.get(name) };
  });
}
