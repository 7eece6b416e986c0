import type { LanguageModelV4Content, LanguageModelV4FinishReason, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { isJsonObject, type Json } from "@millrace/contract";
import { RetryableError } from "@millrace/engine";
import type { ChatAnswer, ChatCall, ToolCall } from "@millrace/nodes";
import { type Counted, type Counts, failedAfter, type ProviderCall } from "#models/provider";
import { RunningCounts, toCounts } from "#models/providers/counts";
import { saidInStream } from "#models/providers/failure";
import { callOptions } from "#models/providers/prompt";
import type { SdkModels } from "#models/providers/sdk";
import type { Redaction } from "#models/providers/wire";

type Answer = Counted<ChatAnswer>;

/** One chat request, streamed where somebody listens. Throws what the SDK throws, and the failures of an answer. */
export async function chat(sdk: SdkModels, call: ProviderCall<ChatCall>, redaction: Redaction | null): Promise<Answer> {
  const options = callOptions(call, sdk);
  const model = sdk.chat(call.model);
  if (call.onDelta) return streamed(await model.doStream({ ...options, includeRawChunks: true }), call.onDelta, redaction);
  const { content, structuredOutputText, finishReason, usage } = await model.doGenerate(options);
  const clean = (text: string) => redaction?.text(text) ?? text;
  const text = clean(structuredOutputText ?? joined(content, "text"));
  const calls = content.flatMap((part) => (part.type === "tool-call" && part.providerExecuted !== true ? [part] : []));
  return answerOf({ text, reasoning: clean(joined(content, "reasoning")), calls, finishReason, counts: toCounts(usage) }, redaction);
}

type Streamed = { readonly stream: ReadableStream<LanguageModelV4StreamPart> };

async function streamed({ stream }: Streamed, onDelta: NonNullable<ChatCall["onDelta"]>, redaction: Redaction | null): Promise<Answer> {
  const running = new RunningCounts();
  const texts = { text: new Channel("text", onDelta, redaction), reasoning: new Channel("reasoning", onDelta, redaction) };
  const calls: CalledTool[] = [];
  let finish: Extract<LanguageModelV4StreamPart, { type: "finish" }> | null = null;
  try {
    for await (const part of stream) {
      if (part.type === "text-delta") texts.text.push(part.delta);
      else if (part.type === "reasoning-delta") texts.reasoning.push(part.delta);
      else if (part.type === "tool-call" && part.providerExecuted !== true) calls.push(part);
      else if (part.type === "raw") running.hear(part.rawValue as Json);
      else if (part.type === "error") throw part.error instanceof Error ? part.error : saidInStream(cleaned(part.error as Json, redaction));
      else if (part.type === "finish") finish = part;
    }
  } catch (error) {
    throw failedAfter(error instanceof Error ? error : new Error(String(error)), running.counts);
  }
  const text = texts.text.end();
  const reasoning = texts.reasoning.end();
  if (!finish) throw failedAfter(cutShort(), running.counts);
  return answerOf({ text, reasoning, calls, finishReason: finish.finishReason, counts: toCounts(finish.usage) }, redaction);
}

/** One of the two texts of a streamed answer: what was told of it is what it is. */
class Channel {
  readonly #name: "text" | "reasoning";
  readonly #tell: NonNullable<ChatCall["onDelta"]>;
  readonly #redaction: ReturnType<Redaction["stream"]> | null;
  #text = "";

  constructor(name: "text" | "reasoning", tell: NonNullable<ChatCall["onDelta"]>, redaction: Redaction | null) {
    this.#name = name;
    this.#tell = tell;
    this.#redaction = redaction?.stream() ?? null;
  }

  push(piece: string): void {
    this.#say(this.#redaction?.push(piece) ?? piece);
  }

  end(): string {
    this.#say(this.#redaction?.end() ?? "");
    return this.#text;
  }

  #say(text: string): void {
    if (text === "") return;
    this.#text += text;
    this.#tell({ channel: this.#name, text });
  }
}

interface CalledTool {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: string;
}

interface Parts {
  readonly text: string;
  /** Empty: none. */
  readonly reasoning: string;
  readonly calls: readonly CalledTool[];
  readonly finishReason: LanguageModelV4FinishReason;
  readonly counts: Counts;
}

function answerOf({ text, reasoning, calls, finishReason, counts }: Parts, redaction: Redaction | null): Answer {
  if (finishReason.unified === "interrupted") throw failedAfter(cutShort(), counts);
  if (finishReason.unified === "error") {
    const raw = finishReason.raw === undefined ? "" : `: ${redaction?.text(finishReason.raw) ?? finishReason.raw}`;
    throw failedAfter(new RetryableError("llm_error", `The model provider ended its answer with an error${raw}.`), counts);
  }
  const read = calls.map((called) => toToolCall(called, redaction));
  const toolCalls = read.filter((called) => called !== null);
  // The last call of an answer that is cut off is cut off too.
  if (toolCalls.length < read.length && finishReason.unified !== "length")
    throw failedAfter(new RetryableError("llm_error", "The model called a tool with something that is not a JSON object."), counts);
  return { text, reasoning: reasoning === "" ? null : reasoning, toolCalls, finish: finishOf(finishReason, toolCalls), counts };
}

function finishOf({ unified }: LanguageModelV4FinishReason, toolCalls: readonly ToolCall[]): Answer["finish"] {
  if (unified === "length") return "length";
  if (unified === "content-filter") return "refused";
  // Some servers say "stop" where the model calls tools, and some say nothing.
  return toolCalls.length > 0 ? "tools" : "stop";
}

/** null: its input is no JSON object. */
function toToolCall({ toolCallId, toolName, input }: CalledTool, redaction: Redaction | null): ToolCall | null {
  const value = cleaned(parsed(input), redaction);
  return isJsonObject(value) ? { id: toolCallId, name: toolName, input: value } : null;
}

function parsed(input: string): Json {
  try {
    return input.trim() === "" ? {} : JSON.parse(input);
  } catch {
    return null;
  }
}

function cleaned(value: Json, redaction: Redaction | null): Json {
  return redaction?.json(value) ?? value;
}

function cutShort(): RetryableError {
  return new RetryableError("llm_error", "The model provider's answer ended before it was complete.");
}

function joined(content: readonly LanguageModelV4Content[], type: "text" | "reasoning"): string {
  return content.flatMap((part) => (part.type === type ? [part.text] : [])).join("");
}
