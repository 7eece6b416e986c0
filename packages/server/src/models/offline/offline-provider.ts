import { setImmediate } from "node:timers/promises";
import { TerminalError } from "@millrace/engine";
import type { ChatCall } from "@millrace/nodes";
import { answerOffline } from "#models/offline/extractive";
import { sentencesOf } from "#models/offline/words";
import type { ModelProvider } from "#models/provider";

/** The built-in models: in this process, without key and network. */
export const offlineProvider: ModelProvider = {
  chat: async (call) => {
    const { text, tool, finish, ...counts } = answerOffline(call);
    if (call.onDelta) await show(text, call, call.onDelta);
    const toolCalls = tool ? [{ id: `call_${call.messages.length}`, ...tool }] : [];
    return { text, reasoning: null, toolCalls, finish, counts };
  },
  embed: () => lacking("embed texts"),
  speak: () => lacking("speak"),
  transcribe: () => lacking("transcribe"),
};

/** Sentence by sentence, with turns of others between them. */
async function show(text: string, { signal }: Pick<ChatCall, "signal">, onDelta: NonNullable<ChatCall["onDelta"]>): Promise<void> {
  let shown = 0;
  for (const sentence of sentencesOf(text)) {
    if (signal.aborted) throw signal.reason;
    const end = text.indexOf(sentence, shown) + sentence.length;
    onDelta({ channel: "text", text: text.slice(shown, end) });
    shown = end;
    await setImmediate();
  }
}

async function lacking(what: string): Promise<never> {
  throw new TerminalError("unsupported", `offline/extractive cannot ${what}: name a model of a connection.`);
}
