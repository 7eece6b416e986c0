import { TerminalError } from "@millrace/engine";
import type { CancelSignal } from "@millrace/nodes";
import { countsOf, failedAfter, type ModelProvider } from "#models/provider";
import { chat } from "#models/providers/chat";
import { sdkFailure } from "#models/providers/failure";
import { embed, speak, transcribe } from "#models/providers/other-calls";
import { ProviderFetch } from "#models/providers/provider-fetch";
import type { OpenSdk, ProviderConnection, SdkModels } from "#models/providers/sdk";
import type { ProviderWire, Redaction } from "#models/providers/wire";

/** Loaded with the first call: a server without models pays for none of them, in time or memory. */
const LOADERS: { readonly [provider: string]: () => Promise<OpenSdk> } = {
  openai: async () => (await import("#models/providers/sdks/openai")).openOpenAI,
  azure: async () => (await import("#models/providers/sdks/azure")).openAzure,
  anthropic: async () => (await import("#models/providers/sdks/anthropic")).openAnthropic,
  google: async () => (await import("#models/providers/sdks/google")).openGoogle,
  "openai-compatible": async () => (await import("#models/providers/sdks/compatible")).openCompatible,
};

/** What the `provider` of a connection may be, if it is to have models. */
export const PROVIDERS: readonly string[] = Object.keys(LOADERS);

/** @throws TerminalError `llm_unavailable` for a connection that has no models. */
export async function openProvider(connection: ProviderConnection, wire: ProviderWire): Promise<ModelProvider> {
  const load = Object.hasOwn(LOADERS, connection.provider) ? LOADERS[connection.provider] : undefined;
  if (!load) {
    const known = PROVIDERS.join(", ");
    throw new TerminalError(
      "llm_unavailable",
      `No models are known of provider ${connection.provider}; a connection's provider is one of ${known}.`,
    );
  }
  const open = await load();
  const { redaction } = wire;
  const asked = <Call extends Asked, Answer>(call: Call, isStreamed: boolean, ask: (sdk: SdkModels) => Promise<Answer>) => {
    const way = new ProviderFetch(wire, { ...call, isStreamed });
    return own(way, redaction, () => ask(open(connection, way.fetch)));
  };
  return {
    chat: (call) => asked(call, call.onDelta !== undefined, (sdk) => chat(sdk, call, redaction)),
    embed: (call) => asked(call, false, (sdk) => embed(sdk, call)),
    speak: (call) => asked(call, false, (sdk) => speak(sdk, call)),
    transcribe: (call) => asked(call, false, (sdk) => transcribe(sdk, call, redaction)),
  };
}

interface Asked {
  readonly signal: CancelSignal;
  readonly timeoutMs: number | null;
}

/** Errors in our words: what went wrong on the way comes before what the SDK made of it. */
async function own<Answer>(way: ProviderFetch, redaction: Redaction | null, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const failure = way.failure ?? sdkFailure(error, redaction);
    throw failedAfter(failure, error instanceof Error ? countsOf(error) : null);
  }
}
