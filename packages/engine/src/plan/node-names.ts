import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { parse } from "#expression/parse";
import { Problems } from "#expression/problems";
import { type Renaming, renameInTemplate } from "#expression/rename";
import { isReservedName } from "#expression/reserved";
import { hasExpression, splitTemplate } from "#expression/template";
import { walkNames } from "#expression/walk";
import type { NodeSpecs } from "#node-spec";
import { DocumentTexts } from "#plan/document-texts";
import { GIVEN_NAMES } from "#plan/scope-names";

/** A place in a document that reads a node. */
export interface NodeUsage {
  /** The node that reads; null: the document itself. */
  readonly nodeId: string | null;
  /** JSON pointer in the document. */
  readonly path: string;
}

export interface RenamedNode {
  readonly document: JsonObject;
  /** How many texts read it. */
  readonly usages: number;
}

/**
 * Gives a node another id, with its edges, its place in the layout and every expression that reads it; texts that cannot be read as
 * expressions stay as they are. null: the new id is no identifier, has a meaning of its own, or is taken.
 */
export function renameNode(document: JsonObject, specs: NodeSpecs, from: string, to: string): RenamedNode | null {
  if (!isFreeName(document, to) || !hasNode(document, from)) return null;
  const found: NodeUsage[] = [];
  const renaming = { from: [from], to };
  const texts = new DocumentTexts(
    specs,
    (...text) => renamed(renaming, found, ...text),
    (id) => (id === from ? to : id),
  );
  const whole = texts.document(document);
  const { layout } = whole;
  return { document: layout === undefined ? whole : { ...whole, layout: renamedLayout(layout, from, to) }, usages: found.length };
}

/** Where expressions read the node. */
export function usagesOfNode(document: JsonObject, specs: NodeSpecs, id: string): readonly NodeUsage[] {
  const found: NodeUsage[] = [];
  new DocumentTexts(specs, (...text) => renamed({ from: [id], to: `${id}_` }, found, ...text)).document(document);
  return found;
}

/** By id of a node: the root names that its expressions read, without those that they declare themselves. */
export function namesReadBy(document: JsonObject, specs: NodeSpecs): ReadonlyMap<string, ReadonlySet<string>> {
  const read = new Map<string, Set<string>>();
  const visit = (text: string, nodeId: string | null): string => {
    if (nodeId === null || !hasExpression(text)) return text;
    const names = read.get(nodeId) ?? new Set();
    read.set(nodeId, names);
    for (const name of namesIn(text)) names.add(name);
    return text;
  };
  new DocumentTexts(specs, visit).document(document);
  return read;
}

function namesIn(text: string): string[] {
  const ignored = new Problems();
  const names: string[] = [];
  for (const piece of splitTemplate(text, ignored)) {
    const expression = piece.kind === "text" ? null : parse(piece.source, piece.start, ignored);
    if (!expression) continue;
    walkNames(expression, ({ node, params }) => {
      if (!params.some(({ name }) => name === node.name)) names.push(node.name);
    });
  }
  return names;
}

function renamed(renaming: Renaming, found: NodeUsage[], text: string, nodeId: string | null, path: string): string {
  if (!hasExpression(text)) return text;
  const result = renameInTemplate(text, renaming);
  if (!result.ok || result.count === 0) return text;
  found.push({ nodeId, path });
  return result.text;
}

function isFreeName(document: JsonObject, name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) && !isReservedName(name) && !GIVEN_NAMES.has(name) && !hasNode(document, name);
}

/** Keys are paths of nodes: `loop/inner`. */
function renamedLayout(layout: Json, from: string, to: string): Json {
  if (!isJsonObject(layout)) return layout;
  const step = (id: string): string => (id === from ? to : id);
  return Object.fromEntries(Object.entries(layout).map(([path, place]) => [path.split("/").map(step).join("/"), place]));
}

function hasNode(graph: JsonObject, id: string): boolean {
  const { nodes } = graph;
  return (
    Array.isArray(nodes) &&
    nodes.some((node) => isJsonObject(node) && (node["id"] === id || (isJsonObject(node["body"]) && hasNode(node["body"], id))))
  );
}
