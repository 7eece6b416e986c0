import { fromPointer, isJsonObject } from "@millrace/contract";
import type { Problem } from "@millrace/engine";

/**
 * The vendor's format is stricter than ours in one thing that a server may lack: a TOOL_API node whose tool is not there cannot be
 * published. In a node of our own that is a warning, since the tool may come to be before the node runs.
 */
export function vendorFaults(document: unknown, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => {
    if (problem.code !== "unknown_tool" || !isToolApi(document, problem.path)) return problem;
    return { ...problem, code: "MR_TOOL_UNKNOWN", level: "error" };
  });
}

/** Was the node that the path lies in read from a TOOL_API node? */
function isToolApi(document: unknown, path: string): boolean {
  let value: unknown = document;
  for (const step of fromPointer(path).slice(0, -1)) value = (value as { readonly [step: string]: unknown } | undefined)?.[step];
  const node = valueIn(valueIn(value, "flow"), "node");
  return valueIn(node, "type") === "TOOL_API";
}

function valueIn(value: unknown, member: string): unknown {
  return isJsonObject(value) ? value[member] : undefined;
}
