import { dynamic } from "@millrace/engine";
import Type, { type TSchema } from "typebox";

/** Names that an expression can read with a dot: variables, groups. */
export const IDENTIFIER_PATTERN = "^[A-Za-z_][A-Za-z0-9_]*$";

/** The expression alternative of `dynamic`, alone: in a union with nothing else the plan puts no bound on what the expression gives. */
const EXPRESSION_ONLY = Type.Union([dynamic(Type.Null()).anyOf[1]]);

/**
 * In the document: a value of `schema`, or an expression. At run time: whatever the expression gave; the executor reads it itself.
 * For members whose executor converts (text of a value) or has a better sentence than "must be array".
 */
export function orExpression<T extends TSchema>(schema: T) {
  return Type.Union([schema, EXPRESSION_ONLY]);
}

/** A text with expressions in it. A text that is one expression may give any value; the executor writes it with `textOf`. */
export function templateText(description: string) {
  return orExpression(Type.String({ description }));
}

/** Any value; strings in it may hold expressions. */
export function anyValue(description: string) {
  return Type.Unknown({ description });
}

/** A graph inside a node. Its nodes and edges are checked one by one when the plan reads them. */
export const bodyGraph = Type.Object(
  {
    nodes: Type.Array(Type.Unknown(), { description: "The nodes that run once an item." }),
    edges: Type.Array(Type.Unknown(), { description: "The edges between them." }),
  },
  { additionalProperties: false, description: "The graph that runs once an item." },
);
