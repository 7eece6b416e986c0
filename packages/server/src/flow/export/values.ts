import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { templatePieces } from "@millrace/engine";
import { containersOf, type NativeDocument, type NativeGraph, type NativeNode } from "#flow/export/native";
import { readSaid, type Said, type SaidValue } from "#flow/export/said";
import { record } from "#flow/json";

/** A config string: literal text, and expressions. */
export type Piece = { readonly text: string } | { readonly said: Said };

/** A string's pieces; neighbouring texts are one, and expressions that are literal texts are text. */
export function piecesOf(text: string, graph: NativeGraph): readonly Piece[] {
  const pieces: Piece[] = [];
  const read = templatePieces(text);
  for (const piece of read) {
    const said = piece.kind === "text" ? null : qualify(readSaid(piece.source), graph);
    const literal = said === null && piece.kind === "text" ? piece.text : null;
    const written = literal ?? (read.length > 1 && said?.kind === "literal" && typeof said.value === "string" ? said.value : null);
    const last = pieces.at(-1);
    if (written === null) pieces.push({ said: said ?? { kind: "literal", value: null } });
    else if (last && "text" in last) pieces[pieces.length - 1] = { text: last.text + written };
    else pieces.push({ text: written });
  }
  return pieces;
}

/** What a config member says: a literal, one expression, or (null) text with expressions in it, or a list or object that holds some. */
export function saidOf(value: Json, graph: NativeGraph): Said | null {
  if (typeof value === "string") {
    const pieces = piecesOf(value, graph);
    const [only] = pieces;
    if (only === undefined) return { kind: "literal", value: "" };
    if (pieces.length > 1) return null;
    return "text" in only ? { kind: "literal", value: only.text } : only.said;
  }
  if (value === null || typeof value !== "object") return { kind: "literal", value };
  if (isJsonObject(value)) {
    const members = Object.entries(value).map(([name, item]) => [name, saidOf(item, graph)] as const);
    return members.every(isLiteral) ? { kind: "literal", value: record(members.map(([name, said]) => [name, literalOf(said)])) } : null;
  }
  const items = (value as readonly Json[]).map((item) => saidOf(item, graph));
  return items.every((item) => item?.kind === "literal") ? { kind: "literal", value: items.map(literalOf) } : null;
}

function isLiteral([, said]: readonly [string, Said | null]): boolean {
  return said?.kind === "literal";
}

function literalOf(said: Said | null): Json {
  return said?.kind === "literal" ? said.value : null;
}

/** Names of the nearest loop (`item`, `index`, `loop.x`) as names of the container that they belong to. */
function qualify(said: Said, graph: NativeGraph): Said {
  switch (said.kind) {
    case "value":
      return qualifyValue(said, containersOf(graph));
    case "convert":
    case "text":
      return { ...said, value: qualify(said.value, graph) };
    case "call":
      return { ...said, given: said.given.map((one) => qualify(one, graph)) };
    case "object":
      return { ...said, members: said.members.map(([name, value]) => [name, qualify(value, graph)] as const) };
    default:
      return said;
  }
}

function qualifyValue({ root, steps }: SaidValue, around: readonly NativeNode[]): Said {
  const [nearest] = around;
  if (nearest && root === "item") return itemOf(nearest, steps);
  if (nearest && root === "index") return { kind: "value", root: nearest.id, steps: ["index", ...steps] };
  if (nearest && root === "loop") return { kind: "value", root: nearest.id, steps };
  const container = steps[0] === "item" ? around.find(({ id }) => id === root) : undefined;
  return container ? itemOf(container, steps.slice(1)) : { kind: "value", root, steps };
}

/** The name of the list that a container of bare items walks. */
export const BARE_ITEM = "item";

function itemOf({ id, bareItems }: NativeNode, steps: readonly string[]): Said {
  return { kind: "value", root: id, steps: ["item", ...(bareItems ? [BARE_ITEM] : []), ...steps] };
}

/** Members of a node whose strings are no templates. */
const LITERAL: ReadonlySet<string> = new Set([
  "id",
  "type",
  "name",
  "note",
  "flow",
  "code",
  "language",
  "wrap",
  "delimiters",
  "sql",
  "body",
  "retry",
  "schema",
]);

/** May strings of this member of a node hold expressions? The input of a start node is a schema, the text of a comment a text. */
export function isTemplated(node: NativeNode, member: string): boolean {
  return !LITERAL.has(member) && !(member === "input" && node.type === "start") && !(member === "text" && node.type === "comment");
}

/** Fields that any expression of the document reads, by the id of their node. */
export function readFields({ graphs }: NativeDocument): ReadonlyMap<string, ReadonlySet<string>> {
  const fields = new Map<string, Set<string>>();
  for (const graph of graphs) {
    for (const node of graph.nodes) {
      for (const [member, value] of Object.entries(node.raw)) {
        if (!isTemplated(node, member)) continue;
        // What a container collects is read where its body is.
        const reader = member === "collect" || member === "while" ? (node.body ?? graph) : graph;
        for (const { root, steps } of valuesIn(value, reader)) {
          const known = fields.get(root) ?? new Set();
          fields.set(root, known.add(steps[0] ?? ""));
        }
      }
    }
  }
  return fields;
}

function valuesIn(value: Json, graph: NativeGraph): readonly SaidValue[] {
  if (typeof value === "string") return piecesOf(value, graph).flatMap((piece) => ("said" in piece ? valuesOf(piece.said) : []));
  if (value === null || typeof value !== "object") return [];
  return Object.values(value as JsonObject).flatMap((item) => valuesIn(item, graph));
}

function valuesOf(said: Said): readonly SaidValue[] {
  switch (said.kind) {
    case "value":
      return [said];
    case "convert":
    case "text":
      return valuesOf(said.value);
    case "call":
      return said.given.flatMap(valuesOf);
    case "object":
      return said.members.flatMap(([, value]) => valuesOf(value));
    default:
      return [];
  }
}
