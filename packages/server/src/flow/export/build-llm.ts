import type { Json, JsonObject } from "@millrace/contract";
import { type Built, builtParam } from "#flow/export/built";
import type { Sayer } from "#flow/export/say";
import { listOf, objectOf, omit, textOf } from "#flow/json";
import { MAX_TOOL_ROUNDS } from "#flow/limits";

export function buildLlm(sayer: Sayer): Built {
  return { type: "LLM", param: paramOf(sayer, []) };
}

/** The vendor's models use tools within an LLM node. */
export function buildAgent(sayer: Sayer): Built {
  const { maxSteps, onLimit, tools } = sayer.node.raw;
  if (maxSteps !== MAX_TOOL_ROUNDS || onLimit !== "answer")
    sayer.refuse(
      `an LLM node of .flow uses tools ${MAX_TOOL_ROUNDS} times and answers then: write maxSteps: ${MAX_TOOL_ROUNDS} and onLimit: answer`,
    );
  if (listOf(tools).length === 0) sayer.refuse("without tools it is an LLM node of .flow: make it an llm node", "tools");
  const plugins = listOf(tools).map((entry, index) => pluginOf(objectOf(entry), index, sayer));
  return { type: "LLM", param: paramOf(sayer, plugins) };
}

const TOOL: ReadonlySet<string> = new Set(["tool"]);

function pluginOf(entry: JsonObject, index: number, sayer: Sayer): JsonObject {
  const { tool } = entry;
  if (typeof tool !== "string" || Object.keys(omit(entry, TOOL)).length > 0)
    sayer.refuse("a plugin of .flow is a collection of tools, or one of them, and nothing else", "tools", index);
  return { pluginId: textOf(tool) };
}

function paramOf(sayer: Sayer, plugins: readonly Json[]): JsonObject {
  const { model, prompt, system, output, schema, temperature, maxOutputTokens } = sayer.node.raw;
  return {
    chatModelVersionId: model ?? "",
    userPrompt: sayer.template(prompt, "prompt"),
    responseFormat: schema !== undefined ? "NATIVE" : output === "json" ? "JSON" : "Text",
    shortTermMemory: false,
    plugins,
    ...(system === undefined ? {} : { systemPrompt: sayer.template(system, "system") }),
    ...builtParam({ temperature, maxTokens: maxOutputTokens }),
  };
}
