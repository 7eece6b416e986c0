import type { Json, JsonObject } from "@millrace/contract";
import { STRING } from "@millrace/engine";
import { member } from "#flow/expression";
import { listOf, objectOf, record, textOf } from "#flow/json";
import { MAX_TOOL_ROUNDS } from "#flow/limits";
import type { FlowNode } from "#flow/model/graph";
import { modelMember, promptMembers } from "#flow/nodes/models";
import { firstOutput, isString, memberOrWhole, outputsOf, type Translated } from "#flow/nodes/translated";
import { schemaOf } from "#flow/types";
import type { ValueReader } from "#flow/values";

/** With plugins it is an agent: a model that uses tools until it can answer. */
export function translateLlm(values: ValueReader): Translated {
  const { node, translation } = values;
  const { param, paramAt } = node;
  const { temperature, maxTokens } = param;
  if (param["shortTermMemory"] === true) {
    translation.report(node, "MR_NO_EFFECT", `${paramAt}.shortTermMemory`, "A run has no conversation, so there is nothing to remember.");
  }
  const format = formatOf(param["responseFormat"]);
  const tools = toolsOf(param["plugins"]);
  return {
    type: tools.length === 0 ? "llm" : "agent",
    config: {
      ...modelMember(values),
      ...promptMembers(values),
      ...(tools.length === 0 ? {} : { tools, maxSteps: MAX_TOOL_ROUNDS, onLimit: "answer" }),
      ...(format === "text" ? {} : { output: "json" }),
      ...(format === "native" ? { schema: answerSchema(node) } : {}),
      ...(typeof temperature === "number" ? { temperature } : {}),
      ...(typeof maxTokens === "number" ? { maxOutputTokens: maxTokens } : {}),
    },
    outputs: format === "text" ? textOutputs(node) : jsonOutputs(node),
  };
}

/** What a collection of tools may be called, and one tool of it. */
const TOOLS = /^[A-Za-z0-9_][A-Za-z0-9_-]*(\/\S+)?$/;

/** A plugin is the collection of its name, and is offered once. */
function toolsOf(plugins: Json | undefined): readonly JsonObject[] {
  const ids = new Set(listOf(plugins).map((plugin) => textOf(objectOf(plugin)["pluginId"])));
  return [...ids].filter((id) => TOOLS.test(id)).map((tool) => ({ tool }));
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
