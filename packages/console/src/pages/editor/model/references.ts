import { fromPointer, isJsonObject, type Json, type JsonObject, type WorkflowDocument, type WorkflowNode } from "@millrace/contract";
import { hasExpression, namesReadBy, renameInTemplate, usagesOfNode } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import { configOf, placesOf, specOf } from "#pages/editor/model/document.ts";

// Who reads whom. References are the names in expressions, read by the engine's own parser; text that no executor reads as a template
// (source code, schemas) holds none.

export interface Usage {
  /** The node that reads; null: the document's own settings. */
  readonly nodeId: string | null;
  /** Members and indexes from the node, or the document, to the text. */
  readonly field: readonly string[];
}

/** Every text that reads the node `id`. */
export function usagesOf(document: WorkflowDocument, id: string): readonly Usage[] {
  return usagesOfNode(document as unknown as JsonObject, nodeSpecs, id).map(({ nodeId, path }) => ({
    nodeId,
    ...(nodeId === null ? { field: fromPointer(path) } : { field: fieldOf(document, nodeId, path) }),
  }));
}

function fieldOf(document: WorkflowDocument, nodeId: string, path: string): readonly string[] {
  const pointer = placesOf(document).get(nodeId)?.pointer ?? "";
  return fromPointer(path.startsWith(`${pointer}/`) ? path.slice(pointer.length) : path);
}

/** What a node reads, and who reads it; a node that does both is one that it reads. */
export function linksOf(document: WorkflowDocument, id: string): ReadonlyMap<string, "read" | "reader"> {
  const names = namesReadBy(document as unknown as JsonObject, nodeSpecs);
  const links = new Map<string, "read" | "reader">();
  for (const [reader, read] of names) if (reader !== id && read.has(id)) links.set(reader, "reader");
  const places = placesOf(document);
  for (const name of names.get(id) ?? []) if (name !== id && places.has(name)) links.set(name, "read");
  return links;
}

/** The document with every reference to `from` reading `to`, which is there already. Text that cannot be parsed stays: it is a problem already. */
export function renameReferences(document: WorkflowDocument, from: string, to: string): WorkflowDocument {
  const rename = (text: string): string => renamed(text, from, to);
  const nodes = rewriteNodes(document.nodes, rename);
  const key = document.concurrency?.key;
  const withNodes = nodes === document.nodes ? document : { ...document, nodes };
  if (key === undefined || !document.concurrency) return withNodes;
  const next = rename(key);
  return next === key ? withNodes : { ...withNodes, concurrency: { ...document.concurrency, key: next } };
}

function renamed(text: string, from: string, to: string): string {
  if (!text.includes(from) || !hasExpression(text)) return text;
  const result = renameInTemplate(text, { from: [from], to });
  return result.ok && result.count > 0 ? result.text : text;
}

export type Rewrite = (text: string, path: readonly (string | number)[]) => string;

/** The nodes with every template in them rewritten, bodies included; untouched ones stay the same objects. */
export function rewriteNodes(nodes: readonly WorkflowNode[], rewrite: Rewrite): readonly WorkflowNode[] {
  const next = nodes.map((node) => {
    const own = rewriteNode(node, rewrite);
    const body = own["body"] as { readonly nodes?: readonly WorkflowNode[] } | undefined;
    if (!body || !Array.isArray(body.nodes)) return own;
    const inner = rewriteNodes(body.nodes, rewrite);
    return inner === body.nodes ? own : ({ ...own, body: { ...body, nodes: inner } } as WorkflowNode);
  });
  return next.every((node, index) => node === nodes[index]) ? nodes : next;
}

/** Templates stand in the config (but for literal members and bodies), in `inputs`, the values of `outputs`, and the rest of the envelope. */
function rewriteNode(node: WorkflowNode, rewrite: Rewrite): WorkflowNode {
  const members = specOf(node)?.members ?? {};
  const config = configOf(node);
  const isTemplated = (name: string) => {
    if (name === "inputs" || name === "outputs" || name === "cache" || name === "skipIf" || name === "concurrency") return true;
    return Object.hasOwn(config, name) && members[name] !== "literal" && members[name] !== "graph";
  };
  const entries = Object.entries(node).map(([name, value]) => [
    name,
    isTemplated(name) ? rewriteValue(value as Json, [name], rewrite) : value,
  ]);
  return entries.every(([name, value]) => node[name as string] === value) ? node : (Object.fromEntries(entries) as WorkflowNode);
}

function rewriteValue(value: Json, path: readonly (string | number)[], rewrite: Rewrite): Json {
  if (typeof value === "string") return rewrite(value, path);
  if (Array.isArray(value)) {
    const next = value.map((item, index) => rewriteValue(item, [...path, index], rewrite));
    return next.every((item, index) => item === value[index]) ? value : next;
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, rewriteValue(member as Json, [...path, name], rewrite)] as const);
  return entries.every(([name, member]) => value[name] === member) ? value : (Object.fromEntries(entries) as JsonObject);
}
