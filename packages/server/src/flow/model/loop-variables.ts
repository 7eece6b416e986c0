import { fieldName } from "#flow/expression";
import type { FlowNode } from "#flow/model/graph";
import { type LoopVariable, type LoopVariables, NO_LOOP_VARIABLES } from "#flow/model/loop-variable";
import { type Owner, readNamedVariables, type Variable } from "#flow/model/variable";
import { identifierFrom, Names } from "#flow/names";
import { elementType } from "#flow/types";
import { isContainer } from "#flow/vendor";

/** Result fields of a native loop, and what its body reads of it: no variable can have these names. */
const TAKEN = ["item", "index", "items", "count"];

/** Characters of a native variable name; longer vendor names are cut. */
const MAX_VARIABLE_CHARS = 200;

/**
 * The variables of a LOOP or BATCH. A native name differs from those of the loops around, because a native assignment goes to the nearest
 * loop that declares the name, while the vendor's can name the loop that it means.
 */
export function readLoopVariables(node: FlowNode, owner: Owner): LoopVariables {
  if (!isContainer(node.type)) return NO_LOOP_VARIABLES;
  const { param, paramAt } = node;
  const declared =
    node.type === "LOOP" ? readNamedVariables(param["intermediateVariables"], `${paramAt}.intermediateVariables`, owner) : [];
  const variables = named(declared, new Names([...TAKEN, ...outerNames(node)], MAX_VARIABLE_CHARS));
  const items = readNamedVariables(param["inputArrays"], `${paramAt}.inputArrays`, owner);
  return {
    items: named(items, new Names([], MAX_VARIABLE_CHARS)).map((item) => ({ ...item, type: elementType(item.type) })),
    variables,
    variablesById: new Map(variables.filter(({ id }) => id !== "").map((variable) => [variable.id, variable])),
    variablesByName: new Map(variables.map((variable) => [variable.name, variable])),
  };
}

function named(variables: readonly Variable[], names: Names): readonly LoopVariable[] {
  return variables.map((declared) => {
    const { id, name, type } = declared;
    return { id, name, type, declared, native: names.take(fieldName(identifierFrom(name, "variable"))) };
  });
}

function outerNames(node: FlowNode): readonly string[] {
  const names: string[] = [];
  for (let outer = node.graph.container; outer; outer = outer.graph.container) {
    for (const { native } of outer.loop.variables) names.push(native);
  }
  return names;
}
