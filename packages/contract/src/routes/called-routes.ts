import Type from "typebox";
import { ChatCompletion, ChatCompletionBody, ChatModelList, MCP_VERSIONS, McpAnswer, McpMessage } from "#called";
import type { Route } from "#routes/route";

const RUN = "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10";
const MODEL = "support";
const CREATED = 1_790_000_000;

const chunk = (delta: object, finish: string | null) =>
  JSON.stringify({
    id: `chatcmpl-${RUN}`,
    object: "chat.completion.chunk",
    created: CREATED,
    model: MODEL,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });

/** What other protocols call workflows by: the key reaches the same workflows as on the run API. */
export const CALLED_ROUTES = [
  {
    id: "mcp",
    method: "POST",
    path: "/mcp",
    auth: "key:invoke",
    permission: "operate",
    mark: "own",
    tag: "MCP",
    summary: "Workflows as tools of the Model Context Protocol",
    description: `Streamable HTTP without sessions, versions ${MCP_VERSIONS.join(" and ")}. Every published workflow that the key may invoke is a tool. A call with a progress token is answered as a stream.`,
    headers: Type.Object({
      "MCP-Protocol-Version": Type.Optional(Type.Enum([...MCP_VERSIONS], { description: "As negotiated." })),
      "Accept-Language": Type.Optional(Type.String({ description: "Language of error messages: en, zh-CN, zh-TW, ja." })),
    }),
    body: {
      schema: McpMessage,
      examples: {
        list: { jsonrpc: "2.0", id: 1, method: "tools/list" },
        call: { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "headline_digest", arguments: { topic: "tides", limit: 2 } } },
      },
    },
    responses: {
      200: {
        description: "The answer; of a call with a progress token, a stream of messages with the answer as its last.",
        schema: McpAnswer,
        contentTypes: ["application/json", "text/event-stream"],
      },
      202: { description: "A notification was heard.", schema: Type.Literal("") },
    },
    errors: ["foreign_origin"],
  },
  {
    id: "chatCompletions",
    method: "POST",
    path: "/v1/chat/completions",
    auth: "key:invoke",
    permission: "operate",
    mark: "own",
    tag: "Chat completions",
    summary: "Chat with a workflow",
    description:
      "For clients of OpenAI's API. The model is a workflow whose Start node takes a text; the last message of the user is that text. Error bodies have the member `error` as these clients read it.",
    headers: Type.Object({
      "Idempotency-Key": Type.Optional(Type.String({ description: "The same key and request answer the same run for 24 h." })),
      "Accept-Language": Type.Optional(Type.String({ description: "Language of error messages: en, zh-CN, zh-TW, ja." })),
    }),
    body: {
      schema: ChatCompletionBody,
      examples: {
        chat: { model: MODEL, messages: [{ role: "user", content: "Where is my parcel?" }] },
        stream: {
          model: MODEL,
          messages: [{ role: "user", content: "Where is my parcel?" }],
          stream: true,
          stream_options: { include_usage: true },
        },
      },
    },
    responses: {
      200: {
        description: "The answer; with `stream`, its pieces as Server-Sent Events, `[DONE]` last.",
        schema: Type.Union([ChatCompletion, Type.String()]),
        contentTypes: ["application/json", "text/event-stream"],
        examples: {
          answer: {
            id: `chatcmpl-${RUN}`,
            object: "chat.completion",
            created: CREATED,
            model: MODEL,
            choices: [
              {
                index: 0,
                message: { role: "assistant", content: "On its way.", refusal: null },
                logprobs: null,
                finish_reason: "stop",
              },
            ],
            usage: {
              prompt_tokens: 20,
              completion_tokens: 4,
              total_tokens: 24,
              prompt_tokens_details: { cached_tokens: 0 },
              completion_tokens_details: { reasoning_tokens: 0 },
            },
          },
          stream: `data: ${chunk({ content: "On its" }, null)}\n\ndata: ${chunk({}, "stop")}\n\ndata: [DONE]\n\n`,
        },
      },
    },
    errors: [
      "no_published_version",
      "invalid_input",
      "out_of_credits",
      "api_disabled",
      "not_found",
      "idempotency_mismatch",
      "run_failed",
      "run_unfinished",
      "queue_full",
    ],
  },
  {
    id: "listChatModels",
    method: "GET",
    path: "/v1/models",
    auth: "key:invoke",
    permission: "operate",
    mark: "own",
    tag: "Chat completions",
    summary: "List the workflows that can be chatted with",
    responses: {
      200: {
        description: "The published ones that the key may invoke and whose Start node takes a text.",
        schema: ChatModelList,
        examples: { models: { object: "list", data: [{ id: MODEL, object: "model", created: CREATED, owned_by: "millrace" }] } },
      },
    },
    errors: [],
  },
] as const satisfies readonly Route[];
