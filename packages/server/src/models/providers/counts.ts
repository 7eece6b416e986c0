import type { LanguageModelV4Usage } from "@ai-sdk/provider";
import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import type { Counts } from "#models/provider";

export const NOTHING: Counts = { inputTokens: 0, outputTokens: 0 };

export function toCounts({ inputTokens: input, outputTokens: output }: LanguageModelV4Usage): Counts {
  return {
    inputTokens: input.total ?? 0,
    outputTokens: output.total ?? 0,
    ...(input.cacheRead !== undefined && { cachedTokens: input.cacheRead }),
    ...(output.reasoning !== undefined && { reasoningTokens: output.reasoning }),
  };
}

/**
 * What a stream has said so far of its cost, chunk by chunk, in the provider's own words. Of use where the stream breaks: the SDK tells the
 * usage at the end, and Anthropic and Google say it from the beginning on.
 */
export class RunningCounts {
  #input: number | null = null;
  #output: number | null = null;
  #cached: number | null = null;
  #reasoning: number | null = null;

  hear(chunk: Json): void {
    const usage = usageIn(chunk);
    if (!usage) return;
    this.#input = inputOf(usage) ?? this.#input;
    this.#output = sum(usage, ["completion_tokens"]) ?? sum(usage, ["output_tokens"]) ?? sum(usage, GOOGLE_OUTPUT) ?? this.#output;
    this.#cached = detail(usage, CACHED) ?? this.#cached;
    this.#reasoning = detail(usage, REASONING) ?? this.#reasoning;
  }

  /** null: nothing was said. */
  get counts(): Counts | null {
    if (this.#input === null && this.#output === null) return null;
    return {
      inputTokens: this.#input ?? 0,
      outputTokens: this.#output ?? 0,
      ...(this.#cached !== null && { cachedTokens: this.#cached }),
      ...(this.#reasoning !== null && { reasoningTokens: this.#reasoning }),
    };
  }
}

const GOOGLE_OUTPUT = ["candidatesTokenCount", "thoughtsTokenCount"];
const ANTHROPIC_INPUT = ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"];

/** Tokens that are counted apart, by their names and by the members that they stand in. */
const CACHED = {
  names: ["cache_read_input_tokens", "cachedContentTokenCount", "cached_tokens"],
  within: ["prompt_tokens_details", "input_tokens_details"],
};
const REASONING = { names: ["thoughtsTokenCount", "reasoning_tokens"], within: ["completion_tokens_details", "output_tokens_details"] };

function detail(usage: JsonObject, { names, within }: typeof CACHED): number | null {
  const places = [usage, ...within.map((name) => usage[name])].filter((place) => isJsonObject(place));
  const found = places.flatMap((place) => names.map((name) => place[name])).find((value) => typeof value === "number");
  return found ?? null;
}

function inputOf(usage: JsonObject): number | null {
  return sum(usage, ["prompt_tokens"]) ?? sum(usage, ANTHROPIC_INPUT) ?? sum(usage, ["promptTokenCount"]);
}

/** Of those that are there; null: none is. */
function sum(usage: JsonObject, names: readonly string[]): number | null {
  const found = names.map((name) => usage[name]).filter((value) => typeof value === "number");
  return found.length === 0 ? null : found.reduce((total, value) => total + value, 0);
}

function usageIn(chunk: Json): JsonObject | null {
  if (!isJsonObject(chunk)) return null;
  const { usage, usageMetadata, message, response } = chunk;
  const inner = [message, response].find((one) => isJsonObject(one) && isJsonObject(one["usage"]));
  const found = [usage, usageMetadata, isJsonObject(inner) ? inner["usage"] : null].find((one) => isJsonObject(one));
  return found && isJsonObject(found) ? found : null;
}
