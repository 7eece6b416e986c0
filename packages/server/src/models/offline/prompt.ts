import type { ChatMessage, ToolResult } from "@millrace/nodes";

/** Characters of a prompt that are read: more would hold up others for longer than they should notice. */
export const MAX_READ_CHARACTERS = 100_000;

/** Of these, how many of the end, where the question often stands. */
const END_CHARACTERS = 25_000;

/** What the offline model looks at. */
export interface Prompt {
  /** All system messages. */
  readonly system: string;
  /** What the user said first: what follows may be about the answers to it. */
  readonly opening: string;
  /** What the user said last. */
  readonly said: string;
  /** What tools answered to it. */
  readonly results: readonly ToolResult[];
  /** All that was read, for counting. */
  readonly read: string;
}

export function readPrompt(messages: readonly ChatMessage[]): Prompt {
  const last = messages.findLastIndex(isUser);
  const after = messages.slice(last + 1);
  return {
    system: bounded(messages.flatMap((message) => (message.role === "system" ? [message.text] : [])).join("\n")),
    opening: bounded(textOfMessage(messages.find(isUser))),
    said: bounded(textOfMessage(messages[last])),
    results: after.flatMap((message) => (message.role === "tool" ? message.results : [])),
    read: bounded(messages.map(textOfMessage).join("\n")),
  };
}

function isUser({ role }: ChatMessage): boolean {
  return role === "user";
}

function textOfMessage(message: ChatMessage | undefined): string {
  if (!message) return "";
  switch (message.role) {
    case "user":
      return message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
    case "tool":
      return message.results.map(({ output }) => (typeof output === "string" ? output : JSON.stringify(output))).join("\n");
    default:
      return message.text;
  }
}

/** The beginning and the end of a text that is too long. Runs of blanks become one: some patterns would be slow on them. */
function bounded(text: string): string {
  const read =
    text.length <= MAX_READ_CHARACTERS
      ? text
      : `${text.slice(0, MAX_READ_CHARACTERS - END_CHARACTERS - 1)}\n${text.slice(-END_CHARACTERS)}`;
  return read.replace(/[^\S\r\n]+/g, " ").replace(/(?: ?[\r\n])+ ?/g, "\n");
}
