import { TerminalError, type Usage } from "@millrace/engine";
import type { Models } from "@millrace/nodes";
import { offlineProvider } from "#models/offline/offline-provider";
import type { Counts, ModelProvider } from "#models/provider";
import { openProvider } from "#models/providers/open-provider";
import type { ProviderConnection } from "#models/providers/sdk";
import type { ProviderWire } from "#models/providers/wire";

/** The built-in model, as it is named everywhere. */
const OFFLINE_MODEL = "offline/extractive";

export interface ModelPorts {
  /** Opens a tenant's connection; null: there is none of this name. */
  readonly connections: {
    open(tenantId: string, name: string): Promise<{ readonly connection: ProviderConnection; readonly wire: ProviderWire } | null>;
  };
}

/** The models of all tenants. */
export class ModelService {
  readonly #connections: ModelPorts["connections"];

  constructor(ports: ModelPorts) {
    this.#connections = ports.connections;
  }

  /** Those that the attempts of a tenant may call. */
  of({ tenantId }: { readonly tenantId: string }): Models {
    return {
      chat: (call) => this.#answered(tenantId, call.model, "chat", (provider, model) => provider.chat({ ...call, model })),
      embed: (call) => this.#answered(tenantId, call.model, "chat", (provider, model) => provider.embed({ ...call, model })),
      speak: (call) => this.#answered(tenantId, call.model, "tts", (provider, model) => provider.speak({ ...call, model })),
      transcribe: (call) => this.#answered(tenantId, call.model, "asr", (provider, model) => provider.transcribe({ ...call, model })),
    };
  }

  async #answered<Answer extends { readonly counts: Counts }>(
    tenantId: string,
    wanted: string | null,
    kind: Usage["kind"],
    ask: (provider: ModelProvider, model: string) => Promise<Answer>,
  ): Promise<Omit<Answer, "counts"> & { readonly model: string; readonly usage: readonly Usage[] }> {
    const name = wanted ?? OFFLINE_MODEL;
    const { provider, model } = await this.#find(tenantId, name);
    const { counts, ...answer } = await ask(provider, model);
    return { ...answer, model: name, usage: [{ kind, model: name, ...counts, credits: "0" }] };
  }

  async #find(tenantId: string, name: string): Promise<{ readonly provider: ModelProvider; readonly model: string }> {
    if (name === OFFLINE_MODEL) return { provider: offlineProvider, model: "extractive" };
    const [, connection = "", model = ""] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
    const opened = model === "" ? null : await this.#connections.open(tenantId, connection);
    if (!opened) throw new TerminalError("llm_unavailable", `There is no model ${name} on this server. Built in: ${OFFLINE_MODEL}.`);
    return { provider: await openProvider(opened.connection, opened.wire), model };
  }
}
