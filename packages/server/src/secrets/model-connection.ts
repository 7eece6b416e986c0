import { BUILT_IN_MODELS, MODEL_PROVIDERS, ModelSettings, modelProvider, nearestName } from "@millrace/contract";
import { invalid } from "#secrets/secrets";
import { checkSettings } from "#secrets/settings";

interface ModelConnection {
  readonly provider: string;
  readonly base: URL;
  readonly hasCredential: boolean;
  readonly settings: object;
}

/** The base URL of a provider, where the connection says none. RequestError `invalid_request`: it has none, or is none. */
export function baseUrlOf(provider: string): string {
  const preset = modelProvider(provider);
  if (preset?.baseUrl) return preset.baseUrl;
  const hint = preset ? `each ${preset.title} has its own` : "only model providers have one that is known";
  throw invalid("/baseUrl", `baseUrl: needed for a connection of the provider ${provider}; ${hint}`);
}

/** RequestError `invalid_request` that names what a model provider needs and does not get. Connections of other kinds are as they are. */
export function checkModelConnection(name: string, { provider, base, hasCredential, settings }: ModelConnection): void {
  const preset = modelProvider(provider);
  if (!preset) {
    refuseSlip(provider);
    return;
  }
  if (name === BUILT_IN_MODELS) throw invalid("/connection", `connection: ${name} is the name of the built-in models; choose another one`);
  checkSettings(ModelSettings, settings);
  // Behind a base URL of one's own there may be a gateway that has the key.
  const isVendors = preset.baseUrl === null ? provider === "azure" : new URL(preset.baseUrl).origin === base.origin;
  if (preset.needsKey && isVendors && !hasCredential)
    throw invalid("/credential", `credential: ${preset.title} answers nothing without a key; give { "type": "key", "value": … }`);
}

/** A provider of one's own is a word like any other; one letter beside a model provider it is a slip. */
function refuseSlip(provider: string): void {
  const meant = nearestName(provider, Object.keys(MODEL_PROVIDERS));
  if (meant !== null) throw invalid("/provider", `provider: there is no provider ${provider}; did you mean ${meant}?`);
}
