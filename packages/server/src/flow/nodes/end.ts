import type { JsonObject } from "@millrace/contract";
import { configOf } from "#flow/expression";
import { isBlank, record } from "#flow/json";
import type { Variable } from "#flow/model/variable";
import type { Translated } from "#flow/nodes/translated";
import { looseTemplateText } from "#flow/templates";
import type { ValueReader } from "#flow/values";

/** The end of a workflow gives its output; the end of a body only completes the iteration. */
export function translateEnd(values: ValueReader): Translated {
  if (values.node.graph.container) return translateBodyEnd(values);
  const { param, paramAt } = values.node;
  if (givesText(param)) return { type: "end", config: { text: looseTemplateText(param["outputText"], `${paramAt}.outputText`, values) } };
  return {
    type: "end",
    withInputs: false,
    config: { output: record(results(values).map((result) => [result.name, configOf(values.declared(result))])) },
  };
}

function givesText(param: JsonObject): boolean {
  const type = param["outputType"];
  return isBlank(type) ? typeof param["outputText"] === "string" : type === "TEXT";
}

/** The inputs, or where there are none the outputs that say where they come from. */
function results({ node }: ValueReader): readonly Variable[] {
  return node.inputs.length > 0 ? node.inputs : node.outputs.filter(({ raw }) => !isBlank(raw["source"]));
}

function translateBodyEnd(values: ValueReader): Translated {
  // Its inputs are read where the container collects them; looking at each here reports what is wrong with those that nothing collects.
  for (const input of values.node.inputs) values.declared(input);
  return { type: "next", withInputs: false };
}
