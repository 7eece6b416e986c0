import type { ArgumentNode, Expression, MemberNode, NameNode, ObjectNode } from "#expression/ast";

/** A name that stands for a value, with the static members after it. Names of called functions are not among them. */
export interface NameUse {
  readonly node: NameNode;
  readonly members: readonly MemberNode[];
  /** The parameters in scope, innermost last. */
  readonly params: readonly NameNode[];
  /** In `{name}`, short for `{name: name}`. */
  readonly shorthand: boolean;
}

type Visit = (use: NameUse) => void;

/** Visits every name of the expression that is read as a value. */
export function walkNames(expression: Expression, visit: Visit): void {
  walk(expression, [], visit, false);
}

function walk(node: Expression, params: readonly NameNode[], visit: Visit, shorthand: boolean): void {
  if (node.kind === "name" || node.kind === "member") walkMembers(node, params, visit, shorthand);
  else if (node.kind === "object") walkObject(node, params, visit);
  else walkAll(contentsOf(node, params, visit), params, visit);
}

function contentsOf(
  node: Exclude<Expression, NameNode | MemberNode | ObjectNode>,
  params: readonly NameNode[],
  visit: Visit,
): readonly ArgumentNode[] {
  switch (node.kind) {
    case "literal":
      return [];
    case "index":
      return [node.object, node.index];
    case "call":
      walkCallee(node.callee, params, visit);
      return node.args;
    case "unary":
      return [node.operand];
    case "chain":
      return [node.first, ...node.links.map((link) => link.operand)];
    case "conditional":
      return [node.test, node.yes, node.no];
    case "list":
      return node.items;
    case "template":
      return node.values;
  }
}

function walkObject(node: ObjectNode, params: readonly NameNode[], visit: Visit): void {
  for (const member of node.members) {
    if (member.kind === "pair" && typeof member.key !== "string") walk(member.key, params, visit, false);
    walk(member.value, params, visit, member.kind === "pair" && member.shorthand);
  }
}

function walkMembers(node: NameNode | MemberNode, params: readonly NameNode[], visit: Visit, shorthand: boolean): void {
  const members: MemberNode[] = [];
  let at: Expression = node;
  for (; at.kind === "member"; at = at.object) members.unshift(at);
  if (at.kind === "name") visit({ node: at, members, params, shorthand });
  else walk(at, params, visit, false);
}

function walkCallee(callee: Expression, params: readonly NameNode[], visit: Visit): void {
  if (callee.kind === "member") walk(callee.object, params, visit, false);
  else if (callee.kind !== "name") walk(callee, params, visit, false);
}

function walkAll(nodes: readonly ArgumentNode[], params: readonly NameNode[], visit: Visit): void {
  for (const node of nodes) {
    if (node.kind === "arrow") walk(node.body, [...params, ...node.params], visit, false);
    else walk(node.kind === "spread" ? node.value : node, params, visit, false);
  }
}
