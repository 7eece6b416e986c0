import { LLMock } from "@copilotkit/aimock";
import { createEgress } from "#egress/egress";
import type { ModelProvider } from "#models/provider";
import { openProvider } from "#models/providers/open-provider";
import type { ProviderConnection } from "#models/providers/sdk";
import type { ProviderWire, WireRequest } from "#models/providers/wire";
import { connectionWire } from "#secrets/connection-wire";
import { boundTo } from "#secrets/credential";

/** The credential of every connection here. */
export const KEY = "sk-canary-0a1b2c3d4e5f";

/** Where each provider expects its key. */
const KEY_HEADERS: { readonly [provider: string]: string } = { anthropic: "x-api-key", google: "x-goog-api-key", azure: "api-key" };

/** A model server of another make: it speaks the wires of OpenAI, Anthropic, Google, Azure and Ollama. Answers come four characters a chunk. */
export async function startModelServer(): Promise<LLMock> {
  const server = new LLMock({ port: 0, chunkSize: 4, logLevel: "silent" });
  await server.start();
  return server;
}

export interface OpenedProvider {
  readonly provider: ModelProvider;
  /** What the provider asked to be sent, before the credential is added. */
  readonly sent: readonly WireRequest[];
  close(): Promise<void>;
}

/** A provider over the real way out, that may reach nothing but this URL. */
export async function providerAt(
  baseUrl: string,
  provider: string,
  settings: ProviderConnection["settings"] = {},
): Promise<OpenedProvider> {
  const { host } = new URL(baseUrl);
  const egress = createEgress({ allow: host });
  const header = KEY_HEADERS[provider];
  const credential = boundTo([host], header === undefined ? { type: "bearer", value: KEY } : { type: "header", name: header, value: KEY });
  const wire = connectionWire(egress, { baseUrl, credential, values: [KEY] });
  const sent: WireRequest[] = [];
  const open: ProviderWire["open"] = (request) => {
    sent.push(request);
    return wire.open(request);
  };
  const opened = await openProvider({ provider, baseUrl, settings }, { ...wire, open });
  return { provider: opened, sent, close: () => egress.close() };
}
