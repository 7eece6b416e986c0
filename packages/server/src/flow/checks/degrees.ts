import type { CheckedNode } from "#flow/checks/checked-node";
import type { Link } from "#flow/checks/edges";
import type { FlowCode } from "#flow/codes";
import { listOf, objectOf, textOf } from "#flow/json";
import { type FlowProblems, quote } from "#flow/problems";
import { isControl } from "#flow/vendor";

interface Degree {
  readonly incoming: boolean;
  readonly outgoing: boolean;
}

/** Which edges each node has. All these faults lie at the graph's path; the message names the node. */
export function checkDegrees(nodes: readonly CheckedNode[], links: readonly Link[], at: string, problems: FlowProblems): void {
  const incoming = new Set(links.map((link) => link.target));
  const outgoing = new Set(links.map((link) => link.source));
  const handles = handlesByNode(links);
  for (const node of nodes) {
    const report = (code: FlowCode, what: string) =>
      problems.add(code, at, `The node ${quote(textOf(node.raw["name"]))} ${what}.`, node.id || undefined);
    if (node.id !== "") checkDegree(node, { incoming: incoming.has(node.id), outgoing: outgoing.has(node.id) }, report);
    checkHandles(node, handles.get(node.id) ?? new Set(), report);
  }
}

type Report = (code: FlowCode, what: string) => void;

function checkDegree(node: CheckedNode, { incoming, outgoing }: Degree, report: Report): void {
  switch (node.type) {
    case "START":
      if (incoming) report("WF_START_IN", "is a START and has an incoming edge");
      if (!outgoing) report("WF_START_OUT", "is a START and has no outgoing edge");
      return;
    case "END":
      if (outgoing) report("WF_END_OUT", "is an END and has an outgoing edge");
      if (!incoming) report("WF_END_IN", "is an END and has no incoming edge");
      return;
    case "COMMENT":
      if (incoming || outgoing) report("WF_COMMENT_EDGE", "is a COMMENT and has an edge");
      return;
    default:
      if (!incoming) report("WF_NODE_NO_IN", "has no incoming edge");
      if (!outgoing && !isControl(node.type)) report("WF_NODE_NO_OUT", "has no outgoing edge");
  }
}

function handlesByNode(links: readonly Link[]): ReadonlyMap<string, ReadonlySet<string>> {
  const handles = new Map<string, Set<string>>();
  for (const { source, handle } of links) {
    const known = handles.get(source);
    if (known) known.add(handle);
    else handles.set(source, new Set([handle]));
  }
  return handles;
}

function checkHandles({ type, raw }: CheckedNode, handles: ReadonlySet<string>, report: Report): void {
  const branches =
    type === "CONDITION"
      ? objectOf(raw["conditionParam"])["conditionBranches"]
      : type === "INTENT"
        ? objectOf(raw["intentParam"])["intents"]
        : undefined;
  const wanted = listOf(branches).map((branch) => textOf(objectOf(branch)["sourceHandle"]));
  if (wanted.every((handle) => handle === "" || handles.has(handle))) return;
  report(type === "INTENT" ? "WF_INTENT_NOT_CONNECTED" : "WF_COND_NOT_CONNECTED", "has a branch that no edge leaves");
}
