import type { Json, JsonObject } from "@millrace/contract";
import { buildNode, declaredOutputs } from "#flow/export/build";
import type { Built } from "#flow/export/built";
import { handleOf } from "#flow/export/handles";
import { isContainer, type NativeEdge, type NativeGraph, type NativeNode, type Refuse } from "#flow/export/native";
import { Positions } from "#flow/export/positions";
import { Sayer } from "#flow/export/say";
import type { View } from "#flow/export/view";
import { isBlank, listOf, objectOf, omit, record, textOf } from "#flow/json";
import { MAX_NATIVE_NAME_CHARS, MAX_NATIVE_NOTE_CHARS } from "#flow/limits";
import { Names } from "#flow/names";
import { inFileOrder, inNodeOrder } from "#flow/order";
import { cut, ENVELOPE, envelopeMembers } from "#flow/translate-node";
import { isFlowNodeType, paramNameOf } from "#flow/vendor";

const NEW_FILE = {
  formatVersion: "1.0",
  exportType: "WORKFLOW",
  botType: "Workflow",
  // Any other shows as a broken image.
  logo: "/developer/static/images/avatar/default-workflow-avatar_1628.png",
};

/** Version of what lies under `millrace`. */
const SCHEMA = 1;

/** The whole file, without the time of its export. */
export function assemble(view: View, refuse: Refuse): JsonObject {
  const { raw, top } = view.document;
  const kept = objectOf(objectOf(raw["flow"])["file"]);
  const own = ownMembers(raw, objectOf(kept["millrace"]));
  const description = textOf(raw["description"]);
  const file = {
    ...(Object.keys(kept).length === 0 ? NEW_FILE : {}),
    ...omit(kept, new Set(["millrace", "introduction"])),
    name: unlessCut(kept["name"], raw["name"], MAX_NATIVE_NAME_CHARS),
    ...(description === "" && isBlank(kept["introduction"])
      ? omitted(kept)
      : { introduction: unlessCut(kept["introduction"], description, MAX_NATIVE_NOTE_CHARS) }),
    workflow: new Assembly(view, refuse).graph(top),
    ...(own === null ? {} : { millrace: own }),
  };
  return inFileOrder(file);
}

/** A blank introduction that was read is written again. */
function omitted({ introduction }: JsonObject): JsonObject {
  return introduction === undefined ? {} : { introduction };
}

/** The text as it was read, where the document has no other than what fitted of it. */
function unlessCut(read: Json | undefined, now: Json | undefined, max: number): Json {
  return read !== undefined && cut(textOf(read), max) === now ? read : (now ?? "");
}

/** Names of values, never the values: those belong to the server. */
function ownMembers(raw: JsonObject, kept: JsonObject): JsonObject | null {
  const declared = new Map(listOf(kept["env"]).map((variable) => [textOf(objectOf(variable)["name"]), variable]));
  const env = Object.keys(objectOf(raw["env"])).map((name) => declared.get(name) ?? { name, desc: "" });
  const { strictInput, concurrency, tags } = raw;
  const own = {
    ...omit(kept, new Set(["env", "strictInput", "concurrency", "tags"])),
    ...(env.length === 0 ? {} : { env }),
    ...(strictInput === undefined ? {} : { strictInput }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(tags === undefined ? {} : { tags }),
  };
  if (Object.keys(own).length === 0) return null;
  return Object.keys(kept).length === 0 ? { schema: SCHEMA, ...own } : own;
}

class Assembly {
  readonly #view: View;
  readonly #refuse: Refuse;
  readonly #positions: Positions;

  constructor(view: View, refuse: Refuse) {
    this.#view = view;
    this.#refuse = refuse;
    this.#positions = new Positions(objectOf(view.document.raw["layout"]));
  }

  graph(graph: NativeGraph): JsonObject {
    return {
      ...objectOf(graph.flow["graph"]),
      workflowNodes: graph.nodes.map((node) => this.#node(node)),
      workflowEdges: edgesOf(graph, this.#view),
    };
  }

  #node(node: NativeNode): JsonObject {
    const kept = objectOf(node.flow["node"]);
    const position = this.#positions.of(node);
    const body = node.body === null ? {} : { subWorkflow: this.graph(node.body) };
    if (this.#view.kept.has(node)) {
      const { type } = kept;
      const whole = { ...kept, ...textsOf(node, kept), ...(kept["x"] === undefined && position), ...body };
      return isFlowNodeType(type) ? inNodeOrder(whole, type) : whole;
    }
    return this.#built(node, kept, position, body);
  }

  #built(node: NativeNode, kept: JsonObject, position: JsonObject, body: JsonObject): JsonObject {
    const sayer = new Sayer(node, this.#view, this.#refuse);
    // A text stands in for what cannot be said, so that everything else can be looked at.
    const built: Built = buildNode(sayer) ?? { type: "TEXT_PROCESS", param: { mode: "JOIN", joinText: "" } };
    const inputs =
      built.inputs ??
      Object.entries(objectOf(node.raw["inputs"])).map(([name, value]) => ({ id: name, name, ...sayer.variable(value, "inputs", name) }));
    const param = paramNameOf(built.type);
    const known = new Set([...KNOWN, ...Object.keys(kept).filter((name) => name.endsWith("Param"))]);
    const own = { ...omit(objectOf(kept["millrace"]), OWN), ...envelopeOf(node), ...built.own };
    const whole = {
      ...omit(kept, known),
      id: this.#view.idOf(node),
      ...textsOf(node, kept),
      type: built.type,
      ...position,
      inputs,
      outputs: declaredOutputs(sayer, built),
      ...(param === null ? {} : { [param]: built.param ?? {} }),
      ...(isContainer(node) ? body : {}),
      ...(Object.keys(own).length === 0 ? {} : { millrace: own }),
    };
    return inNodeOrder(whole, built.type);
  }
}

const KNOWN = ["id", "name", "type", "x", "y", "desc", "inputs", "outputs", "subWorkflow", "millrace"];
const OWN: ReadonlySet<string> = new Set([...ENVELOPE, "onItemError"]);

function textsOf({ raw }: NativeNode, kept: JsonObject): JsonObject {
  const note = textOf(raw["note"]);
  return {
    name: unlessCut(kept["name"], raw["name"], MAX_NATIVE_NAME_CHARS),
    ...(note !== "" || isBlank(kept["desc"])
      ? { desc: isBlank(kept["desc"]) && note === "" ? (kept["desc"] ?? "") : unlessCut(kept["desc"], note, MAX_NATIVE_NOTE_CHARS) }
      : {}),
  };
}

/** What every node may have and the vendor's have not; the time of an HTTP request has a place of its own there. */
function envelopeOf({ raw, type }: NativeNode): JsonObject {
  return record(envelopeMembers(raw).filter(([name]) => type !== "http" || name !== "timeoutMs"));
}

/** Edges with the ids that they were read with; those that are never taken stand where they stood. */
function edgesOf(graph: NativeGraph, view: View): readonly Json[] {
  const known = objectOf(graph.flow["edges"]);
  const ids = new Names([], Number.POSITIVE_INFINITY);
  const ignored = listOf(graph.flow["ignoredEdges"])
    .map(objectOf)
    .filter((one) => hasEnds(objectOf(one["edge"]), graph, view));
  for (const one of ignored) ids.takeExactly(textOf(objectOf(one["edge"])["id"]));
  for (const id of Object.values(known)) ids.takeExactly(textOf(id));
  for (const { flow } of graph.edges) if (flow) ids.takeExactly(textOf(flow["id"]));
  const edges = graph.edges.map((edge): Json => {
    const made = edgeOf(edge, view);
    if (edge.flow && edge.flow["sourceNodeID"] === made.sourceNodeID && edge.flow["targetNodeID"] === made.targetNodeID) return edge.flow;
    const text = `${edge.from.id}${edge.port === "out" ? "" : `.${edge.port}`} -> ${edge.to.id}`;
    const id = known[text];
    return { id: typeof id === "string" ? id : ids.take(`${edge.from.id}-${edge.port}-${edge.to.id}`), ...made };
  });
  for (const { at, edge } of ignored) edges.splice(Number(at), 0, edge ?? null);
  return edges;
}

function edgeOf({ from, port, to }: NativeEdge, view: View) {
  const [sourceNodeID, targetNodeID] = [view.idOf(from), view.idOf(to)];
  return { sourceNodeID, targetNodeID, sourceHandle: handleOf(from, port, view), targetHandle: `target-${targetNodeID}` };
}

function hasEnds(edge: JsonObject, graph: NativeGraph, view: View): boolean {
  const ids = new Set(graph.nodes.map((node) => view.idOf(node)));
  return ids.has(textOf(edge["sourceNodeID"])) && ids.has(textOf(edge["targetNodeID"]));
}
