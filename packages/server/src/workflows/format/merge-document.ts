import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import type { NodeSpecs } from "@millrace/engine";
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { documentText, type FileForm, isSame, yamlOf } from "#workflows/format/format-document";
import { readYaml, UnreadableDocument } from "#workflows/read-document";

/** The text of a file that says this document from now on, in canonical form; comments on what is still there are kept. */
export function mergeText(text: string, document: JsonObject, form: FileForm, specs: NodeSpecs): string {
  const merged = form === "json" ? null : merge(text, document, specs);
  return merged ?? documentText(document, form, specs);
}

/** null: the text cannot say it without being written anew. */
function merge(text: string, document: JsonObject, specs: NodeSpecs): string | null {
  try {
    const { parsed } = readYaml(text);
    parsed.contents = merged(parsed, parsed.contents, document) as typeof parsed.contents;
    const result = yamlOf(parsed, specs);
    return isSame(readYaml(result).value, document) ? result : null;
  } catch (error) {
    if (error instanceof UnreadableDocument) return null;
    throw error;
  }
}

/** The node itself where it can say the value, else a new one with its comments. */
function merged(document: Document, node: Node | null, value: Json): Node {
  if (isMap(node) && isJsonObject(value)) return mergeMap(document, node, value);
  if (isSeq(node) && Array.isArray(value)) return mergeList(document, node, value);
  if (node !== null && !isMap(node) && !isSeq(node) && isEqual(document, node, value)) return node;
  const made = document.createNode(value, { aliasDuplicateObjects: false });
  if (node === null) return made;
  const { commentBefore, comment, spaceBefore } = node;
  Object.assign(made, { commentBefore, comment, spaceBefore });
  if (isScalar(node) && isScalar(made) && typeof node.value === "string" && typeof made.value === "string") keepQuotes(node, made);
  return made;
}

function keepQuotes(before: Scalar, after: Scalar): void {
  if (before.type !== undefined && before.type !== Scalar.PLAIN) after.type = before.type;
}

function mergeMap(document: Document, map: YAMLMap, value: JsonObject): Node {
  const before = new Map(map.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair]));
  map.items = Object.entries(value).map(([name, member]): Pair => {
    const pair = before.get(name);
    if (!pair) return document.createPair(name, member);
    pair.value = merged(document, pair.value as Node | null, member);
    return pair;
  });
  return map;
}

function mergeList(document: Document, list: YAMLSeq, value: readonly Json[]): Node {
  giveComment(list);
  const left = new Set(list.items as Node[]);
  const same = value.map((item) => take(left, (node) => isEqual(document, node, item)));
  const found = value.map((item, index) => same[index] ?? take(left, (node) => isOneNode(node, item)));
  list.items = value.map((item, index) => merged(document, found[index] ?? null, item));
  return list;
}

/** The comment above a list's first item is the item's, which may move. */
function giveComment(list: YAMLSeq): void {
  const [first] = list.items;
  if (!isNode(first) || list.flow === true || typeof list.commentBefore !== "string") return;
  first.commentBefore = list.commentBefore;
  delete list.commentBefore;
}

function take(left: Set<Node>, is: (node: Node) => boolean): Node | null {
  for (const node of left) {
    if (!is(node)) continue;
    left.delete(node);
    return node;
  }
  return null;
}

/** Nodes of a workflow are known by their ids, wherever they stand. */
function isOneNode(node: Node, item: Json): boolean {
  return isMap(node) && isJsonObject(item) && typeof item["id"] === "string" && node.get("id") === item["id"];
}

function isEqual(document: Document, node: Node, value: Json): boolean {
  const target = isAlias(node) ? node.resolve(document) : node;
  return target !== undefined && JSON.stringify(target.toJS(document)) === JSON.stringify(value);
}
