import type { Json, JsonObject, WorkflowNode } from "@millrace/contract";
import { type ImportResult, importFlow } from "#flow/import";
import { objectOf } from "#flow/json";
import type { ImportOptions } from "#flow/options";
import type { FlowProblem } from "#flow/problems";

/** Builders of small vendor files. */
type Members = { readonly [member: string]: Json };

export function node(type: string, id: string, members: Members = {}): JsonObject {
  return { id, name: `${type} ${id}`, type, x: 0, y: 0, desc: "", inputs: [], outputs: [], ...members };
}

/** A normal edge; `handle` for a branch. */
export function edge(source: string, target: string, handle = `source-${source}`): JsonObject {
  return {
    id: `${source}>${target}:${handle}`,
    sourceNodeID: source,
    targetNodeID: target,
    sourceHandle: handle,
    targetHandle: `target-${target}`,
  };
}

export function flow(nodes: readonly Json[], edges: readonly Json[], members: Members = {}): JsonObject {
  return {
    formatVersion: "1.0",
    exportType: "WORKFLOW",
    name: "w",
    botType: "Workflow",
    workflow: { workflowNodes: nodes, workflowEdges: edges },
    ...members,
  };
}

export const output = (name: string, type = "STRING", members: Members = {}): JsonObject => ({ id: name, name, type, ...members });
export const direct = (value: Json, type = "STRING"): JsonObject => ({ source: "DIRECT", type, value });
export const reference = (value: string, type = "STRING"): JsonObject => ({ source: "NODE", type, value });
export const input = (name: string, source: JsonObject): JsonObject => ({ id: name, name, ...source });

export const START = node("START", "start", { outputs: [output("q", "STRING", { required: true })] });
export const END = node("END", "end", { endParam: { outputType: "VARIABLE" } });

/** START → the given nodes one after another → END. */
export function chain(nodes: readonly JsonObject[], members: Members = {}): JsonObject {
  const all = [START, ...nodes, END];
  const ids = all.map((one) => String(one["id"]));
  return flow(
    all,
    ids.slice(1).map((id, index) => edge(ids[index] ?? "", id)),
    members,
  );
}

/** A LOOP or BATCH with START → the given nodes one after another, and nothing behind them. */
export function container(
  type: "LOOP" | "BATCH",
  id: string,
  body: readonly JsonObject[],
  param: Members = {},
  members: Members = {},
): JsonObject {
  const start = node("START", `${id}_start`);
  const all = [start, ...body];
  const ids = all.map((one) => String(one["id"]));
  const subWorkflow = { workflowNodes: all, workflowEdges: ids.slice(1).map((next, index) => edge(ids[index] ?? "", next)) };
  const array = { id: "item", name: "item", ...reference("start#q#q", "ARRAY_STRING") };
  return node(type, id, { [type === "LOOP" ? "loopParam" : "batchParam"]: { inputArrays: [array], ...param }, subWorkflow, ...members });
}

export function join(id: string, joinText: string, members: Members = {}): JsonObject {
  return node("TEXT_PROCESS", id, { outputs: [output("t")], textProcessParam: { mode: "JOIN", joinText }, ...members });
}

/** CONDITION with one IF (handle `if`) and ELSE (handle `else`). */
export function condition(id: string, conditions: readonly Json[], members: Members = {}): JsonObject {
  const branch = (type: string, priority: number, handle: string, rows: readonly Json[]) => ({
    type,
    priority,
    sourceHandle: `source-${id}-${handle}`,
    logicOperator: "AND",
    conditions: rows,
  });
  return node("CONDITION", id, {
    conditionParam: { conditionBranches: [branch("IF", 1, "if", conditions), branch("ELSE", 2, "else", [])] },
    ...members,
  });
}

export function row(left: Json, operator: Json, right: Json): JsonObject {
  return { leftOperand: left, operator, rightOperand: right };
}

export function importJson(file: Json, options: ImportOptions = {}): ImportResult {
  return importFlow(JSON.stringify(file), options);
}

/** Sorted `CODE path` of problems, each once: what a file's check comes to. */
export function codes(problems: readonly FlowProblem[]): readonly string[] {
  return [...new Set(problems.map(({ code, path }) => `${code} ${path}`))].sort();
}

/** A node of the imported document by native id, at any depth. Throws where the import failed or there is none. */
export function nodeOf(result: ImportResult, id: string): WorkflowNode {
  const found = result.document && find(result.document.nodes, id);
  if (!found) throw new Error(`no node ${id}: ${JSON.stringify(result.faults)}`);
  return found;
}

function find(nodes: readonly WorkflowNode[], id: string): WorkflowNode | undefined {
  for (const one of nodes) {
    const body = objectOf(one["body"] as Json | undefined);
    const inner = one.id === id ? one : find((body["nodes"] ?? []) as unknown as WorkflowNode[], id);
    if (inner) return inner;
  }
  return undefined;
}
