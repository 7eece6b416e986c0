import * as M from "#models";
import type { Route } from "#routes/route";

const models = { mark: "own", auth: "key:admin", tag: "Models" } as const;
const offline = {
  model: "offline/extractive",
  connection: "offline",
  provider: "offline",
  isDefault: true,
  source: "built-in",
  capabilities: ["chat"],
  price: { input: "0", output: "0" },
} as const;

export const MODEL_ROUTES = [
  {
    ...models,
    id: "listModels",
    permission: "view",
    method: "GET",
    path: "/api/v1/models",
    summary: "List the models that workflows may name",
    description: "The built-in one, and those of every connection to a model provider, with what is known of them and what they cost.",
    query: M.ModelQuery,
    responses: { 200: { description: "All of them.", schema: M.ModelList, examples: { offline: { data: [offline], notAsked: [] } } } },
    errors: [],
  },
  {
    ...models,
    id: "testModel",
    permission: "edit",
    method: "POST",
    path: "/api/v1/models/test",
    summary: "Ask a model something small",
    description: "A real request, which the provider charges for.",
    body: { schema: M.TestModelBody, examples: { named: { model: "openai/gpt-5-mini" } }, required: false },
    responses: {
      200: {
        description: "What came of it.",
        schema: M.TestModelAnswer,
        examples: {
          ok: {
            ok: true,
            model: "openai/gpt-5-mini",
            text: "OK",
            inputTokens: 11,
            outputTokens: 1,
            credits: "0.000475",
            isPriced: true,
            durationMs: 412,
          },
        },
      },
    },
    errors: [],
  },
] as const satisfies readonly Route[];
