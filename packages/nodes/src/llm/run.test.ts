import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { ChatCall, ChatDelta } from "#kit/models";
import { MAX_FILES, MAX_MESSAGES } from "#kit/prompt";
import { executor } from "#llm/run";
import { attemptWith } from "#testing/attempt";
import { NO_CAPABILITIES } from "#testing/doubles";

const PIECE: ChatDelta = { channel: "text", text: "{}" };

/** Runs the node on a model that answers `{}`, and shows that as a piece where somebody wants pieces. */
async function ask(config: JsonObject): Promise<{ calls: readonly ChatCall[]; shown: readonly ChatDelta[] }> {
  const calls: ChatCall[] = [];
  const shown: ChatDelta[] = [];
  const chat = async (call: ChatCall) => {
    calls.push(call);
    call.onDelta?.(PIECE);
    return { model: "a/b", text: "{}", reasoning: null, toolCalls: [], finish: "stop" as const, usage: [] };
  };
  const capabilities = { ...NO_CAPABILITIES, models: { ...NO_CAPABILITIES.models, chat } };
  await executor.run(config, attemptWith(capabilities, { show: (delta) => void shown.push(delta) }));
  return { calls, shown };
}

test("a text is shown piece by piece, JSON is not", async () => {
  assert.deepEqual((await ask({ prompt: "x" })).shown, [PIECE]);
  assert.deepEqual((await ask({ prompt: "x", output: "json" })).shown, []);
});

test("as many messages and files as are allowed, and not one more", async () => {
  const messages = (count: number) => Array.from({ length: count }, () => ({ role: "user", content: "x" }));
  const files = (count: number) => Array.from({ length: count }, () => ({ name: "a.txt", format: "txt", base64: "aGk=" }));
  const { calls } = await ask({ messages: messages(MAX_MESSAGES), files: files(MAX_FILES) });
  assert.equal(calls[0]?.messages.length, MAX_MESSAGES + 1);
  await assert.rejects(ask({ messages: messages(MAX_MESSAGES + 1) }), { type: "limit_exceeded" });
  await assert.rejects(ask({ prompt: "x", files: files(MAX_FILES + 1) }), { type: "limit_exceeded" });
});
