import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { parseType, typeName } from "@millrace/engine";
import { addEnds } from "#flow/export/add-ends";
import { addTexts } from "#flow/export/add-texts";
import { nameOf } from "#flow/export/added";
import { isContainer, type NativeDocument, type NativeNode } from "#flow/export/native";
import { readFields, saidOf } from "#flow/export/values";
import { member } from "#flow/expression";
import { isBlank, listOf, objectOf, omit, record } from "#flow/json";
import { DEFAULT_AGENT_STEPS, DEFAULT_HTTP_TIMEOUT_MS } from "#flow/limits";
import { Names } from "#flow/names";
import { isIdentifier } from "#flow/vendor";

/**
 * Says what a native document leaves unsaid and a vendor's file must have: names, declared outputs, where bodies begin and iterations end.
 * The document means what it meant before; of what import wrote, nothing changes.
 */
export function complete(document: NativeDocument): void {
  for (const graph of document.graphs) for (const node of graph.nodes) if (isContainer(node)) completeContainer(node);
  const ids = new Names(document.byId.keys(), Number.POSITIVE_INFINITY);
  for (const graph of document.graphs) addTexts(graph, document, ids);
  for (const graph of document.graphs) if (graph.container) addEnds(graph, graph.container, ids);
  const read = readFields(document);
  for (const graph of document.graphs) for (const node of graph.nodes) node.raw = completeNode(node, read.get(node.id) ?? new Set());
}

/** Bare items become the one list of a `zip`, and one collected value a member of that name. */
function completeContainer(node: NativeNode): void {
  const { raw, graph, body } = node;
  const { items, collect } = raw;
  const said = items === undefined || (Array.isArray(items) && items.length === 0) ? null : saidOf(items, graph);
  node.bareItems = items !== undefined && said !== null && !(said.kind === "call" && said.name === "zip");
  if (collect === undefined || (isJsonObject(collect) && body && saidOf(collect, body) === null)) return;
  const outputs = objectOf(raw["outputs"]);
  const [name] = Object.entries(outputs).find(([key, output]) => isWhole(key, objectOf(output))) ?? [];
  if (raw["outputs"] !== undefined && name === undefined) return;
  const field = name ?? "items";
  const value = `{{ result.items.map(i => ${member("i", field)}) }}`;
  node.raw = {
    ...raw,
    collect: { [field]: collect },
    ...(name === undefined ? {} : { outputs: { ...outputs, [name]: { ...objectOf(outputs[name]), value } } }),
  };
}

/** Does the output give all that was collected, as it is? */
function isWhole(name: string, { value = `{{ result.${name} }}` }: JsonObject): boolean {
  return typeof value === "string" && /^\{\{\s*result\.items\s*\}\}$/.test(value);
}

/** Members that say nothing where they are blank. */
const TEXTS_OR_NOTHING = ["note", "system"];

function completeNode(node: NativeNode, read: ReadonlySet<string>): JsonObject {
  const { raw, type } = node;
  const outputs = completeOutputs(node, read);
  const blank = TEXTS_OR_NOTHING.filter((member) => isBlank(raw[member]));
  const whole = { ...omit(raw, new Set(blank)), name: nameOf(node), ...(outputs === null ? {} : { outputs }) };
  switch (type) {
    case "start":
      return { ...omit(whole, new Set(["input"])), ...(node.graph.container ? omitEmpty(raw) : { input: completeInput(raw) }) };
    case "code":
      return { ...whole, language: raw["language"] ?? "javascript", ...wrapOf(raw, outputs) };
    case "http":
      return {
        ...whole,
        timeoutMs: raw["timeoutMs"] ?? DEFAULT_HTTP_TIMEOUT_MS,
        request: { method: "GET", ...objectOf(raw["request"]) },
      };
    case "split":
      // An empty one cuts nothing.
      return { ...whole, delimiters: listOf(raw["delimiters"]).filter((delimiter) => delimiter !== "") };
    case "llm":
      return { ...omit(whole, new Set(["output"])), ...answerOf(raw) };
    case "agent":
      return { ...omit(whole, new Set(["output", "onToolError"])), ...answerOf(raw), ...limitsOf(raw) };
    case "file-parse":
      return { ...whole, mode: raw["mode"] ?? "default", ...completeFile(node) };
    default:
      return whole;
  }
}

/** A text is understood, and so is JSON where there is a schema. */
function answerOf({ output, schema }: JsonObject): JsonObject {
  const said = output ?? (schema === undefined ? "text" : "json");
  return said === "text" ? {} : { output: said };
}

function limitsOf({ maxSteps = DEFAULT_AGENT_STEPS, onLimit = "fail", onToolError = "tell" }: JsonObject): JsonObject {
  return { maxSteps, onLimit, ...(onToolError === "tell" ? {} : { onToolError }) };
}

/** The start of a body takes nothing, so a schema that asks for nothing is none. */
function omitEmpty({ input }: JsonObject): JsonObject {
  return input === undefined || Object.keys(objectOf(objectOf(input)["properties"])).length === 0 ? {} : { input };
}

function completeInput(raw: JsonObject): JsonObject {
  const { required, ...input } = objectOf(raw["input"]);
  return { type: "object", properties: {}, ...input, ...(listOf(required).length > 0 && required !== undefined ? { required } : {}) };
}

/** With one output alone a returned value that is no object is that output. */
function wrapOf({ wrap }: JsonObject, outputs: JsonObject | null): JsonObject {
  const names = Object.keys(outputs ?? {});
  const [only = ""] = names;
  return wrap === undefined && names.length === 1 && isIdentifier(only) ? { wrap: only } : {};
}

/** A file that is no input of the node yet becomes one. */
function completeFile({ raw, graph }: NativeNode): JsonObject {
  const said = saidOf(raw["file"] ?? null, graph);
  if (said?.kind !== "value" || said.root === "inputs" || raw["inputs"] !== undefined) return {};
  return { inputs: { file: raw["file"] ?? null }, file: "{{ inputs.file }}" };
}

/** Result fields by type, as long as the vendor's nodes have them; null: every field, of any type. */
const RESULTS: { readonly [type: string]: { readonly [field: string]: string } | null } = {
  template: { text: "string" },
  split: { items: "array<string>" },
  http: { status: "integer", headers: "object", body: "any" },
  llm: { text: "string" },
  agent: { text: "string" },
  audio: { audio: "file<audio>", text: "string" },
  intent: { intent: "string", index: "integer" },
  "file-parse": { text: "string", texts: "array<string>" },
  database: { rows: "array<object>", rowCount: "integer" },
  code: null,
  aggregate: null,
};

/** The declared outputs with what they leave unsaid; where there are none, those that something reads. null: the node has no fields. */
function completeOutputs(node: NativeNode, read: ReadonlySet<string>): JsonObject | null {
  const { outputs } = node.raw;
  if (outputs !== undefined) {
    return record(Object.entries(objectOf(outputs)).map(([name, output]) => [name, completeOutput(name, objectOf(output))]));
  }
  const types = isContainer(node) ? containerResults(node) : RESULTS[node.type];
  if (types === undefined) return null;
  // What is collected is so for an output; without one it would be lost.
  const isWanted = (name: string) => read.has(name) || (name === "items" && isContainer(node));
  const names = types === null ? [...read].filter((name) => name !== "") : Object.keys(types).filter(isWanted);
  return record(names.map((name) => [name, completeOutput(name, { type: types?.[name] ?? "any", ...containerValue(node, name) })]));
}

function completeOutput(name: string, { type, value, ...more }: JsonObject): JsonObject {
  const known = typeof type === "string" ? parseType(type) : null;
  const typed = type === undefined || known?.kind === "any" ? {} : { type: known ? typeName(known) : type };
  return { ...typed, value: value ?? `{{ ${member("result", name)} }}`, ...more } as { readonly [name: string]: Json };
}

function containerResults({ raw }: NativeNode): { readonly [field: string]: string } {
  const variables = Object.entries(objectOf(raw["variables"])).map(([name, variable]) => {
    const { type } = objectOf(variable);
    return [name, typeof type === "string" ? type : "any"] as const;
  });
  const collected = Object.keys(objectOf(raw["collect"]));
  return { ...record(variables), ...(collected.length === 1 && collected[0] === "items" ? { items: "array" } : {}), count: "integer" };
}

function containerValue(node: NativeNode, name: string): { readonly value?: string } {
  return isContainer(node) && name === "items" ? { value: "{{ result.items.map(i => i.items) }}" } : {};
}
