import { OFFLINE_MODEL, type TestModelAnswer } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { Models } from "@millrace/nodes";
import type { Clock } from "#clock";
import { askForModels } from "#models/ask-for-models";
import { namedBy, wellKnown } from "#models/model-catalogue";
import type { ModelConnection, ModelConnections } from "#models/ports";

export interface ModelTestPorts {
  readonly connections: Pick<ModelConnections, "open">;
  readonly models: { of(caller: { readonly tenantId: string }): Models };
  readonly defaultModel: string;
  readonly clock: Pick<Clock, "now">;
}

/** For a person who waits. */
const TIMEOUT_MS = 60_000;
/** Enough for a word, and for what a model thinks before it. */
const MAX_OUTPUT_TOKENS = 256;
const PROMPT = "Answer with the one word OK.";

/** Small real requests to models, for people who set them up. */
export class ModelTests {
  readonly #ports: ModelTestPorts;

  constructor(ports: ModelTestPorts) {
    this.#ports = ports;
  }

  /** Asks a model; null: the default one. What goes wrong is told in the answer. */
  async test(tenantId: string, wanted: string | null, prompt = PROMPT): Promise<TestModelAnswer> {
    const { clock, models, defaultModel } = this.#ports;
    const model = wanted ?? defaultModel;
    const began = clock.now();
    const took = () => Math.max(0, clock.now() - began);
    try {
      const answer = await models.of({ tenantId }).chat({
        model,
        messages: [{ role: "user", parts: [{ type: "text", text: prompt }] }],
        maxOutputTokens: MAX_OUTPUT_TOKENS,
        signal: new AbortController().signal,
        timeoutMs: TIMEOUT_MS,
      });
      const [usage] = answer.usage;
      const counted = usage && {
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        credits: usage.credits,
        isPriced: usage.price !== undefined || answer.model === OFFLINE_MODEL,
      };
      return { ok: true, model: answer.model, text: answer.text, ...counted, durationMs: took() };
    } catch (thrown) {
      return { ok: false, model, error: told(thrown), durationMs: took() };
    }
  }

  /** Asks the provider of a connection for its models, and then one of them. `model`: as the provider names it, or as workflows do. */
  async testConnection(tenantId: string, name: string, model?: string): Promise<TestModelAnswer> {
    const began = this.#ports.clock.now();
    try {
      const chosen = model === undefined ? await this.#chooseModel(tenantId, name) : await this.#ofProvider(tenantId, name, model);
      return await this.test(tenantId, `${name}/${chosen}`);
    } catch (thrown) {
      return { ok: false, model: name, error: told(thrown), durationMs: Math.max(0, this.#ports.clock.now() - began) };
    }
  }

  /** Its name without the connection's, unless the provider has a model of the whole name. */
  async #ofProvider(tenantId: string, name: string, model: string): Promise<string> {
    const prefix = `${name}/`;
    if (!model.startsWith(prefix)) return model;
    const known = await this.#modelsOf(tenantId, name).catch((thrown: unknown) => {
      // One that has no list of its models may answer all the same.
      told(thrown);
      return null;
    });
    return known?.models.includes(model) ? model : model.slice(prefix.length);
  }

  /** One that answers texts, where that is known; the first, where it is not. */
  async #chooseModel(tenantId: string, name: string): Promise<string> {
    const { vendor, models: names } = await this.#modelsOf(tenantId, name);
    const chats = names.filter((one) => wellKnown(vendor, one)?.capabilities.includes("chat"));
    const chosen = chats.find((one) => /mini|nano|flash|haiku|small|lite/.test(one)) ?? chats[0] ?? names[0];
    if (chosen === undefined)
      throw new TerminalError("llm_unavailable", `Nothing is known of the models of ${name}: say which one to ask.`);
    return chosen;
  }

  async #modelsOf(tenantId: string, name: string): Promise<{ readonly vendor: string | null; readonly models: readonly string[] }> {
    const opened = await this.#ports.connections.open(tenantId, name);
    if (!opened?.preset) throw new TerminalError("llm_unavailable", `The connection ${name} is not to a model provider.`);
    const { preset } = opened;
    return { vendor: preset.vendor, models: namedBy({ ...opened, preset }, await toldOf(opened)).map(({ model }) => model) };
  }
}

/** A server without a list of models may still answer; one that refuses the key will not. */
async function toldOf(opened: ModelConnection): Promise<readonly string[] | null> {
  if (!opened.preset || opened.settings.models) return null;
  try {
    return await askForModels(opened, opened.preset);
  } catch (thrown) {
    if (thrown instanceof TerminalError && thrown.type === "llm_unavailable" && opened.preset.vendor !== null) return null;
    throw thrown;
  }
}

function told(thrown: unknown): { type: string; message: string } {
  if (thrown instanceof TerminalError || thrown instanceof RetryableError) return { type: thrown.type, message: thrown.message };
  throw thrown;
}
