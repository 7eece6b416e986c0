import type { Json } from "@millrace/contract";
import { configOf, convertTo, member } from "#flow/expression";
import { listOf, objectOf, record, textOf } from "#flow/json";
import { outputsOf, type Translated } from "#flow/nodes/translated";
import { readType } from "#flow/types";
import type { ValueReader } from "#flow/values";

/** Each group gives the first of its variables that is not null. */
export function translateVariableAggregate(values: ValueReader): Translated {
  const { node } = values;
  const groups = listOf(node.param["groups"]).map((group, index) => translateGroup(group, `${node.paramAt}.groups[${index}]`, values));
  const names = new Set(groups.map(([name]) => name));
  return {
    type: "aggregate",
    config: { groups: record(groups) },
    outputs: outputsOf(node, ({ name }) => (names.has(name) ? member("result", name) : null)),
  };
}

function translateGroup(value: Json, at: string, values: ValueReader): readonly [string, Json] {
  const group = objectOf(value);
  const type = readType(group["groupType"], `${at}.groupType`, values.translation.problems, values.node.id);
  const variables = listOf(group["variables"]).map((variable, index) => {
    const read = values.sourced(objectOf(variable), `${at}.variables[${index}]`);
    return configOf(convertTo(read, type));
  });
  return [textOf(group["groupName"]), variables];
}
