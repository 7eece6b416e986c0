import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { RunError } from "#run";
import { at, closed } from "#schema-parts";
import { USAGE_KINDS } from "#usage";

// What is told of the attempts of a node, and of values that are too long to show.

const Tokens = Type.Integer({ minimum: 0 });

/** One paid request. */
export const PaidRequest = Type.Object(
  {
    attempt: Type.Integer({ minimum: 1 }),
    kind: Type.Enum(USAGE_KINDS),
    model: Type.Optional(Type.String()),
    inputTokens: Tokens,
    outputTokens: Tokens,
    cachedTokens: Type.Optional(Type.Integer({ minimum: 0, description: "Of the input." })),
    reasoningTokens: Type.Optional(Type.Integer({ minimum: 0, description: "Of the output." })),
    firstTokenMs: Type.Optional(Type.Integer({ minimum: 0, description: "Until the first piece of a streamed answer came." })),
    credits: Type.String({ description: "Exact: decimal text." }),
    price: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: "That was applied: credits for a million, by what is counted." }),
    ),
    runId: Type.Optional(Type.String({ description: "The called run that paid it." })),
  },
  closed,
);
export type PaidRequest = Static<typeof PaidRequest>;

export const AttemptTrace = Type.Object(
  {
    attempt: Type.Integer({ minimum: 1 }),
    startedAt: at("When it began"),
    endedAt: Type.Optional(at("When it ended; absent: it is under way, or was lost in a crash")),
    error: Type.Optional(RunError),
    retryAt: Type.Optional(at("When the next attempt was due")),
    lost: Type.Optional(
      Type.Literal(true, { description: "The process ended that made it. The run was resumed, and the next attempt took its place." }),
    ),
  },
  closed,
);
export type AttemptTrace = Static<typeof AttemptTrace>;

export const ValuePreview = Type.Object(
  {
    value: Type.String({ description: "For `GET /api/v1/runs/{run}/values/{value}`." }),
    bytes: Type.Integer({ minimum: 0, description: "Bytes of the whole value, as JSON." }),
    text: Type.String({ description: `The first ${LIMITS.previewBytes.value} bytes of it.` }),
  },
  { ...closed, description: "In place of a value that is longer." },
);
export type ValuePreview = Static<typeof ValuePreview>;

export const RunQuery = Type.Object(
  {
    preview: Type.Optional(
      Type.Boolean({
        default: false,
        description: `Values of more than ${LIMITS.previewBytes.value} bytes are left out, and their beginnings shown.`,
      }),
    ),
  },
  closed,
);
export const ValueQuery = Type.Object(
  {
    download: Type.Optional(Type.Boolean({ default: false, description: "As a file to be saved." })),
    at: Type.Optional(
      Type.String({
        pattern: "^(/|$)",
        maxLength: 1_000,
        description: "JSON pointer of a member, such as `/request/url`: that alone is answered.",
      }),
    ),
  },
  closed,
);
