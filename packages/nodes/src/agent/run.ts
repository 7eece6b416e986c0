import type { Json, JsonObject } from "@millrace/contract";
import type { ContinueDirective } from "@millrace/engine";
import type { Config } from "#agent/config";
import { Conversation, type Held, type Turn, type Use } from "#agent/conversation";
import { MAX_SHOWN_CHARACTERS } from "#agent/limits";
import { spec } from "#agent/spec";
import { cut } from "#agent/told";
import { offeredTools } from "#agent/tools";
import { defineEffect } from "#kit/executor";
import { messagesOf } from "#kit/prompt";
import { usageResult } from "#kit/usage";

export const executor = defineEffect<Config>(spec, async (config, context) => {
  const [tools, opening] = await Promise.all([offeredTools(config.tools ?? [], context), messagesOf(config, context)]);
  return resultOf(await new Conversation({ config, context, tools, opening }).hold());
});

/** Without usage: each step has told of its own. */
function resultOf({ answer, json, turns }: Held): ContinueDirective {
  const uses = turns.flatMap((turn) => turn.uses);
  const output = {
    text: answer.text,
    json,
    toolCalls: uses.map(({ call: { name, input }, isError }): JsonObject => ({ name, input, isError })),
    steps: turns.map(stepOf),
    usage: usageResult(turns.flatMap(({ usage }) => usage)),
    finishReason: answer.finish,
    model: answer.model,
  };
  return { verb: "continue", output };
}

function stepOf({ step, answer: { model, text, reasoning }, uses, usage }: Turn): JsonObject {
  return { step, model, text, reasoning, tools: uses.map(shown), usage: usageResult(usage) };
}

function shown({ call: { name, input }, output, isError }: Use): Json {
  return { name, input, output: cut(output, MAX_SHOWN_CHARACTERS), isError };
}
