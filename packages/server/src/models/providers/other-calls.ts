import { isJsonObject, type Json } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { EmbedAnswer, EmbedCall, SpeakAnswer, SpeakCall, TranscribeAnswer, TranscribeCall } from "@millrace/nodes";
import type { Counted, Counts, ProviderCall } from "#models/provider";
import { NOTHING } from "#models/providers/counts";
import type { SdkModels } from "#models/providers/sdk";
import type { Redaction } from "#models/providers/wire";

export async function embed(sdk: SdkModels, { model, texts }: ProviderCall<EmbedCall>): Promise<Counted<EmbedAnswer>> {
  if (!sdk.embedding) throw lacking("embed texts");
  if (texts.length === 0) return { vectors: [], counts: NOTHING };
  const { embeddings, usage } = await sdk.embedding(model).doEmbed({ values: [...texts] });
  const [first] = embeddings;
  if (embeddings.length !== texts.length || embeddings.some(({ length }) => length !== first?.length || length === 0))
    throw new RetryableError(
      "llm_error",
      `The model provider answered ${texts.length} texts with other than as many vectors of one length.`,
    );
  return { vectors: embeddings.map((vector) => Float32Array.from(vector)), counts: { inputTokens: usage?.tokens ?? 0, outputTokens: 0 } };
}

export async function speak(sdk: SdkModels, { model, text, voice }: ProviderCall<SpeakCall>): Promise<Counted<SpeakAnswer>> {
  if (!sdk.speech) throw lacking("speak");
  const { audio, usage } = await sdk.speech(model).doGenerate({ text, ...(voice !== undefined && { voice }) });
  const bytes = typeof audio === "string" ? Buffer.from(audio, "base64") : audio;
  return { mediaType: audioType(bytes), audio: bytes, counts: countsIn((usage ?? null) as Json) };
}

export async function transcribe(
  sdk: SdkModels,
  { model, audio, mediaType }: ProviderCall<TranscribeCall>,
  redaction: Redaction | null,
): Promise<Counted<TranscribeAnswer>> {
  if (!sdk.transcription) throw lacking("transcribe");
  const { text, usage } = await sdk.transcription(model).doGenerate({ audio, mediaType });
  return { text: redaction?.text(text) ?? text, counts: countsIn((usage ?? null) as Json) };
}

function lacking(what: string): TerminalError {
  return new TerminalError("unsupported", `The provider of this connection cannot ${what}: name a model of another connection.`);
}

/** The words of OpenAI, of Google, and of Google's interactions. */
const INPUT = ["input_tokens", "promptTokenCount", "total_input_tokens"];
const OUTPUT = ["output_tokens", "candidatesTokenCount", "total_output_tokens"];
const CACHED = ["cachedContentTokenCount", "total_cached_tokens"];
/** Google's output is without them. */
const THOUGHT = ["thoughtsTokenCount", "total_thought_tokens"];

/** Audio is often paid for by the second or the character: then there are no tokens to count. */
function countsIn(usage: Json): Counts {
  if (!isJsonObject(usage)) return NOTHING;
  const number = (names: readonly string[]) => names.map((name) => usage[name]).find((value) => typeof value === "number") ?? 0;
  const [cachedTokens, reasoningTokens] = [number(CACHED), number(THOUGHT)];
  return {
    inputTokens: number(INPUT),
    outputTokens: number(OUTPUT) + reasoningTokens,
    ...(cachedTokens > 0 && { cachedTokens }),
    ...(reasoningTokens > 0 && { reasoningTokens }),
  };
}

/** By its first bytes: what the SDK asks for is MP3, and not every provider heeds it. */
function audioType(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 4)).toString("latin1");
  return AUDIO_TYPES[head] ?? "audio/mpeg";
}

const AUDIO_TYPES: { readonly [head: string]: string } = { RIFF: "audio/wav", OggS: "audio/ogg", fLaC: "audio/flac" };
