import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { UNUSED_KEY } from "#models/providers/provider-fetch";
import { baseUrlOf, type OpenSdk } from "#models/providers/sdk";

/**
 * Whatever speaks OpenAI's chat API: vLLM, Ollama, DeepSeek, Qwen, … `settings.structuredOutputs`: true where it takes JSON Schemas; the others
 * are told that JSON is wanted.
 */
export const openCompatible: OpenSdk = (connection, fetch) => {
  const baseURL = baseUrlOf(connection, "/v1");
  const supportsStructuredOutputs = connection.settings["structuredOutputs"] === true;
  const sdk = createOpenAICompatible({ name: "compatible", baseURL, fetch, includeUsage: true, supportsStructuredOutputs });
  // The audio API is the same everywhere, and the compatible SDK has none.
  const audio = createOpenAI({ baseURL, apiKey: UNUSED_KEY, fetch });
  return {
    chat: (model) => sdk.chatModel(model),
    embedding: (model) => sdk.embeddingModel(model),
    speech: (model) => audio.speech(model),
    transcription: (model) => audio.transcription(model),
    // A schema that is not strict is a wish; not all servers take one that says that it is.
    options: () => ({ compatible: { strictJsonSchema: false } }),
  };
};
