import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { describe, TerminalError, textOf } from "@millrace/engine";
import type { EffectContext } from "#kit/executor";
import type { ChatMessage, ChatPart, ToolCall, ToolResult } from "#kit/models";
import { type FileSource, readFile } from "#kit/read-file";

/** Files of one call: what the large providers take. */
export const MAX_FILES = 20;

/** Earlier messages of one call. */
export const MAX_MESSAGES = 1_000;

/** For fetching a file, where the node has no `timeoutMs` of its own. */
const FILE_TIMEOUT_MS = 30_000;

/** As expressions gave them. */
interface Prompt {
  readonly system?: Json;
  readonly messages?: Json;
  readonly prompt?: Json;
  readonly files?: Json;
}

/** What a model is sent: the system prompt, what was said before, then the prompt with its files. @throws TerminalError `type_error`, `limit_exceeded`, and what reading a file throws. */
export async function messagesOf({ system, messages, prompt, files }: Prompt, context: EffectContext): Promise<readonly ChatMessage[]> {
  const { signal, timeoutMs, capabilities } = context;
  const before = listOf(messages, "messages", MAX_MESSAGES).map(messageOf);
  const limits = { signal, timeoutMs: timeoutMs ?? FILE_TIMEOUT_MS };
  const attached = await filesOf(files, { egress: capabilities.egress, limits });
  const asked = userParts(textOf(prompt ?? null), attached);
  if (before.length === 0 && asked.length === 0)
    throw new TerminalError("type_error", "prompt is empty, and there are neither messages nor files.");
  const instructions = textOf(system ?? null);
  return [
    ...(instructions.trim() === "" ? [] : [{ role: "system" as const, text: instructions }]),
    ...before,
    ...(asked.length === 0 ? [] : [{ role: "user" as const, parts: asked }]),
  ];
}

function userParts(text: string, files: readonly ChatPart[]): readonly ChatPart[] {
  return text.trim() === "" ? files : [{ type: "text", text }, ...files];
}

function listOf(value: Json | undefined, name: string, most: number): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new TerminalError("type_error", `${name} must be an array, and it is ${describe(value)}.`);
  if (value.length > most) throw new TerminalError("limit_exceeded", `${name} has ${value.length} entries; ${most} at most.`);
  return value;
}

function messageOf(value: Json, index: number): ChatMessage {
  const at = `messages[${index}]`;
  if (!isJsonObject(value)) throw new TerminalError("type_error", `${at} must be { role, content }, and it is ${describe(value)}.`);
  const text = () => contentOf(value["content"] ?? null, at);
  switch (value["role"]) {
    case "system":
      return { role: "system", text: text() };
    case "assistant": {
      const toolCalls = toolCallsOf(value["toolCalls"], at);
      // A model that calls tools mostly says nothing.
      if (toolCalls.length > 0) return { role: "assistant", text: textOf(value["content"] ?? ""), toolCalls };
      return { role: "assistant", text: text() };
    }
    case "user":
      return { role: "user", parts: [{ type: "text", text: text() }] };
    case "tool":
      return { role: "tool", results: toolResultsOf(value["results"], at) };
    default:
      throw new TerminalError("type_error", `${at}.role must be user, assistant, system or tool.`);
  }
}

/** As the result of an `llm` node has them. */
function toolCallsOf(value: Json | undefined, at: string): readonly ToolCall[] {
  return listOf(value, `${at}.toolCalls`, MAX_MESSAGES).map((one, index) => {
    const { id, name, input } = isJsonObject(one) ? one : {};
    if (typeof id === "string" && typeof name === "string" && isJsonObject(input ?? null)) return { id, name, input: input as JsonObject };
    throw new TerminalError("type_error", `${at}.toolCalls[${index}] must be { id, name, input }.`);
  });
}

function toolResultsOf(value: Json | undefined, at: string): readonly ToolResult[] {
  const results = listOf(value, `${at}.results`, MAX_MESSAGES);
  if (results.length === 0) throw new TerminalError("type_error", `${at}.results is empty: write { id, name, output } for each tool call.`);
  return results.map((one, index) => {
    const { id, name, output = null, isError = false } = isJsonObject(one) ? one : {};
    if (typeof id === "string" && typeof name === "string") return { id, name, output, isError: isError === true };
    throw new TerminalError("type_error", `${at}.results[${index}] must be { id, name, output }.`);
  });
}

/** A text, or the text parts that other clients write. */
function contentOf(content: Json, at: string): string {
  if (typeof content === "string") return content;
  const parts: readonly Json[] = Array.isArray(content) ? content : [content];
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      if (isJsonObject(part) && typeof part["text"] === "string") return part["text"];
      throw new TerminalError("type_error", `${at}.content must be a text.`);
    })
    .join("\n");
}

async function filesOf(value: Json | undefined, source: FileSource): Promise<readonly ChatPart[]> {
  const all = Array.isArray(value) ? value.filter((one) => one !== null) : value;
  const listed = Array.isArray(all) || all === undefined || all === null ? all : [all];
  return Promise.all(listOf(listed, "files", MAX_FILES).map((file, index) => filePart(file, `files[${index}]`, source)));
}

async function filePart(value: Json, at: string, source: FileSource): Promise<ChatPart> {
  const { content, file } = await readFile(value, at, source);
  return { type: "file", mediaType: file.mediaType, name: file.name, content };
}
