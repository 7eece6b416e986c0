import { member } from "#flow/expression";
import { listOf, textOf } from "#flow/json";
import type { FlowNode } from "#flow/model/graph";
import { modelMember, pluginIds, promptMember } from "#flow/nodes/models";
import { firstOutput, isString, memberOrWhole, outputsOf, type Translated } from "#flow/nodes/translated";
import type { ValueReader } from "#flow/values";

export function translateLlm(values: ValueReader): Translated {
  const { node, translation } = values;
  const { param, paramAt } = node;
  const { temperature, maxTokens } = param;
  if (param["shortTermMemory"] === true) {
    translation.report(node, "MR_NO_EFFECT", `${paramAt}.shortTermMemory`, "A run has no conversation, so there is nothing to remember.");
  }
  const responseFormat = formatOf(param["responseFormat"]);
  const plugins = pluginIds(listOf(param["plugins"]));
  return {
    type: "llm",
    config: {
      ...modelMember(values),
      prompt: promptMember(values),
      responseFormat,
      ...(typeof temperature === "number" ? { temperature } : {}),
      ...(typeof maxTokens === "number" ? { maxTokens } : {}),
      ...(plugins.length > 0 ? { plugins } : {}),
    },
    outputs: responseFormat === "text" ? textOutputs(node) : jsonOutputs(node),
  };
}

function formatOf(value: FlowNode["param"][string] | undefined): "text" | "json" | "native" {
  const word = textOf(value).toLowerCase();
  return word === "json" || word === "native" ? word : "text";
}

function textOutputs(node: FlowNode) {
  const reply = firstOutput(node, isString);
  return outputsOf(node, (output) => (output === reply ? "result.text" : null));
}

function jsonOutputs(node: FlowNode) {
  return outputsOf(node, ({ name, type }) => {
    const alone = node.outputs.length === 1 && type.kind !== "object";
    return memberOrWhole("result.json", member("result.json", name), name, alone);
  });
}
