import type { Json, JsonObject } from "@millrace/contract";
import { ANY, parseType } from "@millrace/engine";
import { type Built, builtParam } from "#flow/export/built";
import { containersOf } from "#flow/export/native";
import { type Sayer, typed } from "#flow/export/say";
import { saidOf } from "#flow/export/values";
import { listsOf } from "#flow/export/view";
import { member } from "#flow/expression";
import { objectOf } from "#flow/json";

export function buildContainer(sayer: Sayer): Built {
  const { node } = sayer;
  const outputs = Object.entries(objectOf(node.raw["outputs"])).flatMap(([name, output]) => collected(name, objectOf(output), sayer));
  if (node.type === "batch") {
    const { concurrency, onItemError } = node.raw;
    return { type: "BATCH", param: { inputArrays: arraysOf(sayer) }, outputs, own: builtParam({ concurrency, onItemError }) };
  }
  const { count } = node.raw;
  if (node.raw["while"] !== undefined) sayer.refuse("a loop of .flow walks lists or counts; break off with a break node", "while");
  const intermediateVariables = variablesOf(sayer);
  const param = {
    intermediateVariables,
    ...(count === undefined ? { inputArrays: arraysOf(sayer) } : { limitedLoopCount: countOf(count, sayer) }),
  };
  return { type: "LOOP", param: { loopType: count === undefined ? "ARRAY_BASED" : "LIMITED_LOOP", ...param }, outputs };
}

function countOf(count: Json, sayer: Sayer): Json {
  return typeof count === "number" ? count : { ...sayer.variable(count, "count") };
}

function arraysOf(sayer: Sayer): readonly JsonObject[] {
  const lists = listsOf(sayer.node);
  if (lists === null) sayer.refuse("what a container of .flow walks is lists, each a value or a literal", "items");
  return (lists ?? []).map(([name, list]) => ({ id: name, name, ...sayer.sourced(list, "items") }));
}

function variablesOf(sayer: Sayer): readonly JsonObject[] {
  const outer = containersOf(sayer.node.graph).flatMap(({ raw }) => Object.keys(objectOf(raw["variables"])));
  return Object.entries(objectOf(sayer.node.raw["variables"])).map(([name, value]) => {
    if (outer.includes(name)) sayer.refuse("a loop around this one has a variable of the same name: give it another", "variables", name);
    const variable = objectOf(value);
    const type = (typeof variable["type"] === "string" ? parseType(variable["type"]) : null) ?? ANY;
    const { type: _own, ...sourced } = sayer.variable(variable["value"], "variables", name, "value");
    return { id: name, name, ...typed(type), ...sourced };
  });
}

/** An output that gathers a value of a body node says which; variables and the count are known by their names. */
function collected(name: string, { value }: JsonObject, { node, view, refuse }: Sayer): readonly JsonObject[] {
  const gathers = Object.entries(objectOf(node.raw["collect"])).find(
    ([field]) => value === `{{ result.items.map(i => ${member("i", field)}) }}`,
  );
  const { body } = node;
  if (gathers === undefined || body === null) return [];
  const said = saidOf(gathers[1], body);
  const found = said?.kind === "value" ? view.find(said, false) : null;
  if (found?.node.graph === body) {
    const { field, path } = found;
    return [{ name, source: "NODE", value: `${view.idOf(found.node)}#${[field.name, ...path].join(".")}#${field.id || field.name}` }];
  }
  refuse("a container of .flow gathers an output of one of the nodes in its body: compute what is gathered in a node", "collect");
  return [];
}
