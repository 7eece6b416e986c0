import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultPart,
} from "@ai-sdk/provider";
import type { ChatCall, ChatMessage, ChatPart, ToolResult } from "@millrace/nodes";
import type { SdkModels } from "#models/providers/sdk";

type Asked = Pick<ChatCall, "messages" | "tools" | "schema" | "temperature" | "maxOutputTokens">;

/** The call in the SDK's words. */
export function callOptions(call: Asked, { options, ignoresSchemas = false }: SdkModels): LanguageModelV4CallOptions {
  const { messages, tools = [], schema, temperature, maxOutputTokens } = call;
  const prompt = messages.map(toMessage);
  return {
    prompt: schema && ignoresSchemas ? withSchema(prompt, JSON.stringify(schema)) : prompt,
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({ type: "function", name, description, inputSchema: parameters })),
    }),
    ...(schema && { responseFormat: { type: "json", name: "answer", schema } }),
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(options && { providerOptions: options(schema) }),
  };
}

/** Providers that only know "some JSON" demand besides that the prompt has the word. */
function withSchema(prompt: LanguageModelV4Prompt, schema: string): LanguageModelV4Prompt {
  const words = `Answer with JSON alone, that matches this JSON Schema:\n${schema}`;
  const [first, ...rest] = prompt;
  if (first?.role === "system") return [{ role: "system", content: `${first.content}\n\n${words}` }, ...rest];
  return [{ role: "system", content: words }, ...prompt];
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

function toPart(part: ChatPart) {
  if (part.type === "text") return part;
  const { mediaType, name, content } = part;
  return {
    type: "file" as const,
    mediaType,
    data: { type: "data" as const, data: content },
    ...(name !== undefined && { filename: name }),
  };
}

function toResult({ id, name, output, isError }: ToolResult): LanguageModelV4ToolResultPart {
  const isText = typeof output === "string";
  if (isText)
    return { type: "tool-result", toolCallId: id, toolName: name, output: { type: isError ? "error-text" : "text", value: output } };
  return { type: "tool-result", toolCallId: id, toolName: name, output: { type: isError ? "error-json" : "json", value: output as never } };
}
