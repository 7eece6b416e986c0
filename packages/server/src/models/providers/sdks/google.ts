import { createGoogle } from "@ai-sdk/google";
import { UNUSED_KEY } from "#models/providers/provider-fetch";
import { baseUrlOf, type OpenSdk } from "#models/providers/sdk";

/** No settings. */
export const openGoogle: OpenSdk = (connection, fetch) => {
  const sdk = createGoogle({ baseURL: baseUrlOf(connection, "/v1beta"), apiKey: UNUSED_KEY, fetch });
  return {
    chat: (model) => sdk.chat(model),
    embedding: (model) => sdk.embedding(model),
    speech: (model) => sdk.speech(model),
    transcription: (model) => sdk.transcription(model),
    // Thinking is counted and paid for whether it is told or not.
    options: () => ({ google: { thinkingConfig: { includeThoughts: true } } }),
  };
};
