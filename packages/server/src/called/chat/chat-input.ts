import type { ChatMessage, JsonObject } from "@millrace/contract";
import type { ChatFit } from "#called/chat/chat-fit";

/** The input of a run that answers this conversation; null: the user has not spoken last. */
export function chatInput({ text, conversation }: ChatFit, messages: readonly ChatMessage[]): JsonObject | null {
  const last = messages.at(-1);
  if (last?.role !== "user") return null;
  const said = conversation === "history" ? messages.slice(0, -1) : messages;
  return {
    ...(conversation !== null && { [conversation]: said.map(plainMessage) }),
    ...(text !== null && { [text]: textOf(last) }),
  };
}

/** As the llm node takes it. */
function plainMessage(message: ChatMessage): JsonObject {
  return { role: message.role === "developer" ? "system" : message.role, content: textOf(message) };
}

function textOf({ content }: ChatMessage): string {
  return typeof content === "string" ? content : content.map(({ text }) => text).join("\n");
}
