import type { ModelCapability } from "@millrace/contract";

/** A model that ships in the catalogue: what its maker says of it. */
export interface WellKnownModel {
  /** As `MODEL_PROVIDERS` names it. */
  readonly vendor: string;
  readonly model: string;
  readonly capabilities: readonly ModelCapability[];
  /** Input and output together; null: not said. */
  readonly contextTokens: number | null;
  /** Of one answer; null: not said. */
  readonly outputTokens: number | null;
}

const K = 1_000;
const KI = 1_024;
const TEXT = ["chat", "tools", "schema"] as const;
const THINKS = [...TEXT, "reasoning"] as const;
const SEES = [...TEXT, "vision"] as const;
const SEES_AND_THINKS = [...SEES, "reasoning"] as const;

type Row = readonly [model: string, capabilities: readonly ModelCapability[], contextTokens: number | null, outputTokens: number | null];

const MODELS: { readonly [vendor: string]: readonly Row[] } = {
  openai: [
    ["gpt-5", SEES_AND_THINKS, 400 * K, 128 * K],
    ["gpt-5-mini", SEES_AND_THINKS, 400 * K, 128 * K],
    ["gpt-5-nano", SEES_AND_THINKS, 400 * K, 128 * K],
    ["gpt-5.1", SEES_AND_THINKS, 400 * K, 128 * K],
    ["gpt-5.2", SEES_AND_THINKS, 400 * K, 128 * K],
    ["gpt-5.4", SEES_AND_THINKS, 1_050 * K, 128 * K],
    ["gpt-5.4-mini", SEES_AND_THINKS, 400 * K, 128 * K],
    ["gpt-5.4-nano", SEES_AND_THINKS, 400 * K, 128 * K],
    ["gpt-5.5", SEES_AND_THINKS, 1_000 * K, 128 * K],
    ["gpt-4.1", SEES, 1_000 * K, 32_768],
    ["gpt-4.1-mini", SEES, 1_000 * K, 32_768],
    ["gpt-4.1-nano", SEES, 1_000 * K, 32_768],
    ["gpt-4o", SEES, 128 * K, 16_384],
    ["gpt-4o-mini", SEES, 128 * K, 16_384],
    ["o3", SEES_AND_THINKS, 200 * K, 100 * K],
    ["o4-mini", SEES_AND_THINKS, 200 * K, 100 * K],
    ["text-embedding-3-small", ["embedding"], 8_192, null],
    ["text-embedding-3-large", ["embedding"], 8_192, null],
    ["gpt-4o-mini-tts", ["speech"], null, null],
    ["gpt-4o-transcribe", ["transcription"], 16 * K, null],
    ["gpt-4o-mini-transcribe", ["transcription"], 16 * K, null],
    ["whisper-1", ["transcription"], null, null],
  ],
  anthropic: [
    ["claude-haiku-4-5", SEES_AND_THINKS, 200 * K, 64 * K],
    ["claude-sonnet-4-5", SEES_AND_THINKS, 200 * K, 64 * K],
    ["claude-sonnet-4-6", SEES_AND_THINKS, 1_000 * K, 64 * K],
    ["claude-sonnet-5", SEES_AND_THINKS, 1_000 * K, null],
    ["claude-opus-4-5", SEES_AND_THINKS, 200 * K, 64 * K],
    ["claude-opus-4-6", SEES_AND_THINKS, 1_000 * K, null],
    ["claude-opus-5", SEES_AND_THINKS, 1_000 * K, null],
  ],
  google: [
    ["gemini-2.5-pro", SEES_AND_THINKS, KI * KI, 65_536],
    ["gemini-2.5-flash", SEES_AND_THINKS, KI * KI, 65_536],
    ["gemini-2.5-flash-lite", SEES_AND_THINKS, KI * KI, 65_536],
    ["gemini-3-pro-preview", SEES_AND_THINKS, null, null],
    ["gemini-3-flash-preview", SEES_AND_THINKS, 1_000 * K, null],
    ["gemini-3.5-flash", SEES_AND_THINKS, 1_000 * K, null],
    ["gemini-embedding-001", ["embedding"], 2_048, null],
    ["gemini-2.5-flash-preview-tts", ["speech"], 8_192, null],
  ],
  deepseek: [
    ["deepseek-chat", TEXT, 128 * K, 8 * K],
    ["deepseek-reasoner", THINKS, 128 * K, 64 * K],
    ["deepseek-v4-flash", THINKS, 1_000 * K, null],
    ["deepseek-v4-pro", THINKS, 1_000 * K, null],
  ],
  qwen: [
    ["qwen-max", TEXT, 32_768, 8_192],
    ["qwen3-max", TEXT, 262_144, 65_536],
    ["qwen-plus", THINKS, 1_000 * K, 32_768],
    ["qwen-flash", THINKS, 1_000 * K, 32_768],
    ["qwen-turbo", THINKS, 1_000 * K, 16_384],
    ["text-embedding-v4", ["embedding"], 8_192, null],
  ],
  zai: [
    ["glm-4.5-air", THINKS, 128 * K, 96 * K],
    ["glm-4.6", THINKS, 200 * K, 128 * K],
    ["glm-4.7", THINKS, 200 * K, 128 * K],
    ["glm-5", THINKS, null, null],
  ],
  moonshot: [
    ["kimi-k2.5", SEES_AND_THINKS, 262_144, null],
    ["kimi-k2.6", SEES_AND_THINKS, 262_144, null],
  ],
  minimax: [
    ["MiniMax-M2", THINKS, 204_800, null],
    ["MiniMax-M2.7", THINKS, 204_800, null],
  ],
  mistral: [
    ["mistral-large-latest", SEES, 262_144, null],
    ["mistral-medium-latest", SEES, 128 * K, null],
    ["mistral-small-latest", SEES, 128 * K, null],
    ["codestral-latest", TEXT, 256 * K, null],
    ["mistral-embed", ["embedding"], 8_192, null],
  ],
  groq: [
    ["llama-3.3-70b-versatile", TEXT, 131_072, 32_768],
    ["openai/gpt-oss-120b", THINKS, 131_072, 65_536],
    ["openai/gpt-oss-20b", THINKS, 131_072, 65_536],
    ["whisper-large-v3-turbo", ["transcription"], null, null],
  ],
  xai: [
    ["grok-4.3", SEES_AND_THINKS, 1_000 * K, null],
    ["grok-4-1-fast-reasoning", SEES_AND_THINKS, 2_000 * K, null],
    ["grok-4-1-fast-non-reasoning", SEES, 2_000 * K, null],
  ],
  cohere: [
    ["command-a-03-2025", TEXT, 256 * K, 8 * K],
    ["embed-v4.0", ["embedding"], 128 * K, null],
  ],
};

/** By the vendor and the name of the model. */
export const WELL_KNOWN_MODELS: ReadonlyMap<string, ReadonlyMap<string, WellKnownModel>> = new Map(
  Object.entries(MODELS).map(([vendor, rows]) => [
    vendor,
    new Map(
      rows.map(([model, capabilities, contextTokens, outputTokens]) => [
        model,
        { vendor, model, capabilities, contextTokens, outputTokens },
      ]),
    ),
  ]),
);
