import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";

/** A kind of model provider, as a connection names it. */
export interface ModelProviderPreset {
  readonly title: string;
  /** Whose API it speaks. */
  readonly api: "openai" | "azure" | "anthropic" | "google" | "openai-compatible";
  /** null: each has its own, so a connection says it. */
  readonly baseUrl: string | null;
  /** How a key is sent. */
  readonly key: { readonly type: "bearer" } | { readonly type: "header"; readonly name: string };
  /** Nothing is answered without a key. */
  readonly needsKey: boolean;
  /** Whose prices and models ship for it; null: nobody's. */
  readonly vendor: string | null;
}

const BEARER = { type: "bearer" } as const;
const header = (name: string) => ({ type: "header", name }) as const;

/** Speaks OpenAI's chat API at a known place. */
const compatible = (title: string, baseUrl: string, vendor: string | null) =>
  ({ title, api: "openai-compatible", baseUrl, key: BEARER, needsKey: true, vendor }) as const;
/** The same on a machine of one's own. */
const local = (title: string, baseUrl: string) =>
  ({ title, api: "openai-compatible", baseUrl, key: BEARER, needsKey: false, vendor: null }) as const;

export const MODEL_PROVIDERS = {
  openai: { title: "OpenAI", api: "openai", baseUrl: "https://api.openai.com/v1", key: BEARER, needsKey: true, vendor: "openai" },
  azure: { title: "Azure OpenAI", api: "azure", baseUrl: null, key: header("api-key"), needsKey: true, vendor: "azure" },
  anthropic: {
    title: "Anthropic",
    api: "anthropic",
    baseUrl: "https://api.anthropic.com/v1",
    key: header("x-api-key"),
    needsKey: true,
    vendor: "anthropic",
  },
  google: {
    title: "Google Gemini",
    api: "google",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    key: header("x-goog-api-key"),
    needsKey: true,
    vendor: "google",
  },
  "openai-compatible": { title: "OpenAI-compatible", api: "openai-compatible", baseUrl: null, key: BEARER, needsKey: false, vendor: null },
  deepseek: compatible("DeepSeek", "https://api.deepseek.com/v1", "deepseek"),
  qwen: compatible("Qwen (Alibaba Cloud Model Studio)", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "qwen"),
  zai: compatible("Z.ai", "https://api.z.ai/api/paas/v4", "zai"),
  moonshot: compatible("Moonshot", "https://api.moonshot.ai/v1", "moonshot"),
  minimax: compatible("MiniMax", "https://api.minimax.io/v1", "minimax"),
  mistral: compatible("Mistral", "https://api.mistral.ai/v1", "mistral"),
  groq: compatible("Groq", "https://api.groq.com/openai/v1", "groq"),
  xai: compatible("xAI", "https://api.x.ai/v1", "xai"),
  cohere: compatible("Cohere", "https://api.cohere.ai/compatibility/v1", "cohere"),
  together: compatible("Together", "https://api.together.xyz/v1", "together"),
  fireworks: compatible("Fireworks", "https://api.fireworks.ai/inference/v1", "fireworks"),
  openrouter: compatible("OpenRouter", "https://openrouter.ai/api/v1", "openrouter"),
  ollama: local("Ollama", "http://127.0.0.1:11434/v1"),
  vllm: local("vLLM", "http://127.0.0.1:8000/v1"),
} as const satisfies { readonly [name: string]: ModelProviderPreset };

export type ModelProviderName = keyof typeof MODEL_PROVIDERS;

/** undefined: a connection of this provider is to a service that is no model provider. */
export function modelProvider(name: string): ModelProviderPreset | undefined {
  return Object.hasOwn(MODEL_PROVIDERS, name) ? MODEL_PROVIDERS[name as ModelProviderName] : undefined;
}

/** The built-in models, which no connection has: their connection's name. */
export const BUILT_IN_MODELS = "offline";

/** The built-in model: it extracts sentences, needs neither key nor network, and costs nothing. */
export const OFFLINE_MODEL = `${BUILT_IN_MODELS}/extractive`;

const most = (limit: { readonly value: number }, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: limit.value, description }));
const word = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: "^[!-~]+$", description }));

/** Settings of a connection to a model provider. */
export const ModelSettings = Type.Object(
  {
    models: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: LIMITS.modelCharacters.value }), {
        maxItems: LIMITS.connectionModels.value,
        uniqueItems: true,
        description: "Those that may be used, as the provider names them; absent: all. Publishing warns of any other.",
      }),
    ),
    concurrency: most(LIMITS.modelConcurrency, "Requests at once; more wait in line, as long as their attempt may."),
    requestsPerMinute: most(LIMITS.modelRequestsPerMinute, "Requests that begin within a minute; more wait in line."),
    tokensPerMinute: most(LIMITS.modelTokensPerMinute, "Tokens, of input and output, within a minute; beyond it requests wait in line."),
    timeoutMs: Type.Optional(
      Type.Integer({ minimum: 1_000, maximum: LIMITS.modelTimeout.value, description: "Of one request. Default: ten minutes." }),
    ),
    api: Type.Optional(Type.Enum(["chat", "responses"], { description: "openai, azure: which API. Default: responses; azure: chat." })),
    apiVersion: word("azure: a date; with it the older API, by deployments."),
    organization: word("openai: who pays."),
    project: word("openai: for which project."),
    structuredOutputs: Type.Optional(Type.Boolean({ description: "openai-compatible: it takes JSON Schemas." })),
  },
  { additionalProperties: false },
);
export type ModelSettings = Static<typeof ModelSettings>;
