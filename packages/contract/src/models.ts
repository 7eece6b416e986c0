import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { Price } from "#prices";
import { closed } from "#schema-parts";

// Models, as the management API speaks of them.

/** What a model can do, as far as it is known. */
export const MODEL_CAPABILITIES = ["chat", "vision", "tools", "schema", "reasoning", "embedding", "speech", "transcription"] as const;
export type ModelCapability = (typeof MODEL_CAPABILITIES)[number];

const ModelName = Type.String({
  minLength: 1,
  maxLength: LIMITS.modelCharacters.value,
  description: "`connection/model`; `offline/extractive` is built in.",
});
const Failure = Type.Object({ type: Type.String(), message: Type.String() }, closed);

export const ModelView = Type.Object(
  {
    model: ModelName,
    connection: Type.String(),
    provider: Type.String(),
    isDefault: Type.Boolean({ description: "Nodes that name none use it." }),
    source: Type.Enum(["built-in", "connection", "provider", "catalogue"], {
      description: "Who names it: this server, the connection's settings, the provider when asked, or the catalogue that ships.",
    }),
    capabilities: Type.Array(Type.Enum(MODEL_CAPABILITIES), { description: "As far as they are known." }),
    contextTokens: Type.Optional(Type.Integer({ minimum: 1, description: "Input and output together, as far as it is known." })),
    outputTokens: Type.Optional(Type.Integer({ minimum: 1, description: "Of one answer at most, as far as it is known." })),
    price: Type.Optional({ ...Price, description: "Absent: it has none, and its requests cost 0 credits." }),
  },
  closed,
);
export type ModelView = Static<typeof ModelView>;
export const ModelList = Type.Object(
  {
    data: Type.Array(ModelView),
    notAsked: Type.Array(Type.Object({ connection: Type.String(), error: Failure }, closed), {
      description: "Connections whose provider was asked for its models and did not tell.",
    }),
  },
  closed,
);
export type ModelList = Static<typeof ModelList>;
export const ModelQuery = Type.Object(
  {
    ask: Type.Optional(
      Type.Boolean({ default: false, description: "Asks the providers too which models they have; what they say is kept for a minute." }),
    ),
  },
  closed,
);

export const TestModelBody = Type.Object(
  {
    model: Type.Optional({ ...ModelName, description: "Default: the server's default model." }),
    prompt: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.testPromptCharacters.value })),
  },
  closed,
);
export type TestModelBody = Static<typeof TestModelBody>;
export const TestModelAnswer = Type.Object(
  {
    ok: Type.Boolean(),
    model: ModelName,
    text: Type.Optional(Type.String({ description: "What it answered." })),
    inputTokens: Type.Optional(Type.Integer({ minimum: 0 })),
    outputTokens: Type.Optional(Type.Integer({ minimum: 0 })),
    credits: Type.Optional(Type.String({ description: "What it has cost, a decimal number as text. It is in no run's usage." })),
    isPriced: Type.Optional(Type.Boolean({ description: "false: nobody has said what it costs, so it costs 0." })),
    error: Type.Optional(Failure),
    durationMs: Type.Integer({ minimum: 0 }),
  },
  closed,
);
export type TestModelAnswer = Static<typeof TestModelAnswer>;
