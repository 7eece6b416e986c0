import { createOpenAI } from "@ai-sdk/openai";
import { UNUSED_KEY } from "#models/providers/provider-fetch";
import { baseUrlOf, type OpenSdk, type ProviderConnection } from "#models/providers/sdk";
import { openAIOptions } from "#models/providers/sdks/openai";

/**
 * OpenAI's models at Azure; a model is named as its deployment is. `settings.api`: `chat` (default) or `responses`. With
 * `settings.apiVersion` (a date) the older way, by deployments; without it the v1 API.
 */
export const openAzure: OpenSdk = (connection, fetch) => {
  const { api, apiVersion } = connection.settings;
  const version = typeof apiVersion === "string" ? apiVersion : null;
  const sdk = (model: string) =>
    createOpenAI({
      baseURL: version === null ? baseUrlOf(connection, "/openai/v1") : deploymentUrl(connection, model, api === "responses"),
      apiKey: UNUSED_KEY,
      fetch: version === null ? fetch : (url, init) => fetch(`${String(url)}?api-version=${encodeURIComponent(version)}`, init),
    });
  return {
    chat: (model) => (api === "responses" ? sdk(model).responses(model) : sdk(model).chat(model)),
    embedding: (model) => sdk(model).embedding(model),
    speech: (model) => sdk(model).speech(model),
    transcription: (model) => sdk(model).transcription(model),
    takesSchemaWithTools: true,
    options: openAIOptions,
  };
};

/** The responses API has no deployments in its path. */
function deploymentUrl(connection: ProviderConnection, model: string, isResponses: boolean): string {
  const base = baseUrlOf(connection, "/openai");
  return isResponses ? base : `${base}/deployments/${encodeURIComponent(model)}`;
}
