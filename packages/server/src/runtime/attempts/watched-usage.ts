import { RetryableError, TerminalError, type Usage } from "@millrace/engine";
import type { Models } from "@millrace/nodes";

/** Hears of what was paid for as soon as that is known: the attempt that asked may be dropped before it can tell. */
type Pay = (usage: readonly Usage[]) => void;

export function watchedModels(models: Models, pay: Pay): Models {
  return {
    ...models,
    chat: (call) => watched(models.chat(call), pay),
    embed: (call) => watched(models.embed(call), pay),
    speak: (call) => watched(models.speak(call), pay),
    transcribe: (call) => watched(models.transcribe(call), pay),
  };
}

export async function watched<Answer extends { readonly usage: readonly Usage[] }>(answer: Promise<Answer>, pay: Pay): Promise<Answer> {
  try {
    const answered = await answer;
    pay(answered.usage);
    return answered;
  } catch (thrown) {
    pay(usageOf(thrown));
    throw thrown;
  }
}

/** What was paid for before this was thrown. */
export function usageOf(thrown: unknown): readonly Usage[] {
  return thrown instanceof TerminalError || thrown instanceof RetryableError ? thrown.usage : [];
}
