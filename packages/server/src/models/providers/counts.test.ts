import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import { RunningCounts } from "#models/providers/counts";

/** Chunks of a stream, and what is known after them. */
const STREAMS: { readonly [provider: string]: { readonly chunks: readonly Json[]; readonly counts: object | null } } = {
  "OpenAI chat": {
    chunks: [
      { choices: [], usage: null },
      {
        choices: [],
        usage: {
          prompt_tokens: 7,
          completion_tokens: 3,
          total_tokens: 10,
          prompt_tokens_details: { cached_tokens: 5 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      },
    ],
    counts: { inputTokens: 7, outputTokens: 3, cachedTokens: 5, reasoningTokens: 0 },
  },
  "OpenAI responses": {
    chunks: [
      { type: "response.created", response: { usage: null } },
      {
        type: "response.completed",
        response: {
          usage: {
            input_tokens: 7,
            output_tokens: 3,
            input_tokens_details: { cached_tokens: 1 },
            output_tokens_details: { reasoning_tokens: 2 },
          },
        },
      },
    ],
    counts: { inputTokens: 7, outputTokens: 3, cachedTokens: 1, reasoningTokens: 2 },
  },
  Anthropic: {
    chunks: [
      {
        type: "message_start",
        message: { usage: { input_tokens: 7, cache_read_input_tokens: 20, cache_creation_input_tokens: 5, output_tokens: 1 } },
      },
      { type: "ping" },
      { type: "message_delta", usage: { output_tokens: 9 } },
    ],
    counts: { inputTokens: 32, outputTokens: 9, cachedTokens: 20 },
  },
  Google: {
    chunks: [
      { usageMetadata: { promptTokenCount: 7 } },
      { usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, thoughtsTokenCount: 4, cachedContentTokenCount: 6 } },
    ],
    counts: { inputTokens: 7, outputTokens: 7, cachedTokens: 6, reasoningTokens: 4 },
  },
  "one that says nothing": { chunks: [{ choices: [] }, "text", null, [1], { usage: "much" }, { usage: { other: 1 } }], counts: null },
};

for (const [provider, { chunks, counts }] of Object.entries(STREAMS)) {
  test(`what a stream has cost so far: ${provider}`, () => {
    const running = new RunningCounts();
    for (const chunk of chunks) running.hear(chunk);
    assert.deepEqual(running.counts, counts);
  });
}
