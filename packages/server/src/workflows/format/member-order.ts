import { BODY_ORDER, compareCodePoints, DOCUMENT_ORDER, NODE_ORDER } from "@millrace/contract";
import type { NodeSpecs } from "@millrace/engine";

// The order of members in a file is the order of the canonical text with two differences, both for readers: a node's config comes in the
// order of its schema, and what is long or is no meaning (`body`, `flow`, `layout`) comes last.

/** Members of a document in the order of a file. */
export function documentOrder(names: readonly string[]): readonly string[] {
  return inOrder(names, DOCUMENT_ORDER, ["flow", "layout"]);
}

/** Members of a node of this type. */
export function nodeOrder(names: readonly string[], type: unknown, specs: NodeSpecs): readonly string[] {
  const { properties = {} } = (specs.get(String(type))?.config ?? {}) as { readonly properties?: object };
  return inOrder(names, [...NODE_ORDER, ...Object.keys(properties)], ["body", "flow"]);
}

/** Members of a container's body. */
export function bodyOrder(names: readonly string[]): readonly string[] {
  return inOrder(names, BODY_ORDER, []);
}

function inOrder(names: readonly string[], first: readonly string[], last: readonly string[]): readonly string[] {
  const known = [...first.filter((name) => !last.includes(name)), ...last];
  const rest = names.filter((name) => !known.includes(name)).toSorted(compareCodePoints);
  const middle = known.filter((name) => !last.includes(name));
  return [...middle, ...rest, ...last].filter((name) => names.includes(name));
}
