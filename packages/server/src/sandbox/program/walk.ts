import type { Node } from "acorn";

/** What the whole tree says about a program, in one pass without recursion: a long sum is a deep tree. */
export interface Survey {
  /** Every identifier in the source, property names included. */
  readonly identifiers: ReadonlySet<string>;
  /** A `return` that belongs to no function. */
  readonly returns: boolean;
  /** An `await` that belongs to no function. */
  readonly awaits: boolean;
}

interface Visit {
  readonly node: Node;
  readonly inFunction: boolean;
}

const OWN_SCOPE = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "PropertyDefinition", "StaticBlock"]);

export function survey(tree: Node): Survey {
  const identifiers = new Set<string>();
  let returns = false;
  let awaits = false;
  const pending: Visit[] = [{ node: tree, inFunction: false }];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { node, inFunction } = visit;
    if ("name" in node && typeof node.name === "string") identifiers.add(node.name);
    if (!inFunction && node.type === "ReturnStatement") returns = true;
    if (!inFunction && waits(node)) awaits = true;
    const inside = inFunction || OWN_SCOPE.has(node.type);
    for (const child of childrenOf(node)) pending.push({ node: child, inFunction: inside });
  }
  return { identifiers, returns, awaits };
}

function waits(node: Node): boolean {
  return node.type === "AwaitExpression" || ("await" in node && node.await === true);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
