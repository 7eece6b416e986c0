import { ANY } from "@millrace/engine";
import { type Expression, member, NULL } from "#flow/expression";
import { MAX_NAME_CHARS } from "#flow/limits";
import type { Fields } from "#flow/model/field";
import { findByName, walk } from "#flow/model/fields";
import type { FlowGraph, FlowNode } from "#flow/model/graph";
import { quote } from "#flow/problems";
import type { Translation } from "#flow/translation";

/** Whose values are looked for: a node in its graph, or (`node` null) what sees a whole body, once an iteration is complete. */
export interface Reader {
  readonly graph: FlowGraph;
  readonly node: FlowNode | null;
}

/** `nodeId#variable_name#variable_id`. */
export interface Triple {
  readonly nodeId: string;
  readonly name: string;
  readonly variableId: string;
}

/** The parts of a reference, or null where the text is none. */
export function parseTriple(text: string): Triple | null {
  const first = text.indexOf("#");
  const last = text.lastIndexOf("#");
  if (first === last) return null;
  const triple = { nodeId: text.slice(0, first), name: text.slice(first + 1, last), variableId: text.slice(last + 1) };
  return triple.nodeId.trim() === "" || (triple.name.trim() === "" && triple.variableId.trim() === "") ? null : triple;
}

type Place = "upstream" | "inside" | "elsewhere";

interface Located {
  readonly node: FlowNode;
  /** `inside`: the reader lies in this container's body. `elsewhere`: it does not run before the reader. */
  readonly place: Place;
}

/** The node that an id means to the reader: the innermost graph wins. */
function locate(nodeId: string, reader: Reader, translation: Translation): Located | null {
  let anchor = reader.node;
  for (let graph = reader.graph; ; ) {
    const node = graph.byId.get(nodeId);
    if (node) return { node, place: placeOf(node, graph, anchor, graph !== reader.graph) };
    if (!graph.container) break;
    anchor = graph.container;
    graph = anchor.graph;
  }
  const node = translation.anywhere(nodeId);
  return node ? { node, place: "elsewhere" } : null;
}

function placeOf(node: FlowNode, graph: FlowGraph, anchor: FlowNode | null, around: boolean): Place {
  if (anchor === null) return "upstream";
  if (node === anchor) return around ? "inside" : "elsewhere";
  return graph.upstream[anchor.index]?.has(node.index) ? "upstream" : "elsewhere";
}

/** Does the text read as a reference to a node that exists? */
export function isReference(text: string, reader: Reader, translation: Translation): boolean {
  const triple = parseTriple(text);
  return triple !== null && locate(triple.nodeId, reader, translation) !== null;
}

/**
 * The value that a reference means. What does not exist, or does not run before, is a warning now, and stays a reference that publishing
 * refuses: its meaning cannot be guessed.
 */
export function resolveReference(text: string, at: string, reader: Reader, owner: FlowNode, translation: Translation): Expression {
  const triple = parseTriple(text);
  if (triple === null) {
    translation.report(owner, "MR_REF_SYNTAX", at, `${quote(text)} is no reference; one is written nodeId#variable_name#variable_id.`);
    return { code: translation.unknownRoot(text.slice(0, MAX_NAME_CHARS)), type: ANY };
  }
  const located = locate(triple.nodeId, reader, translation);
  if (located === null) {
    translation.report(owner, "MR_REF_UNKNOWN", at, `There is no node ${quote(triple.nodeId)}.`);
    return { code: member(translation.unknownRoot(triple.nodeId), triple.name), type: ANY };
  }
  const { node, place } = located;
  if (place === "elsewhere")
    translation.report(owner, "MR_REF_NOT_UPSTREAM", at, `The node ${quote(node.name)} does not run before this one.`);
  const value = findField(place === "inside" ? node.frame : node.fields, triple);
  if (value !== null) return value;
  const what = place === "inside" ? "has no such variable for its body" : "has no such output";
  translation.report(owner, "MR_REF_UNKNOWN", at, `The node ${quote(node.name)} ${what}: ${quote(triple.name)}.`);
  return node.dead ? NULL : { code: member(node.nativeId, triple.name || triple.variableId), type: ANY };
}

/** By id, then by name; `name.a.0` of the variable `name` is a path into its value. */
function findField(fields: Fields, { name, variableId }: Triple): Expression | null {
  const field = fields.byId.get(variableId);
  if (field === undefined) return name.length > MAX_NAME_CHARS ? null : findByName(fields, name);
  if (fields.byName.has(name) || !name.startsWith(`${field.name}.`)) return field.expression;
  return walk(field.expression, name.slice(field.name.length + 1));
}
