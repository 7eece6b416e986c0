import { createAnthropic } from "@ai-sdk/anthropic";
import { UNUSED_KEY } from "#models/providers/provider-fetch";
import { baseUrlOf, type OpenSdk } from "#models/providers/sdk";

/** No settings. */
export const openAnthropic: OpenSdk = (connection, fetch) => {
  const sdk = createAnthropic({ baseURL: baseUrlOf(connection, "/v1"), apiKey: UNUSED_KEY, fetch });
  return { chat: (model) => sdk.messages(model) };
};
