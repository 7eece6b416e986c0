import { TerminalError, type Usage } from "@millrace/engine";
import type { Models } from "@millrace/nodes";
import { offlineProvider } from "#models/offline/offline-provider";
import type { Counts, ModelProvider } from "#models/provider";

/** The built-in model, as it is named everywhere. */
const OFFLINE_MODEL = "offline/extractive";

/** The models of all tenants. */
export class ModelService {
  /** Those that the attempts of a tenant may call. */
  of(_scope: { readonly tenantId: string }): Models {
    return {
      chat: (call) => answered(call.model, "chat", (provider, model) => provider.chat({ ...call, model })),
      embed: (call) => answered(call.model, "chat", (provider, model) => provider.embed({ ...call, model })),
      speak: (call) => answered(call.model, "tts", (provider, model) => provider.speak({ ...call, model })),
      transcribe: (call) => answered(call.model, "asr", (provider, model) => provider.transcribe({ ...call, model })),
    };
  }
}

async function answered<Answer extends { readonly counts: Counts }>(
  wanted: string | null,
  kind: Usage["kind"],
  ask: (provider: ModelProvider, model: string) => Promise<Answer>,
): Promise<Omit<Answer, "counts"> & { readonly model: string; readonly usage: readonly Usage[] }> {
  const name = wanted ?? OFFLINE_MODEL;
  if (name !== OFFLINE_MODEL)
    throw new TerminalError("llm_unavailable", `There is no model ${name} on this server. Built in: ${OFFLINE_MODEL}.`);
  const { counts, ...answer } = await ask(offlineProvider, "extractive");
  return { ...answer, model: name, usage: [{ kind, model: name, ...counts, credits: "0" }] };
}
