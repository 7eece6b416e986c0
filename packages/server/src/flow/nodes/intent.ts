import { escapeText } from "#flow/expression";
import { listOf, objectOf, textOf } from "#flow/json";
import { modelMember } from "#flow/nodes/models";
import { firstOutput, isString, outputsOf, type Translated } from "#flow/nodes/translated";
import { textConfig } from "#flow/templates";
import type { ValueReader } from "#flow/values";

export function translateIntent(values: ValueReader): Translated {
  const { node } = values;
  const intents = listOf(node.param["intents"]).map((intent, index) => ({
    port: node.ports?.branches[index] ?? "",
    text: escapeText(textOf(objectOf(intent)["value"])),
  }));
  return {
    type: "intent",
    config: {
      ...modelMember(values),
      query: textConfig(node.param["query"] ?? "", `${node.paramAt}.query`, values),
      intents,
    },
    outputs: outputs(values),
  };
}

function outputs({ node }: ValueReader) {
  const named = node.outputs.some(({ name }) => name === "intent");
  const value = named ? undefined : firstOutput(node, (output) => isString(output) && output.name !== "index");
  return outputsOf(node, (output) => {
    if (output.name === "index") return "result.index";
    return output.name === "intent" || output === value ? "result.intent" : null;
  });
}
