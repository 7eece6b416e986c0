import { isCollection, isNode, isPair, isSeq, type YAMLMap, type YAMLSeq } from "yaml";

// Where comments stand: the parser ties them to what was open where they were written, people to what they stand above.

/** The parser gives a comment behind a blank line to what ends before it; people mean what begins after it. */
export function partComments(node: unknown): void {
  if (isPair(node)) partComments(node.value);
  if (!isCollection(node)) return;
  for (const [index, item] of node.items.entries()) {
    partComments(item);
    const next: unknown = node.items[index + 1];
    const head = isPair(next) ? next.key : next;
    const tail = node.flow === true || !isNode(head) ? null : lastComment(item);
    if (tail !== null && isNode(head)) head.commentBefore = commentsOf({ commentBefore: tail }, head);
  }
}

/** Takes what stands behind the last blank line of the comment that an item ends with; null: nothing does. */
function lastComment(item: unknown): string | null {
  const node: unknown = isPair(item) ? item.value : item;
  if (!isNode(node)) return null;
  const [, kept, tail] = /^(.*)\n\s*\n(.*)$/s.exec(node.comment ?? "") ?? [];
  if (kept === undefined || tail === undefined) return isCollection(node) ? lastComment(node.items.at(-1)) : null;
  node.comment = kept;
  return tail;
}

interface Commented {
  commentBefore?: string | null;
}

/** A comment above the first thing of an item of a list stands above the item, where a reader of the text would put it. */
export function hoistComments(node: unknown): void {
  if (isPair(node)) hoistComments(node.value);
  if (!isCollection(node)) return;
  for (const item of node.items) {
    hoistComments(item);
    if (isSeq(node) && isCollection(item)) hoistComment(item, item);
  }
}

export function hoistComment(from: YAMLMap | YAMLSeq, to: Commented): void {
  const [first] = from.items;
  const head = isPair(first) ? first.key : first;
  if (!isNode(head) || typeof head.commentBefore !== "string") return;
  to.commentBefore = commentsOf(to, head);
  delete head.commentBefore;
}

export function commentsOf(...parts: readonly Commented[]): string | null {
  const comments = parts.flatMap(({ commentBefore }) => (typeof commentBefore === "string" ? [commentBefore] : []));
  return comments.length === 0 ? null : comments.join("\n");
}
