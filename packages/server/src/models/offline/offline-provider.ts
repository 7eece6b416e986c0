import { TerminalError } from "@millrace/engine";
import { answerOffline } from "#models/offline/extractive";
import type { ModelProvider } from "#models/provider";

/** The built-in models: in this process, without key and network. */
export const offlineProvider: ModelProvider = {
  chat: async ({ messages }) => {
    const { text, ...counts } = answerOffline({ messages });
    return { text, reasoning: null, toolCalls: [], finish: "stop", counts };
  },
  embed: () => lacking("embed texts"),
  speak: () => lacking("speak"),
  transcribe: () => lacking("transcribe"),
};

async function lacking(what: string): Promise<never> {
  throw new TerminalError("unsupported", `offline/extractive cannot ${what}: name a model of a connection.`);
}
