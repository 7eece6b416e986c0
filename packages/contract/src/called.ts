import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";

// What other protocols send and are answered: the Model Context Protocol, and chat completions as OpenAI's clients speak them.

/** Versions of the Model Context Protocol that are spoken, the newest first. */
export const MCP_VERSIONS = ["2025-11-25", "2025-06-18"] as const;

/** One message of JSON-RPC 2.0. Without an id it is a notification. */
export const McpMessage = Type.Object(
  {
    jsonrpc: Type.Literal("2.0"),
    id: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
    method: Type.String({ description: "initialize, ping, tools/list or tools/call." }),
    params: Type.Optional(Type.Unsafe<object>({ type: "object" })),
  },
  { description: "One message; batches are not taken." },
);
export type McpMessage = Static<typeof McpMessage>;

export const McpAnswer = Type.Object({
  jsonrpc: Type.Literal("2.0"),
  id: Type.Union([Type.String(), Type.Integer()]),
  result: Type.Optional(Type.Unsafe<object>({ type: "object" })),
  error: Type.Optional(Type.Object({ code: Type.Integer(), message: Type.String() })),
});

const orNull = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

const ChatText = Type.Union([
  Type.String(),
  Type.Array(Type.Object({ type: Type.Literal("text"), text: Type.String() }), { description: "Parts; only text is taken." }),
]);

export const ChatMessage = Type.Object({
  role: Type.Enum(["system", "developer", "user", "assistant"]),
  content: ChatText,
});
export type ChatMessage = Static<typeof ChatMessage>;

/** What asks for something that a workflow cannot do is refused; other members (temperature, max_tokens, …) are the workflow's business. */
export const ChatCompletionBody = Type.Object({
  model: Type.String({ minLength: 1, description: "Name or id of a workflow that GET /v1/models lists." }),
  messages: Type.Array(ChatMessage, { minItems: 1, maxItems: LIMITS.chatMessages.value }),
  stream: orNull(Type.Boolean()),
  stream_options: orNull(Type.Object({ include_usage: orNull(Type.Boolean()) })),
  user: orNull(Type.String({ description: "The run's userId." })),
  n: orNull(Type.Literal(1)),
  tools: orNull(Type.Array(Type.Unknown(), { maxItems: 0, description: "A workflow has its own tools." })),
  functions: orNull(Type.Array(Type.Unknown(), { maxItems: 0 })),
  logprobs: orNull(Type.Literal(false)),
  response_format: orNull(Type.Object({ type: Type.Literal("text") })),
});
export type ChatCompletionBody = Static<typeof ChatCompletionBody>;

export const ChatUsage = Type.Object({
  prompt_tokens: Type.Integer(),
  completion_tokens: Type.Integer(),
  total_tokens: Type.Integer({ description: "Exactly the run's totalTokens." }),
  prompt_tokens_details: Type.Object({ cached_tokens: Type.Integer() }),
  completion_tokens_details: Type.Object({ reasoning_tokens: Type.Integer() }),
});
export type ChatUsage = Static<typeof ChatUsage>;

export const ChatCompletion = Type.Object({
  id: Type.String({ description: "`chatcmpl-` and the run's id." }),
  object: Type.Literal("chat.completion"),
  created: Type.Integer({ description: "Epoch seconds." }),
  model: Type.String(),
  choices: Type.Array(
    Type.Object({
      index: Type.Integer(),
      message: Type.Object({ role: Type.Literal("assistant"), content: Type.String(), refusal: Type.Null() }),
      logprobs: Type.Null(),
      finish_reason: Type.Literal("stop"),
    }),
  ),
  usage: ChatUsage,
});
export type ChatCompletion = Static<typeof ChatCompletion>;

export const ChatModelList = Type.Object({
  object: Type.Literal("list"),
  data: Type.Array(
    Type.Object({
      id: Type.String({ description: "Name of the workflow." }),
      object: Type.Literal("model"),
      created: Type.Integer({ description: "Epoch seconds." }),
      owned_by: Type.Literal("millrace"),
    }),
  ),
});
export type ChatModelList = Static<typeof ChatModelList>;
