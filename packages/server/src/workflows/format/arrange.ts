import { CONTAINER_TYPES, edgeText, type Json } from "@millrace/contract";
import type { NodeSpecs } from "@millrace/engine";
import { type Document, isAlias, isCollection, isMap, isPair, isScalar, isSeq, Scalar, visit, type YAMLMap, type YAMLSeq } from "yaml";
import { commentsOf, hoistComment, hoistComments, partComments } from "#workflows/format/comments";
import { bodyOrder, documentOrder, nodeOrder } from "#workflows/format/member-order";

/** Members of a document that a blank line goes before. */
const SECTIONS: ReadonlySet<string> = new Set(["env", "nodes", "edges", "layout"]);

/** A flow collection with more characters than this becomes a block: it would be a long line. */
const FLOW_CHARACTERS = 120;

/** Puts a document into the order and style of a file; comments go with what they stand before. What it means stays the same. */
export function arrange(document: Document, specs: NodeSpecs): void {
  const root = document.contents;
  if (!isMap(root)) return;
  settleStyles(document);
  partComments(root);
  asBlock(root);
  // What stands above the first member is said of the file, and what then comes to stand there is as well.
  hoistComment(root, root);
  // An alias must come behind its anchor, wherever the order would have it.
  const ordered = hasAliases(document) ? () => undefined : orderMembers;
  ordered(root, documentOrder(namesOf(root)));
  hoistComment(root, root);
  [document.commentBefore, root.commentBefore] = [commentsOf(document, root), null];
  arrangeGraph(root, specs, ordered);
  hoistComments(root);
  for (const pair of root.items) if (isScalar(pair.key)) pair.key.spaceBefore = SECTIONS.has(String(pair.key.value));
  const nodes = root.get("nodes");
  if (isSeq(nodes)) for (const [index, node] of nodes.items.entries()) if (isMap(node)) node.spaceBefore = index > 0;
}

type OrderMembers = (map: YAMLMap, names: readonly string[]) => void;

function arrangeGraph(graph: YAMLMap, specs: NodeSpecs, order: OrderMembers): void {
  const nodes = graph.get("nodes");
  const edges = graph.get("edges");
  if (isSeq(edges)) arrangeEdges(edges);
  if (!isSeq(nodes)) return;
  asBlock(nodes);
  for (const node of nodes.items) {
    if (!isMap(node)) continue;
    asBlock(node);
    const type = node.get("type");
    order(node, nodeOrder(namesOf(node), type, specs));
    const body = node.get("body");
    if (!isMap(body) || !CONTAINER_TYPES.some((container) => container === type)) continue;
    asBlock(body);
    order(body, bodyOrder(namesOf(body)));
    arrangeGraph(body, specs, order);
  }
}

/** Each edge in its short form where that says all of it; one with a comment inside of it stays as it is. */
function arrangeEdges(edges: YAMLSeq): void {
  edges.flow = edges.items.length === 0;
  edges.items = edges.items.map((edge) => {
    if (!(isScalar(edge) || isMap(edge)) || hasComment(edge)) return edge;
    const plain = edge.toJSON() as Json;
    const short: unknown = JSON.parse(edgeText(plain));
    if (typeof short !== "string" || short === plain) return edge;
    const scalar = new Scalar(short);
    const { comment, commentBefore, spaceBefore } = edge;
    return Object.assign(scalar, { comment, commentBefore, spaceBefore });
  });
}

function hasComment(edge: unknown): boolean {
  return (
    isMap(edge) && edge.items.some(({ key, value }) => [key, value].some((part) => isScalar(part) && (part.comment || part.commentBefore)))
  );
}

function orderMembers(map: YAMLMap, names: readonly string[]): void {
  const rank = new Map(names.map((name, index) => [name, index]));
  const first = map.items[0]?.key;
  map.items = map.items.toSorted((a, b) => (rank.get(keyOf(a.key)) ?? 0) - (rank.get(keyOf(b.key)) ?? 0));
  const head = map.items[0]?.key;
  if (!isScalar(first) || !isScalar(head) || first === head) return;
  // A blank line stands between members, and moves with none of them to the top.
  [first.spaceBefore, head.spaceBefore] = [head.spaceBefore ?? false, false];
}

function namesOf(map: YAMLMap): readonly string[] {
  return map.items.map(({ key }) => keyOf(key));
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function hasAliases(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/** Long flow collections, and those with comments, as blocks; texts of several lines as they read. */
function settleStyles(document: Document): void {
  visit(document, {
    Node: (_, node) => {
      // A blank line behind a comment belongs to what follows.
      if (typeof node.comment === "string") node.comment = node.comment.trimEnd();
    },
  });
  visit(document, {
    Collection: (_, node) => {
      if (node.flow === true && node.items.length > 0 && (sizeOf(node) > FLOW_CHARACTERS || node.items.some(isCommented)))
        node.flow = false;
    },
    Scalar: (key, node) => {
      const type = typeof node.value === "string" ? textType(node, node.value, key === "key") : undefined;
      if (type !== undefined) node.type = type;
    },
  });
  const layout = document.get("layout");
  if (!isMap(layout)) return;
  asBlock(layout);
  for (const { value } of layout.items) if (isSeq(value)) value.flow = true;
}

/** Other readers of YAML take it for a number, or refuse it. */
const LEADING_ZERO = /^[-+]?0\d/;

/** undefined: as it is. */
function textType({ type }: Scalar, text: string, isKey: boolean): Scalar.Type | undefined {
  if (LEADING_ZERO.test(text) && (isKey || type === Scalar.PLAIN || type === undefined)) return Scalar.QUOTE_DOUBLE;
  if (isKey) return text.includes("\n") ? Scalar.QUOTE_DOUBLE : Scalar.PLAIN;
  if (!text.includes("\n") || type === Scalar.BLOCK_FOLDED) return undefined;
  // Blanks at the end of a line cannot be seen in a block.
  return type === Scalar.BLOCK_LITERAL || !/[ \t](\n|$)/.test(text) ? Scalar.BLOCK_LITERAL : undefined;
}

/** What stood behind the bracket stands above the block. */
function asBlock(node: YAMLMap | YAMLSeq): void {
  if (node.flow === true && typeof node.comment === "string") {
    node.commentBefore = commentsOf(node, { commentBefore: node.comment });
    delete node.comment;
  }
  node.flow = false;
}

/** Characters of a collection on one line, roughly: the same before and after formatting. */
function sizeOf(node: unknown): number {
  if (isPair(node)) return sizeOf(node.key) + 2 + sizeOf(node.value);
  if (isCollection(node)) return node.items.reduce((sum: number, item: unknown) => sum + sizeOf(item) + 2, 2);
  if (isScalar(node)) return typeof node.value === "string" ? node.value.length : String(node.value).length;
  return isAlias(node) ? node.source.length + 1 : 0;
}

function isCommented(node: unknown): boolean {
  if (isPair(node)) return isCommented(node.key) || isCommented(node.value);
  if (isScalar(node) || isAlias(node)) return Boolean(node.comment || node.commentBefore);
  return isCollection(node) && (Boolean(node.comment || node.commentBefore) || node.items.some(isCommented));
}
