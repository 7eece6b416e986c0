import type { Json, JsonObject } from "@millrace/contract";
import { isJsonObject } from "@millrace/contract";
import type { Reference } from "#expression/scope";
import type { GraphDraft, NodeDraft } from "#plan/draft";
import type { NodeView, Scope } from "#plan/scope";
import type { ValueType } from "#value/types";

/** An own member, or the whole value where no member is named. What is not there is null. */
export function readMember(value: Json, field: string | undefined): Json {
  if (field === undefined) return value;
  return isJsonObject(value) && Object.hasOwn(value, field) ? (value[field] ?? null) : null;
}

/** A field of an upstream node, read where its frame is. A skipped node's fields are null. */
export function nodeReference(node: NodeDraft, field: string | undefined, type: ValueType): Reference<Scope> {
  const { depth } = node.graph;
  const { index } = node;
  const consumed = field === undefined ? 0 : 1;
  if (field === "error" && node.envelope.onError?.do === "branch") {
    return { consumed, type, read: (scope) => errorOf(scope.frames[depth]?.nodes.at(index)) };
  }
  return { consumed, type, read: (scope) => readMember(scope.frames[depth]?.nodes.at(index)?.output ?? null, field) };
}

function errorOf(node: NodeView | undefined): Json {
  if (!node?.error) return null;
  const { type, message, code } = node.error;
  return { type, message, code, attempt: node.attempt };
}

/** `<container>.item`, `.index` or a loop variable, read from inside its body. */
export function outerReference(container: NodeDraft, body: GraphDraft, field: string, type: ValueType): Reference<Scope> {
  if (Object.hasOwn(container.variables, field)) {
    const { index, graph } = container;
    const variables = (scope: Scope): JsonObject => scope.frames[graph.depth]?.nodes.at(index)?.iteration?.variables ?? {};
    return { consumed: 1, type, read: (scope) => readMember(variables(scope), field) };
  }
  if (field === "index") return { consumed: 1, type, read: (scope) => scope.frames[body.depth]?.index ?? null };
  return { consumed: 1, type, read: (scope) => scope.frames[body.depth]?.item ?? null };
}
