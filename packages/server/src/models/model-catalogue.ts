import { BUILT_IN_MODELS, type ModelList, type ModelView, OFFLINE_MODEL } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { Clock } from "#clock";
import type { OpenRateCard, RateCard } from "#credits/rate-card";
import { askForModels } from "#models/ask-for-models";
import type { ListedConnection, ModelConnections } from "#models/ports";
import { WELL_KNOWN_MODELS, type WellKnownModel } from "#models/well-known-models";

export interface ModelCataloguePorts {
  readonly connections: ModelConnections;
  readonly rateCard: Pick<RateCard, "open">;
  readonly defaultModel: string;
  readonly clock: Pick<Clock, "now">;
}

/** What a provider said is kept so long. */
const KEPT_MS = 60_000;
/** Answers of providers that are kept; beyond it all are asked for again. */
const MAX_KEPT = 1_000;

type Names = readonly string[] | null;

/** Which models there are, and what is known of them. */
export class ModelCatalogue {
  readonly #ports: ModelCataloguePorts;
  readonly #kept = new Map<string, { readonly at: number; readonly names: Names }>();

  constructor(ports: ModelCataloguePorts) {
    this.#ports = ports;
  }

  /** The built-in one, then those of the connections by name; `ask`: also those that the providers tell of. */
  async list(tenantId: string, ask: boolean): Promise<ModelList> {
    const { connections, rateCard } = this.#ports;
    const [listed, card] = await Promise.all([connections.list(tenantId), rateCard.open(tenantId)]);
    const answers = await Promise.all(listed.map((connection) => (ask ? this.#asked(tenantId, connection.name) : null)));
    const notAsked = answers.flatMap((answer, n) =>
      answer && "error" in answer ? [{ connection: listed[n]?.name ?? "", ...answer }] : [],
    );
    const views = listed.flatMap((connection, n) => {
      const answer = answers[n];
      return namedBy(connection, answer && "names" in answer ? answer.names : null).map((one) => this.#view(connection, one, card));
    });
    return { data: [this.#offline(), ...views], notAsked };
  }

  /** What the provider of a connection tells; errors are told too. */
  async #asked(tenantId: string, name: string): Promise<{ readonly names: Names } | { readonly error: { type: string; message: string } }> {
    const key = JSON.stringify([tenantId, name]);
    const kept = this.#kept.get(key);
    const now = this.#ports.clock.now();
    if (kept && now - kept.at < KEPT_MS) return kept;
    try {
      const opened = await this.#ports.connections.open(tenantId, name);
      const names = opened?.preset ? await askForModels(opened, opened.preset) : null;
      if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
      this.#kept.set(key, { at: now, names });
      return { names };
    } catch (thrown) {
      if (!(thrown instanceof TerminalError || thrown instanceof RetryableError)) throw thrown;
      return { error: { type: thrown.type, message: thrown.message } };
    }
  }

  #view({ name: connection, provider, preset }: ListedConnection, { model, source }: Named, card: OpenRateCard): ModelView {
    const known = wellKnown(preset.vendor, model);
    const price = card.find({ connection, model, vendor: preset.vendor });
    const name = `${connection}/${model}`;
    return {
      model: name,
      connection,
      provider,
      isDefault: name === this.#ports.defaultModel,
      source,
      capabilities: [...(known?.capabilities ?? [])],
      ...(known?.contextTokens && { contextTokens: known.contextTokens }),
      ...(known?.outputTokens && { outputTokens: known.outputTokens }),
      ...(price && { price }),
    };
  }

  #offline(): ModelView {
    const own = { connection: BUILT_IN_MODELS, provider: BUILT_IN_MODELS, source: "built-in" } as const;
    const isDefault = OFFLINE_MODEL === this.#ports.defaultModel;
    return { model: OFFLINE_MODEL, ...own, isDefault, capabilities: ["chat"], price: { input: "0", output: "0" } };
  }
}

interface Named {
  readonly model: string;
  readonly source: ModelView["source"];
}

/** Whoever lists the models of a connection says which there are; else its provider does, else the catalogue. */
export function namedBy({ preset, settings }: ListedConnection, told: Names): readonly Named[] {
  if (settings.models) return settings.models.map((model) => ({ model, source: "connection" }));
  if (told) return told.map((model) => ({ model, source: "provider" }));
  const known = preset.vendor === null ? [] : [...(WELL_KNOWN_MODELS.get(preset.vendor)?.keys() ?? [])];
  return known.map((model) => ({ model, source: "catalogue" }));
}

/** Dated names are of the model without the date: `gpt-5-mini-2025-08-07`. */
export function wellKnown(vendor: string | null, model: string): WellKnownModel | undefined {
  const models = vendor === null ? undefined : WELL_KNOWN_MODELS.get(vendor);
  return models?.get(model) ?? models?.get(model.replace(/-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$/, ""));
}
