import type { Json, JsonObject } from "@millrace/contract";
import { ANY, type ValueType } from "@millrace/engine";
import type { Built } from "#flow/export/built";
import { containersOf, type NativeNode } from "#flow/export/native";
import { literalType, type Sayer, spelled, typed } from "#flow/export/say";
import { saidOf } from "#flow/export/values";
import { listOf, objectOf } from "#flow/json";
import { commonType } from "#flow/types";

/** Groups of one type each: that of the declared output, or what all its candidates have in common. */
export function buildAggregate(sayer: Sayer): Built {
  const groups = Object.entries(objectOf(sayer.node.raw["groups"])).map(([groupName, value]) => {
    const candidates = listOf(value);
    const groupType = spelled(
      candidates
        .map((candidate) => typeOf(candidate, sayer))
        .reduce(commonType, candidates.length ? typeOf(candidates[0] ?? null, sayer) : ANY),
    );
    const variables = candidates.map((candidate, index) => {
      const variable = sayer.variable(candidate, "groups", groupName, index);
      return { name: `${groupName}_${index + 1}`, ...variable, type: groupType };
    });
    return { groupName, groupType, variables };
  });
  return { type: "VARIABLE_AGGREGATE", param: { strategy: "FIRST_NON_NULL", groups } };
}

function typeOf(value: Json, { node, view }: Sayer): ValueType {
  const said = saidOf(value, node.graph);
  if (said === null) return ANY;
  return said.kind === "literal" ? literalType(said.value) : view.typeOf(said);
}

/** Assigns variables of the nearest loop that has them. */
export function buildSet(sayer: Sayer): Built {
  const { node, view } = sayer;
  const assignments = Object.entries(objectOf(node.raw["assign"])).map(([name, value]): JsonObject => {
    const rightValue = { ...sayer.variable(value, "assign", name) };
    const loop = loopWith(name, node);
    const field = loop && view.frameOf(loop).get(name);
    if (!loop || !field) {
      sayer.refuse("no loop around the node has this variable", "assign", name);
      return { leftValue: name, rightValue };
    }
    const leftValue = { source: "NODE", ...typed(field.type), value: `${view.idOf(loop)}#${field.name}#${field.id || field.name}` };
    return { leftValue, rightValue };
  });
  return { type: "SET_INTERMEDIATE_VARIABLE", param: { assignments } };
}

function loopWith(name: string, node: NativeNode): NativeNode | undefined {
  return containersOf(node.graph).find(({ raw }) => Object.hasOwn(objectOf(raw["variables"]), name));
}
