import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { addUsage, NO_TOTALS, RetryableError, shortCredits, TerminalError, type Usage } from "@millrace/engine";
import type { Config } from "#agent/config";
import { DEFAULT_MAX_STEPS, MAX_CALLS } from "#agent/limits";
import { told } from "#agent/told";
import type { OfferedTool } from "#agent/tool";
import type { EffectContext, Once } from "#kit/executor";
import { instruction, readAnswer, refuseAnswer, repairOf } from "#kit/json-answer";
import type { ChatAnswer, ChatMessage, ToolCall } from "#kit/models";

// G1. Each call of the model and each use of a tool is a step of its own, done once: "2" is the second call of the model, "2.1" the first tool
//     that it then uses, "last" the call at a limit, "repair" the one for an answer that did not fit.
// G2. What the model is sent follows from the config and from the records of earlier steps alone.

/** An answer of the model, as its record holds it. */
export type Answer = Omit<ChatAnswer, "usage">;

export interface Turn {
  readonly step: string;
  readonly answer: Answer;
  readonly uses: readonly Use[];
  readonly usage: readonly Usage[];
}

/** What came of one call of a tool. */
export interface Use {
  readonly call: ToolCall;
  readonly output: Json;
  readonly isError: boolean;
}

export interface Held {
  readonly answer: Answer;
  /** null: a text was asked for. */
  readonly json: Json;
  readonly turns: readonly Turn[];
}

export interface Parts {
  readonly config: Config;
  readonly context: EffectContext;
  readonly tools: ReadonlyMap<string, OfferedTool>;
  /** What the model is asked. */
  readonly opening: readonly ChatMessage[];
}

export class Conversation {
  readonly #parts: Parts;
  readonly #opening: readonly ChatMessage[];
  readonly #turns: Turn[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    const { schema = null } = parts.config;
    this.#opening = isJson(parts.config) ? [instruction(schema), ...parts.opening] : parts.opening;
  }

  /** Until the model answers without using a tool. @throws TerminalError `limit_exceeded`, `llm_output_invalid`; what steps throw. */
  async hold(): Promise<Held> {
    for (let number = 1; ; number++) {
      const limit = this.#limitBefore(number);
      if (limit !== null) return this.#atLimit(limit);
      const step = String(number);
      const asked = await this.#ask(step, [...this.#opening, ...this.#turns.flatMap(messagesOf)], true);
      const answer = asked.output as unknown as Answer;
      if (answer.toolCalls.length === 0) return this.#finish(answer, { step, usage: asked.usage });
      const uses = await this.#useAll(step, answer.toolCalls);
      const usage = [...asked.usage, ...uses.flatMap((one) => one.usage)];
      this.#turns.push({ step, answer, uses: uses.map(({ use }) => use), usage });
    }
  }

  /** Why the model is not to be asked once more; null: it may be. */
  #limitBefore(number: number): string | null {
    const { maxSteps = DEFAULT_MAX_STEPS, maxCredits } = this.#parts.config;
    if (number > maxSteps) return `The agent has called its model ${maxSteps} times (maxSteps) and is not done.`;
    const usage = this.#turns.flatMap((turn) => turn.usage);
    const spent = shortCredits(addUsage(NO_TOTALS, usage).credits);
    if (maxCredits === undefined || Number(spent) < maxCredits) return null;
    return `The agent has spent ${spent} credits, its limit is ${maxCredits} (maxCredits), and it is not done.`;
  }

  async #atLimit(limit: string): Promise<Held> {
    if (this.#parts.config.onLimit !== "answer") throw new TerminalError("limit_exceeded", limit);
    const { output, usage } = await this.#ask("last", this.#retold(), false);
    return this.#finish(output as unknown as Answer, { step: "last", usage });
  }

  /** The last answer: where it is to be JSON and does not fit, it is sent back once. */
  async #finish(answer: Answer, { step, usage }: Pick<Turn, "step" | "usage">): Promise<Held> {
    this.#turns.push({ step, answer, uses: [], usage });
    const { schema = null } = this.#parts.config;
    if (!isJson(this.#parts.config)) return { answer, json: null, turns: this.#turns };
    const reading = readAnswer(answer, schema);
    if (reading.ok) return { answer, json: reading.value, turns: this.#turns };
    if (answer.finish === "refused") throw new TerminalError("llm_output_invalid", "The model refused to answer.");
    const repair = await this.#ask("repair", [...this.#retold(), ...repairOf(answer, reading.problems)], false);
    const repaired = repair.output as unknown as Answer;
    this.#turns.push({ step: "repair", answer: repaired, uses: [], usage: repair.usage });
    const again = readAnswer(repaired, schema);
    return again.ok ? { answer: repaired, json: again.value, turns: this.#turns } : refuseAnswer(again.problems);
  }

  /** The conversation for a call without tools: providers refuse calls of tools in it which they are not told of. */
  #retold(): readonly ChatMessage[] {
    const uses = this.#turns.flatMap((turn) => turn.uses);
    if (uses.length === 0) return this.#opening;
    const lines = uses.map(({ call, output }) => `${call.name}(${JSON.stringify(call.input)}):\n${spelled(output)}`);
    const text = `What the tools answered:\n\n${lines.join("\n\n")}\n\nAnswer now, from what is known. There are no more tools.`;
    return [...this.#opening, { role: "user", parts: [{ type: "text", text }] }];
  }

  #ask(name: string, messages: readonly ChatMessage[], hasTools: boolean): Promise<Once> {
    const { config, context, tools } = this.#parts;
    const { model = null, backup, schema, temperature, maxOutputTokens } = config;
    return context.once({ name, paid: true }, async ({ capabilities }) => {
      const { usage: _, ...answer } = await capabilities.models.chat({
        model,
        ...(backup !== undefined && { backup }),
        messages,
        ...(hasTools &&
          tools.size > 0 && { tools: [...tools.values()].map(({ name, description, parameters }) => ({ name, description, parameters })) }),
        ...(schema && { schema }),
        ...(temperature !== undefined && { temperature }),
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
        signal: context.signal,
        timeoutMs: context.timeoutMs,
        ...(!isJson(config) && { onDelta: context.show }),
      });
      return answer as unknown as JsonObject;
    });
  }

  /** All at once. Where one of them fails the node, the others are seen to their end first, and recorded. */
  async #useAll(step: string, calls: readonly ToolCall[]): Promise<readonly Used[]> {
    const settled = await Promise.allSettled(calls.map((call, index) => this.#use(`${step}.${index + 1}`, call, index)));
    return settled.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
  }

  async #use(name: string, call: ToolCall, index: number): Promise<Used> {
    const tool = this.#parts.tools.get(call.name);
    const refusal = tool ? refusalOf(tool, call, index) : `There is no tool ${call.name}.`;
    if (!tool || refusal !== null) return { use: { call, output: refusal, isError: true }, usage: [] };
    const { config, context } = this.#parts;
    const { output, usage } = await context.once({ name, paid: tool.paid }, async (own) => {
      const { signal, timeoutMs } = context;
      try {
        return { output: told(await tool.use(call.input, { own, signal, timeoutMs })), isError: false };
      } catch (thrown) {
        if (signal.aborted || !isTold(thrown, config)) throw thrown;
        return { output: `${thrown.type}: ${thrown.message}`, isError: true };
      }
    });
    if (!isJsonObject(output)) throw new Error(`the record of step ${name} is none`);
    return { use: { call, output: output["output"] ?? null, isError: output["isError"] === true }, usage };
  }
}

interface Used {
  readonly use: Use;
  readonly usage: readonly Usage[];
}

function isJson({ schema, output }: Config): boolean {
  return schema !== undefined || output === "json";
}

/** Why the tool is not used; null: it is. */
function refusalOf(tool: OfferedTool, { input }: ToolCall, index: number): string | null {
  if (index >= MAX_CALLS) return `Not done: an answer may use ${MAX_CALLS} tools at most.`;
  const faults = tool.faults(input);
  return faults.length === 0 ? null : `The input does not fit: ${faults.join("; ")}`;
}

/** An input that cannot be used is the model's own fault, and it is told of that. Whatever is nobody's error in particular fails the node. */
function isTold(thrown: unknown, { onToolError = "tell" }: Config): thrown is TerminalError | RetryableError {
  if (!(thrown instanceof TerminalError || thrown instanceof RetryableError)) return false;
  return onToolError === "tell" || thrown.type === "type_error";
}

function messagesOf({ answer: { text, toolCalls }, uses }: Turn): readonly ChatMessage[] {
  const results = uses.map(({ call, output, isError }) => ({ id: call.id, name: call.name, output, isError }));
  return [
    { role: "assistant", text, toolCalls },
    { role: "tool", results },
  ];
}

function spelled(output: Json): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}
