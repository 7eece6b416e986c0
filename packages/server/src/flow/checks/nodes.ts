import { isJsonObject, type Json } from "@millrace/contract";
import type { CheckedNode } from "#flow/checks/checked-node";
import type { Egress } from "#flow/checks/param-check";
import { checkParam } from "#flow/checks/params";
import { isBlank, textOf } from "#flow/json";
import { type FlowProblems, quote } from "#flow/problems";
import { isFlowNodeType } from "#flow/vendor";

export interface NodeList {
  readonly values: readonly Json[];
  /** Path of the graph. */
  readonly at: string;
  readonly topLevel: boolean;
}

/** Checks each node by itself, and that ids, names, START and END are there as often as they should be. */
export function checkNodes(list: NodeList, problems: FlowProblems, egress: Egress): readonly CheckedNode[] {
  const nodes: CheckedNode[] = [];
  const seen = { ids: new Set<string>(), names: new Set<string>() };
  for (const [index, raw] of list.values.entries()) {
    const at = `${list.at}.workflowNodes[${index}]`;
    if (!isJsonObject(raw)) {
      problems.add("WF_NODE_OBJ", at, "A node is an object.");
      continue;
    }
    const node = { raw, at, id: isBlank(raw["id"]) ? "" : textOf(raw["id"]), type: raw["type"] };
    nodes.push(node);
    checkIdentity(node, seen, problems);
    checkKind(node, problems);
    checkParam(node, problems, egress);
  }
  checkCounts(nodes, list, problems);
  return nodes;
}

function checkIdentity(node: CheckedNode, seen: { ids: Set<string>; names: Set<string> }, problems: FlowProblems): void {
  const { id, at, raw } = node;
  if (id === "") problems.add("WF_NODE_ID", `${at}.id`, "The node has no id.");
  else if (seen.ids.has(id))
    problems.add("WF_NODE_ID_DUP", `${at}.id`, `The id ${quote(id)} is taken by an earlier node of the graph.`, id);
  seen.ids.add(id);
  if (isBlank(raw["name"])) {
    report(node, problems, "WF_NODE_NAME", ".name", "The node has no name.");
    return;
  }
  const name = textOf(raw["name"]);
  if (seen.names.has(name)) {
    report(node, problems, "WF_NODE_NAME_DUP", ".name", `The name ${quote(name)} is taken by an earlier node of the graph.`);
  }
  seen.names.add(name);
}

function checkKind(node: CheckedNode, problems: FlowProblems): void {
  const { raw, type } = node;
  if (isBlank(type)) report(node, problems, "WF_NODE_TYPE", ".type", "The node has no type.");
  else if (!isFlowNodeType(type)) {
    report(node, problems, "WF_NODE_TYPE_INVALID", ".type", `${quote(textOf(type))} is none of the vendor's node types.`);
  }
  if ((raw["x"] ?? null) === null || (raw["y"] ?? null) === null) {
    report(node, problems, "WF_NODE_XY", "", "The node has no position: both x and y are needed.");
  }
}

function report(
  node: CheckedNode,
  problems: FlowProblems,
  code: Parameters<FlowProblems["add"]>[0],
  member: string,
  message: string,
): void {
  problems.add(code, node.at + member, message, node.id === "" ? undefined : node.id);
}

function checkCounts(nodes: readonly CheckedNode[], list: NodeList, problems: FlowProblems): void {
  const starts = nodes.filter((node) => node.type === "START").length;
  if (starts !== 1) problems.add("WF_START_COUNT", list.at, `A graph has exactly one START node; this one has ${starts}.`);
  if (!list.topLevel) return;
  const ends = nodes.filter((node) => node.type === "END").length;
  if (ends !== 1) problems.add("WF_END_COUNT", list.at, `A workflow has exactly one END node; this one has ${ends}.`);
}
