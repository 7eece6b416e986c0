import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import { executor } from "#audio/run";
import { MAX_AUDIO_BYTES } from "#audio/spec";
import { attemptWith } from "#testing/attempt";
import { NO_CAPABILITIES } from "#testing/doubles";

const DONE = { model: "a/b", usage: [] };

/** Runs the node on a model that speaks this many bytes. */
function run(config: { prompt: string } | { audio: Json }, spoken = 0) {
  const models = {
    ...NO_CAPABILITIES.models,
    speak: async () => ({ ...DONE, mediaType: "audio/mpeg", audio: new Uint8Array(spoken) }),
    transcribe: async () => ({ ...DONE, text: "heard" }),
  };
  const capabilities = { ...NO_CAPABILITIES, models };
  return executor.run(config, attemptWith(capabilities));
}

const recording = (bytes: number) => ({ audio: { name: "a.mp3", format: "mp3", base64: Buffer.alloc(bytes).toString("base64") } });

test("recordings as large as they may be, and not one byte more", async () => {
  await run({ prompt: "x" }, MAX_AUDIO_BYTES);
  await assert.rejects(run({ prompt: "x" }, MAX_AUDIO_BYTES + 1), { type: "limit_exceeded" });
  await run(recording(MAX_AUDIO_BYTES));
  await assert.rejects(run(recording(MAX_AUDIO_BYTES + 1)), { type: "limit_exceeded" });
});
