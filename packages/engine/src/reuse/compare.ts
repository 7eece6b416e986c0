import { canonicalJson, isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import type { ContainerPlan, GraphPlan, NodePlan, Plan } from "#plan/plan-types";

// Which results of a run hold in another version of its workflow. A result holds where the other version would have come by it in the same way:
// C1. The node is there, with the same type and the same definition; only its name and note may differ.
// C2. The same edges lead to it, and what is before it holds as well; inside a container, so does what began the container.
//     In a loop, where each iteration sees the variables of those before it, all but the first need the whole body.
// C3. It reads nothing of the document that differs: neither `env`, where that was changed, nor `workflow`.
// What a node of another version would have read is then what it did read: expressions see what is upstream, and nothing else.

/** One version: its plan, and the document that it was made of. */
export interface ComparedVersion {
  readonly plan: Plan;
  readonly document: JsonObject;
}

export interface Comparison {
  /** Ids of the nodes whose results hold. A container is among them where all of its body is. */
  readonly whole: ReadonlySet<string>;
  /** By id, the containers that would have begun with the same items, and how those run. */
  readonly begun: ReadonlyMap<string, ContainerPlan["mode"]>;
}

export function compareVersions(before: ComparedVersion, after: ComparedVersion): Comparison {
  const comparer = new Comparer(definitionsOf(before.document), definitionsOf(after.document), envDiffers(before, after));
  comparer.compare(before.plan.root, after.plan.root);
  return comparer;
}

class Comparer implements Comparison {
  readonly whole = new Set<string>();
  readonly begun = new Map<string, ContainerPlan["mode"]>();
  readonly #before: ReadonlyMap<string, JsonObject>;
  readonly #after: ReadonlyMap<string, JsonObject>;
  readonly #foreign: RegExp;

  constructor(before: ReadonlyMap<string, JsonObject>, after: ReadonlyMap<string, JsonObject>, env: boolean) {
    this.#before = before;
    this.#after = after;
    this.#foreign = env ? /\b(workflow|env)\b/ : /\bworkflow\b/;
  }

  /** True: all of the graph holds. */
  compare(before: GraphPlan, after: GraphPlan): boolean {
    const reached = new Map<string, boolean>();
    const [edgesBefore, edgesAfter] = [incomingOf(before), incomingOf(after)];
    const holds = (node: NodePlan): boolean => {
      const known = reached.get(node.id);
      if (known !== undefined) return known;
      const earlier = before.nodes[before.indexOf.get(node.id) ?? -1];
      const edges = edgesAfter.get(node.id) ?? NO_EDGES;
      const same = earlier !== undefined && this.#isDefinedAlike(node.id) && sameEdges(edgesBefore.get(node.id) ?? NO_EDGES, edges);
      const stands = same && edges.sources.every(holds) && this.#holdsWithBody(earlier, node);
      reached.set(node.id, stands);
      if (stands) this.whole.add(node.id);
      return stands;
    };
    const nodes = running(after);
    // Each of them, and not only up to the first that does not hold.
    const standing = nodes.map(holds);
    return running(before).length === nodes.length && standing.every(Boolean);
  }

  #holdsWithBody(before: NodePlan, after: NodePlan): boolean {
    if (!after.container || !before.container) return true;
    this.begun.set(after.id, after.container.mode);
    return this.compare(before.container.body, after.container.body);
  }

  #isDefinedAlike(id: string): boolean {
    const [before, after] = [this.#before.get(id), this.#after.get(id)];
    if (!before || !after || canonicalJson(before) !== canonicalJson(after)) return false;
    return !textsOf(after).some((text) => this.#foreign.test(text));
  }
}

interface Edges {
  /** Where they come from, with the port. */
  readonly names: Set<string>;
  readonly sources: NodePlan[];
}

const NO_EDGES: Edges = { names: new Set(), sources: [] };

function incomingOf(graph: GraphPlan): ReadonlyMap<string, Edges> {
  const found = new Map<string, Edges>();
  for (const source of graph.nodes) {
    for (const [port, targets] of source.targets) {
      for (const target of targets) {
        const id = graph.nodes[target]?.id ?? "";
        const edges = found.get(id) ?? { names: new Set(), sources: [] };
        edges.names.add(`${source.id}.${port}`);
        edges.sources.push(source);
        found.set(id, edges);
      }
    }
  }
  return found;
}

function sameEdges(before: Edges, after: Edges): boolean {
  return before.names.size === after.names.size && [...before.names].every((name) => after.names.has(name));
}

function running(graph: GraphPlan): readonly NodePlan[] {
  return graph.nodes.filter(({ spec }) => spec.role !== "note");
}

/** By id: what a node does, without its body, whose nodes have definitions of their own. */
function definitionsOf(graph: JsonObject, found = new Map<string, JsonObject>()): ReadonlyMap<string, JsonObject> {
  for (const node of Array.isArray(graph["nodes"]) ? graph["nodes"] : []) {
    if (!isJsonObject(node)) continue;
    const { id, name: _name, note: _note, body, ...definition } = node;
    found.set(String(id), definition);
    if (isJsonObject(body)) definitionsOf(body, found);
  }
  return found;
}

/** Every text in which an expression may stand; the name of the type is none. */
function textsOf({ type: _type, ...definition }: JsonObject): string[] {
  return Object.values(definition).flatMap(textsIn);
}

function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsIn);
}

function envDiffers(before: ComparedVersion, after: ComparedVersion): boolean {
  return canonicalJson(before.plan.env) !== canonicalJson(after.plan.env);
}
