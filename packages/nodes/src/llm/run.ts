import type { Json, JsonObject } from "@millrace/contract";
import { type ContinueDirective, textOf, type Usage } from "@millrace/engine";
import { defineEffect, type EffectContext } from "#kit/executor";
import { askJson } from "#kit/json-answer";
import { faultsBy } from "#kit/model-tool";
import type { ChatAnswer, ChatCall, ChatTool } from "#kit/models";
import { messagesOf } from "#kit/prompt";
import { usageResult } from "#kit/usage";
import type { Config, Tool } from "#llm/config";
import { spec } from "#llm/spec";

export const executor = defineEffect<Config>(spec, async (config, context) => {
  const { models } = context.capabilities;
  const call = await callOf(config, context);
  const { schema, output, tools = [] } = config;
  if (schema || output === "json") {
    // Not shown piece by piece: it is nothing before it is whole and fits.
    const { json, answer, usage } = await askJson(models, call, schema ?? null);
    return done(answer, { json, calls: [], usage });
  }
  const answer = await models.chat({ ...call, ...(tools.length > 0 && { tools: tools.map(offered) }), onDelta: context.show });
  return done(answer, { json: null, calls: calledOf(answer, tools), usage: answer.usage });
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

const NO_PARAMETERS: JsonObject = { type: "object", properties: {} };

function offered({ name, description, parameters = NO_PARAMETERS }: Tool): ChatTool {
  return { name, description: textOf(description), parameters };
}

/** Each with what is wrong with it: whoever does what it asks for need not look again. */
function calledOf({ toolCalls }: ChatAnswer, tools: readonly Tool[]): readonly JsonObject[] {
  return toolCalls.map(({ id, name, input }) => {
    const tool = tools.find((one) => one.name === name);
    const problems = tool ? faultsBy(tool.parameters ?? NO_PARAMETERS)(input) : [`there is no tool ${name}`];
    return { id, name, input, problems };
  });
}

interface Came {
  readonly json: Json;
  readonly calls: readonly JsonObject[];
  readonly usage: readonly Usage[];
}

function done({ text, reasoning, finish, model }: ChatAnswer, { json, calls, usage }: Came): ContinueDirective {
  const output = { text, json, reasoning, toolCalls: calls, usage: usageResult(usage), finishReason: finish, model };
  return { verb: "continue", output, usage };
}
