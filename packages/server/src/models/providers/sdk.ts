import type { EmbeddingModelV4, LanguageModelV4, SharedV4ProviderOptions, SpeechModelV4, TranscriptionModelV4 } from "@ai-sdk/provider";
import type { JsonObject } from "@millrace/contract";

/** How to reach a provider: the part of a connection that is not secret. */
export interface ProviderConnection {
  /** One of `PROVIDERS`. */
  readonly provider: string;
  readonly baseUrl: string;
  /** See docs/models.md. */
  readonly settings: JsonObject;
}

/** The models of one connection, as the SDK makes them; what is absent the provider does not have. */
export interface SdkModels {
  chat(model: string): LanguageModelV4;
  embedding?(model: string): EmbeddingModelV4;
  speech?(model: string): SpeechModelV4;
  transcription?(model: string): TranscriptionModelV4;
  /** Takes a schema for the answer beside tools, and leaves the choice to the model. Elsewhere that is an error, or a tool that has to be used. */
  readonly takesSchemaWithTools?: boolean;
  /** Options of the SDK for a call with this schema. */
  options?(schema: JsonObject | undefined): SharedV4ProviderOptions;
}

/** Cheap: one is made for each call, with the way of that call. */
export type OpenSdk = (connection: ProviderConnection, fetch: typeof globalThis.fetch) => SdkModels;

/** The base URL, and where it has no path the one that the provider's API has. */
export function baseUrlOf({ baseUrl }: ProviderConnection, path: string): string {
  const { pathname } = new URL(baseUrl);
  return pathname === "/" ? `${baseUrl.replace(/\/$/, "")}${path}` : baseUrl;
}
