import { isJsonObject, type JsonObject, toPointer } from "@millrace/contract";
import type { Problem } from "@millrace/engine";
import type { CheckOptions } from "#cli/check/check-options";
import type { FileProblem } from "#cli/check/file-problem";
import { importFlow } from "#flow/import";
import type { FlowProblem } from "#flow/problems";
import { compileVersion } from "#workflows/compile-version";
import { locator, type Position } from "#workflows/locate";

interface CheckedFlow {
  readonly document: JsonObject | null;
  readonly nameAt: Position;
  readonly problems: readonly FileProblem[];
}

/** A GPTBots file as a native document, and what would keep it from being imported or published. */
export function checkFlow(file: string, text: string, options: CheckOptions): CheckedFlow {
  const locate = locator(text);
  const nameAt = locate({ path: "/name" });
  const imported = importFlow(text, { egressAllow: options.egressAllow });
  const toProblem =
    (level: FileProblem["level"]) =>
    (problem: FlowProblem): FileProblem => {
      return { file, ...locate({ path: flowPointer(problem.path) }), code: problem.code, level, message: problem.message };
    };
  const problems = [...imported.faults.map(toProblem("error")), ...imported.warnings.map(toProblem("warning"))];
  if (!imported.document) return { document: null, nameAt, problems };
  const document = imported.document as unknown as JsonObject;
  const places = placesOf(JSON.parse(text) as JsonObject, document);
  const compiled = compileVersion(document, options).problems.map(({ code, level, message, hint, nodeId }: Problem): FileProblem => {
    const place = locate({ path: places(nodeId) });
    return { file, ...place, code, level, message, ...(hint !== undefined && { hint }), ...(nodeId !== undefined && { nodeId }) };
  });
  return { document, nameAt, problems: [...problems, ...compiled] };
}

/** `$.workflow.workflowNodes[0].id` as a JSON pointer. */
function flowPointer(path: string): string {
  const steps = [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? index ?? "");
  return toPointer(steps);
}

/** Where the file has the node that a native node was made of; the whole file when it is not one node's fault. */
function placesOf(flow: JsonObject, document: JsonObject): (nodeId: string | undefined) => string {
  const { workflow } = flow;
  return (nodeId) => {
    const native = nodeId === undefined ? null : findNode(document, "nodes", "body", (node) => node["id"] === nodeId);
    const kept = native === null ? undefined : flowIdOf(native.node);
    if (kept === undefined || !isJsonObject(workflow)) return "";
    const found = findNode(workflow, "workflowNodes", "subWorkflow", (node) => String(node["id"]) === kept);
    return found === null ? "" : toPointer(["workflow", ...found.steps]);
  };
}

function flowIdOf(node: JsonObject): string | undefined {
  const { flow } = node;
  const inner = isJsonObject(flow) ? flow["node"] : undefined;
  return isJsonObject(inner) ? String(inner["id"]) : undefined;
}

interface FoundNode {
  readonly node: JsonObject;
  readonly steps: readonly (string | number)[];
}

/** Depth first through a graph and the graphs inside its nodes. */
function findNode(graph: JsonObject, list: string, body: string, is: (node: JsonObject) => boolean): FoundNode | null {
  const nodes = graph[list];
  for (const [index, node] of (Array.isArray(nodes) ? nodes : []).entries()) {
    if (!isJsonObject(node)) continue;
    if (is(node)) return { node, steps: [list, index] };
    const inner = node[body];
    const found = isJsonObject(inner) ? findNode(inner, list, body, is) : null;
    if (found) return { node: found.node, steps: [list, index, body, ...found.steps] };
  }
  return null;
}
