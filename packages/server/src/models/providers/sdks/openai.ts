import { createOpenAI } from "@ai-sdk/openai";
import type { JsonObject } from "@millrace/contract";
import { UNUSED_KEY } from "#models/providers/provider-fetch";
import { baseUrlOf, type OpenSdk } from "#models/providers/sdk";
import { isStrict } from "#models/providers/strict-schema";

/** `settings.api`: `responses` (default) or `chat`; `settings.organization`, `settings.project`. */
export const openOpenAI: OpenSdk = (connection, fetch) => {
  const { api, organization, project } = connection.settings;
  const sdk = createOpenAI({
    baseURL: baseUrlOf(connection, "/v1"),
    apiKey: UNUSED_KEY,
    fetch,
    ...(typeof organization === "string" && { organization }),
    ...(typeof project === "string" && { project }),
  });
  return {
    chat: (model) => (api === "chat" ? sdk.chat(model) : sdk.responses(model)),
    embedding: (model) => sdk.embedding(model),
    speech: (model) => sdk.speech(model),
    transcription: (model) => sdk.transcription(model),
    takesSchemaWithTools: true,
    options: openAIOptions,
  };
};

/** Nothing is kept at the provider; a schema that its strict mode would refuse is sent as a wish. */
export function openAIOptions(schema: JsonObject | undefined) {
  return { openai: { store: false, ...(schema && { strictJsonSchema: isStrict(schema) }) } };
}
