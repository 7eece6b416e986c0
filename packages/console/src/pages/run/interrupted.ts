import type { NodeTrace } from "@millrace/contract";

/** What the console makes fail: the type of that error. */
const MADE_TO_FAIL = "made_to_fail";

type Traces = readonly Pick<NodeTrace, "nodeId" | "nodeName" | "attemptList">[];

/** Names of the nodes whose attempts were lost with their process, each once. */
export function lostNodes(nodes: Traces): readonly string[] {
  const lost = nodes.filter(({ attemptList = [] }) => attemptList.some((attempt) => attempt.lost === true));
  return [...new Set(lost.map(({ nodeId, nodeName }) => nodeName ?? nodeId))];
}

/** Name of the node that was made to fail; null: none was. */
export function brokenNode(nodes: Traces): string | null {
  const broken = nodes.find(({ attemptList = [] }) => attemptList.some(({ error }) => error?.type === MADE_TO_FAIL));
  return broken ? (broken.nodeName ?? broken.nodeId) : null;
}
