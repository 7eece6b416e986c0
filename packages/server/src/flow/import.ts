import {
  type Concurrency,
  type Edge,
  type Json,
  type JsonObject,
  WORKFLOW_FORMAT,
  type WorkflowDocument,
  type WorkflowNode,
} from "@millrace/contract";
import { checkControl } from "#flow/checks/control";
import { checkDocument } from "#flow/checks/document";
import { checkGraphs } from "#flow/checks/graphs";
import { checkRaces } from "#flow/checks/races";
import { isBlank, listOf, objectOf, record, textOf } from "#flow/json";
import { MAX_NATIVE_NAME_CHARS, MAX_NATIVE_NOTE_CHARS } from "#flow/limits";
import { buildModel } from "#flow/model/build";
import type { ImportOptions } from "#flow/options";
import type { FlowProblem, FlowProblems } from "#flow/problems";
import { type ParsedFlow, parseFlow, rootOf } from "#flow/read";
import { keepFile } from "#flow/strip";
import { cut, GraphTranslator } from "#flow/translate-node";
import { Translation } from "#flow/translation";

export interface ImportResult {
  /** Null as soon as there is a fault: a file is imported whole or not at all. */
  readonly document: WorkflowDocument | null;
  readonly faults: readonly FlowProblem[];
  readonly warnings: readonly FlowProblem[];
}

/**
 * Reads a GPTBots `.flow` file as a native document. Pure: the same bytes and options give the same document. Never throws for what a
 * file holds; every fault and warning is reported with its code and path. What the native document has no member for is kept in `flow`.
 */
export function importFlow(bytes: Uint8Array | string, options: ImportOptions = {}): ImportResult {
  return importParsed(parseFlow(bytes), options);
}

/** As `importFlow`, of a file that was parsed to see what it is. */
export function importParsed(file: ParsedFlow, options: ImportOptions): ImportResult {
  const { problems } = file;
  const root = rootOf(file);
  const document = root === null ? null : importRoot(root, problems, options);
  return { document: problems.failed ? null : document, faults: problems.faults, warnings: problems.warnings };
}

function importRoot(root: JsonObject, problems: FlowProblems, options: ImportOptions): WorkflowDocument | null {
  if (!checkDocument(root, problems)) return null;
  checkGraphs(root["workflow"], problems, options.egressAllow ?? (() => false));
  const file = keepFile(root, problems);
  return problems.failed ? null : translate(root, file, problems, options);
}

function translate(root: JsonObject, file: JsonObject, problems: FlowProblems, options: ImportOptions): WorkflowDocument {
  const model = buildModel(objectOf(root["workflow"]), problems, options);
  for (const graph of model.graphs) checkControl(graph, problems);
  checkRaces(model.graphs, problems);
  const own = objectOf(root["millrace"]);
  const declaredEnv = new Set(
    listOf(own["env"])
      .map((variable) => textOf(objectOf(variable)["name"]))
      .filter((name) => !isBlank(name)),
  );
  const translation = new Translation(model, problems, options, declaredEnv);
  const translator = new GraphTranslator(translation);
  const { nodes, edges, flow } = translator.translate(model.top);
  return {
    format: WORKFLOW_FORMAT,
    name: cut(textOf(root["name"]), MAX_NATIVE_NAME_CHARS),
    ...(isBlank(root["introduction"]) ? {} : { description: cut(textOf(root["introduction"]), MAX_NATIVE_NOTE_CHARS) }),
    ...(Array.isArray(own["tags"]) ? { tags: own["tags"] as readonly string[] } : {}),
    ...envMember(translation, options),
    ...(typeof own["strictInput"] === "boolean" ? { strictInput: own["strictInput"] } : {}),
    ...(own["concurrency"] === undefined ? {} : { concurrency: own["concurrency"] as unknown as Concurrency }),
    nodes: nodes as readonly WorkflowNode[],
    edges: edges as readonly Edge[],
    layout: translator.layout,
    flow: { file, ...flow },
  };
}

/** The names that the file declares, and those that it reads and that have a value here; a declared one without a value is null. */
function envMember(
  { declaredEnv, usedEnv }: Translation,
  { env = {} }: ImportOptions,
): { readonly env?: { readonly [name: string]: Json } } {
  const names = new Set([...declaredEnv, ...usedEnv]);
  if (names.size === 0) return {};
  return { env: record([...names].map((name) => [name, Object.hasOwn(env, name) ? (env[name] ?? null) : null])) };
}
