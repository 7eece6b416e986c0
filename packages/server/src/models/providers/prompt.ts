import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4TextPart,
  LanguageModelV4ToolResultPart,
} from "@ai-sdk/provider";
import type { ChatCall, ChatMessage, ChatPart, ToolResult } from "@millrace/nodes";
import type { SdkModels } from "#models/providers/sdk";

type Asked = Pick<ChatCall, "messages" | "tools" | "schema" | "temperature" | "maxOutputTokens">;

/** The call in the SDK's words. */
export function callOptions(call: Asked, sdk: Pick<SdkModels, "options" | "takesSchemaWithTools">): LanguageModelV4CallOptions {
  const { messages, tools = [], schema, temperature, maxOutputTokens } = call;
  const { options, takesSchemaWithTools = false } = sdk;
  // Providers take only objects for an answer; any other schema is for the prompt alone.
  const format = schema?.["type"] === "object" && (tools.length === 0 || takesSchemaWithTools) ? schema : undefined;
  return {
    prompt: messages.map(toMessage),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({ type: "function", name, description, inputSchema: parameters })),
    }),
    ...(format && { responseFormat: { type: "json", name: "answer", schema: format } }),
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(options && { providerOptions: options(format) }),
  };
}

function toMessage(message: ChatMessage): LanguageModelV4Message {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.text };
    case "user":
      return { role: "user", content: message.parts.map(toPart) };
    case "assistant": {
      const calls = message.toolCalls ?? [];
      const text = message.text === "" ? [] : [{ type: "text" as const, text: message.text }];
      return {
        role: "assistant",
        content: [...text, ...calls.map(({ id, name, input }) => ({ type: "tool-call" as const, toolCallId: id, toolName: name, input }))],
      };
    }
    case "tool":
      return { role: "tool", content: message.results.map(toResult) };
    default:
      return message satisfies never;
  }
}

function toPart(part: ChatPart): LanguageModelV4TextPart | LanguageModelV4FilePart {
  if (part.type === "text") return part;
  const { mediaType, name, content } = part;
  // No provider takes all kinds of text for files, and every model reads it.
  if (isText(mediaType)) return { type: "text", text: `${name === undefined ? "" : `${name}:\n`}${Buffer.from(content).toString("utf8")}` };
  return { type: "file", mediaType, data: { type: "data", data: content }, ...(name !== undefined && { filename: name }) };
}

function isText(mediaType: string): boolean {
  return /^(text\/|application\/(json|xml|yaml|x-yaml|x-ndjson)\b)/i.test(mediaType);
}

function toResult({ id, name, output, isError }: ToolResult): LanguageModelV4ToolResultPart {
  const isText = typeof output === "string";
  if (isText)
    return { type: "tool-result", toolCallId: id, toolName: name, output: { type: isError ? "error-text" : "text", value: output } };
  return { type: "tool-result", toolCallId: id, toolName: name, output: { type: isError ? "error-json" : "json", value: output as never } };
}
