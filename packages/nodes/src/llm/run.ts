import type { Json, JsonObject } from "@millrace/contract";
import type { ContinueDirective, Usage } from "@millrace/engine";
import { defineEffect, type EffectContext } from "#kit/executor";
import { askJson } from "#kit/json-answer";
import type { ChatAnswer, ChatCall } from "#kit/models";
import { messagesOf } from "#kit/prompt";
import { usageResult } from "#kit/usage";
import type { Config } from "#llm/config";
import { spec } from "#llm/spec";

export const executor = defineEffect<Config>(spec, async (config, context) => {
  const { models } = context.capabilities;
  const call = await callOf(config, context);
  const { schema, output } = config;
  if (schema || output === "json") {
    // Not shown piece by piece: it is nothing before it is whole and fits.
    const { json, answer, usage } = await askJson(models, call, schema ?? null);
    return done(answer, json, usage);
  }
  const answer = await models.chat({ ...call, onDelta: context.show });
  return done(answer, null, answer.usage);
});

async function callOf(config: Config, context: EffectContext): Promise<ChatCall> {
  const { model = null, backup, temperature, maxOutputTokens } = config;
  return {
    model,
    ...(backup !== undefined && { backup }),
    messages: await messagesOf(config, context),
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    signal: context.signal,
    timeoutMs: context.timeoutMs,
  };
}

function done(answer: ChatAnswer, json: Json, usage: readonly Usage[]): ContinueDirective {
  const { text, reasoning, toolCalls, finish, model } = answer;
  const calls = toolCalls.map((call): JsonObject => ({ ...call }));
  const output = { text, json, reasoning, toolCalls: calls, usage: usageResult(usage), finishReason: finish, model };
  return { verb: "continue", output, usage };
}
