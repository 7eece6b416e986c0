import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { checkCycle } from "#flow/checks/cycle";
import { checkDegrees } from "#flow/checks/degrees";
import { checkEdges } from "#flow/checks/edges";
import { checkNodes } from "#flow/checks/nodes";
import type { Egress } from "#flow/checks/param-check";
import { listOf } from "#flow/json";
import { MAX_BODY_DEPTH, MAX_NODES } from "#flow/limits";
import type { FlowProblems } from "#flow/problems";
import { isContainer } from "#flow/vendor";

/** A graph that is still to be checked. */
interface Place {
  readonly graph: JsonObject;
  readonly at: string;
  readonly depth: number;
}

/** Checks the workflow's graph and every body in it, level by level. */
export function checkGraphs(workflow: Json | undefined, problems: FlowProblems, egress: Egress): void {
  if (workflow === undefined || !isJsonObject(workflow)) {
    problems.add("WF_MISSING", "$.workflow", "The file has no `workflow` object.");
    return;
  }
  const places: Place[] = [{ graph: workflow, at: "$.workflow", depth: 0 }];
  let nodes = 0;
  // The list grows while it is walked: bodies go to its end.
  for (const place of places) {
    checkGraph(place, problems, egress);
    nodes += listOf(place.graph["workflowNodes"]).length;
    for (const body of bodiesOf(place, problems)) places.push(body);
  }
  if (nodes > MAX_NODES)
    problems.add("MR_DEPTH", "$.workflow", `The workflow has ${nodes} nodes, bodies included; at most ${MAX_NODES} can run.`);
}

function checkGraph({ graph, at, depth }: Place, problems: FlowProblems, egress: Egress): void {
  const values = listOf(graph["workflowNodes"]);
  if (values.length === 0) {
    problems.add("WF_NO_NODES", `${at}.workflowNodes`, "The graph has no nodes.");
    return;
  }
  const nodes = checkNodes({ values, at, topLevel: depth === 0 }, problems, egress);
  const links = checkEdges(listOf(graph["workflowEdges"]), at, nodes, problems);
  checkDegrees(nodes, links, at, problems);
  checkCycle(nodes, links, at, problems);
}

/** The bodies of this graph's containers; what lies too deep is reported and not looked at. */
function bodiesOf(place: Place, problems: FlowProblems): Place[] {
  const bodies: Place[] = [];
  for (const [index, node] of listOf(place.graph["workflowNodes"]).entries()) {
    if (!isJsonObject(node) || !isContainer(node["type"])) continue;
    const graph = node["subWorkflow"];
    const at = `${place.at}.workflowNodes[${index}].subWorkflow`;
    if (graph === undefined || !isJsonObject(graph)) {
      problems.add("WF_SUBWORKFLOW", at, "A LOOP or BATCH node has a body: a `subWorkflow` object.");
    } else if (place.depth === MAX_BODY_DEPTH) {
      problems.add("MR_DEPTH", at, `Bodies are nested more than ${MAX_BODY_DEPTH} levels deep.`);
    } else {
      bodies.push({ graph, at, depth: place.depth + 1 });
    }
  }
  return bodies;
}
