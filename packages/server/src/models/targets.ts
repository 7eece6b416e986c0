import { BUILT_IN_MODELS, OFFLINE_MODEL } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import type { LineLimits } from "#models/line";
import { offlineProvider } from "#models/offline/offline-provider";
import type { ModelConnection, ModelConnections } from "#models/ports";
import type { ModelProvider } from "#models/provider";
import { DEFAULT_CALL_TIMEOUT_MS } from "#models/providers/limits";
import { openProvider } from "#models/providers/open-provider";

/** A model that can be asked. */
export interface Target {
  /** `connection/model` */
  readonly name: string;
  readonly connection: string;
  /** As the provider names it. */
  readonly model: string;
  /** As the connection names it. */
  readonly providerName: string;
  readonly provider: ModelProvider;
  /** Whose prices ship for it; null: nobody's. */
  readonly vendor: string | null;
  /** It is part of the server and costs nothing. */
  readonly isBuiltIn: boolean;
  /** Of one request. */
  readonly timeoutMs: number;
  /** null: whoever comes is served. */
  readonly limits: LineLimits | null;
}

/** Finds what a model's name stands for. */
export class Targets {
  readonly #connections: Pick<ModelConnections, "open">;
  readonly #defaultModel: string;

  constructor(connections: Pick<ModelConnections, "open">, defaultModel: string) {
    this.#connections = connections;
    this.#defaultModel = defaultModel;
  }

  /** A blank name is the default model's. TerminalError `llm_unavailable` that says what is missing, and how to get it. */
  async find(tenantId: string, wanted: string | null): Promise<Target> {
    const name = wanted?.trim() || this.#defaultModel;
    const { connection, model } = partsOf(name);
    if (connection === BUILT_IN_MODELS) return builtIn(name);
    const opened = await this.#connections.open(tenantId, connection);
    if (!opened)
      throw unavailable(
        `There is no connection ${connection} on this server, so no model ${name}. Make it: millrace connections set ${connection} --provider …`,
      );
    return this.#through(opened, name, model);
  }

  async #through(opened: ModelConnection, name: string, model: string): Promise<Target> {
    const { name: connection, provider: providerName, preset, baseUrl, settings, wire } = opened;
    if (!preset)
      throw unavailable(`The connection ${connection} is of the provider ${providerName}, which has no models: ${name} names none.`);
    const { models, concurrency = null, requestsPerMinute = null, tokensPerMinute = null } = settings;
    if (models && !models.includes(model))
      throw unavailable(`The connection ${connection} does not list the model ${model}. It lists: ${models.join(", ")}`);
    const isLimited = concurrency !== null || requestsPerMinute !== null || tokensPerMinute !== null;
    return {
      name,
      connection,
      model,
      providerName,
      provider: await openProvider({ provider: preset.api, baseUrl, settings }, wire),
      vendor: preset.vendor,
      isBuiltIn: false,
      timeoutMs: settings.timeoutMs ?? DEFAULT_CALL_TIMEOUT_MS,
      limits: isLimited ? { concurrency, requestsPerMinute, tokensPerMinute } : null,
    };
  }
}

function builtIn(name: string): Target {
  if (name !== OFFLINE_MODEL) throw unavailable(`There is no built-in model ${name}: there is ${OFFLINE_MODEL}.`);
  const { connection, model } = partsOf(name);
  const own = { providerName: BUILT_IN_MODELS, provider: offlineProvider, vendor: null, isBuiltIn: true };
  return { name, connection, model, ...own, timeoutMs: DEFAULT_CALL_TIMEOUT_MS, limits: null };
}

function partsOf(name: string): { readonly connection: string; readonly model: string } {
  const slash = name.indexOf("/");
  if (slash <= 0 || slash === name.length - 1)
    throw unavailable(`A model is named connection/model, and ${name} is not: as in openai/gpt-5-mini or ${OFFLINE_MODEL}.`);
  return { connection: name.slice(0, slash), model: name.slice(slash + 1) };
}

function unavailable(message: string): TerminalError {
  return new TerminalError("llm_unavailable", message);
}
