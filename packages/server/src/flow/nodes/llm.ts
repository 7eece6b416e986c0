import type { JsonObject } from "@millrace/contract";
import { STRING } from "@millrace/engine";
import { member } from "#flow/expression";
import { record, textOf } from "#flow/json";
import type { FlowNode } from "#flow/model/graph";
import { modelMember, promptMembers } from "#flow/nodes/models";
import { firstOutput, isString, memberOrWhole, outputsOf, type Translated } from "#flow/nodes/translated";
import { schemaOf } from "#flow/types";
import type { ValueReader } from "#flow/values";

export function translateLlm(values: ValueReader): Translated {
  const { node, translation } = values;
  const { param, paramAt } = node;
  const { temperature, maxTokens } = param;
  if (param["shortTermMemory"] === true) {
    translation.report(node, "MR_NO_EFFECT", `${paramAt}.shortTermMemory`, "A run has no conversation, so there is nothing to remember.");
  }
  const format = formatOf(param["responseFormat"]);
  return {
    type: "llm",
    config: {
      ...modelMember(values),
      ...promptMembers(values),
      ...(format === "text" ? {} : { output: "json" }),
      ...(format === "native" ? { schema: answerSchema(node) } : {}),
      ...(typeof temperature === "number" ? { temperature } : {}),
      ...(typeof maxTokens === "number" ? { maxOutputTokens: maxTokens } : {}),
    },
    outputs: format === "text" ? textOutputs(node) : jsonOutputs(node),
  };
}

function formatOf(value: FlowNode["param"][string] | undefined): "text" | "json" | "native" {
  const word = textOf(value).toLowerCase();
  return word === "json" || word === "native" ? word : "text";
}

/** The declared outputs, as the model is told of them. Null where it has nothing to say, for every output takes null. */
function answerSchema(node: FlowNode): JsonObject {
  const properties = record(
    node.outputs.map(({ name, type, raw: { desc } }) => {
      const { type: word, ...schema } = schemaOf(type.kind === "file" ? STRING : type);
      const description = typeof desc === "string" && desc !== "" ? { description: desc } : {};
      return [name, { ...(word === undefined ? {} : { type: [word, "null"] }), ...schema, ...description }];
    }),
  );
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
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
