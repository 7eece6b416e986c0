import type { Json } from "@millrace/contract";
import { type ContinueDirective, TerminalError, textOf } from "@millrace/engine";
import { MAX_AUDIO_BYTES, spec } from "#audio/spec";
import { encodeBase64 } from "#kit/base64";
import { defineEffect, type EffectContext } from "#kit/executor";
import { formatOf } from "#kit/media-types";
import type { SpeakAnswer } from "#kit/models";
import { readFile } from "#kit/read-file";
import { usageResult } from "#kit/usage";

/** Either `prompt` or `audio`: the spec's check sees to it. */
interface Config {
  readonly model?: string;
  readonly prompt?: Json;
  readonly voice?: Json;
  readonly audio?: Json;
}

/** For fetching a recording, where the node has no `timeoutMs` of its own. */
const FILE_TIMEOUT_MS = 30_000;

export const executor = defineEffect<Config>(spec, async (config, context) => {
  return config.prompt === undefined ? writtenDown(config, context) : spoken(config, config.prompt, context);
});

async function spoken({ model, voice }: Config, prompt: Json, context: EffectContext): Promise<ContinueDirective> {
  const text = textOf(prompt);
  if (text.trim() === "") throw new TerminalError("type_error", "prompt is empty: there is nothing to speak.");
  const named = textOf(voice ?? null).trim();
  const { signal, timeoutMs, capabilities } = context;
  const answer = await capabilities.models.speak({ model: model ?? null, text, ...(named !== "" && { voice: named }), signal, timeoutMs });
  const output = { audio: fileOf(answer), text, usage: usageResult(answer.usage), model: answer.model };
  return { verb: "continue", output, usage: answer.usage };
}

function fileOf({ audio, mediaType, usage }: SpeakAnswer) {
  const { length: size } = audio;
  if (size > MAX_AUDIO_BYTES)
    throw new TerminalError("limit_exceeded", `The recording has ${size} bytes; ${MAX_AUDIO_BYTES} at most.`, { usage });
  const format = formatOf(mediaType) ?? "mp3";
  return { name: `speech.${format}`, format, size, base64: encodeBase64(audio) };
}

async function writtenDown({ model, audio = null }: Config, context: EffectContext): Promise<ContinueDirective> {
  const { signal, timeoutMs, capabilities } = context;
  const limits = { signal, timeoutMs: timeoutMs ?? FILE_TIMEOUT_MS, maxBytes: MAX_AUDIO_BYTES };
  const { content, file } = await readFile(audio, "audio", { egress: capabilities.egress, limits });
  if (content.length > MAX_AUDIO_BYTES)
    throw new TerminalError("limit_exceeded", `The recording has ${content.length} bytes; ${MAX_AUDIO_BYTES} at most.`);
  const answer = await capabilities.models.transcribe({
    model: model ?? null,
    audio: content,
    mediaType: file.mediaType,
    signal,
    timeoutMs,
  });
  const output = { audio: null, text: answer.text, usage: usageResult(answer.usage), model: answer.model };
  return { verb: "continue", output, usage: answer.usage };
}
