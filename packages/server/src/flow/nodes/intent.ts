import { escapeText } from "#flow/expression";
import { listOf, objectOf, textOf } from "#flow/json";
import { modelMember } from "#flow/nodes/models";
import { firstOutput, isString, outputsOf, type Translated } from "#flow/nodes/translated";
import { textConfig } from "#flow/templates";
import type { ValueReader } from "#flow/values";

/** Values of the intent that is taken when no other fits. */
const FALLBACKS: ReadonlySet<string> = new Set(["other", "others", "else", "default", "none", "其他", "其它", "その他"]);

export function translateIntent(values: ValueReader): Translated {
  const { node } = values;
  const texts = listOf(node.param["intents"]).map((intent) => textOf(objectOf(intent)["value"]));
  const intents = texts.map((text, index) => ({ port: node.ports?.branches[index] ?? "", text: escapeText(text) }));
  const fallback = intents[texts.findIndex((text) => FALLBACKS.has(text.trim().toLowerCase()))]?.port;
  return {
    type: "intent",
    config: {
      ...modelMember(values),
      query: textConfig(node.param["query"] ?? "", `${node.paramAt}.query`, values),
      intents,
      ...(fallback === undefined ? {} : { fallback }),
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
