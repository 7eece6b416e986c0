import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { at, closed, Id } from "#schema-parts";

// What runs cost, and what they may cost. Credits are exact: decimal text, 100 credits are US$1.

const Credits = (description: string) =>
  Type.String({ pattern: "^-?[0-9]{1,30}(\\.[0-9]{1,12})?$", description: `${description} (credits, as exact decimal text).` });
const Tokens = (description: string) => Type.Integer({ minimum: 0, description });
const TimeZone = Type.String({ minLength: 1, maxLength: 64, default: "UTC", description: "IANA name: Europe/Berlin." });

export const USAGE_GROUPS = ["workflow", "version", "key", "user", "model", "kind", "day"] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export const UsageQuery = Type.Object(
  {
    by: Type.Optional(Type.Enum(USAGE_GROUPS, { default: "day" })),
    from: Type.Optional(at("Paid for at or after; rounded down to a quarter of an hour; default: 30 days before `to`")),
    to: Type.Optional(at("Paid for before; rounded up to a quarter of an hour; default: now")),
    timeZone: Type.Optional(TimeZone),
    drafts: Type.Optional(Type.Boolean({ default: false, description: "Count what runs of drafts paid, too." })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: LIMITS.usageRows.value, default: 100, description: "Rows at most: those that cost most." }),
    ),
  },
  closed,
);
export type UsageQuery = Static<typeof UsageQuery>;

const usageMembers = {
  requests: Type.Integer({ minimum: 0, description: "How many paid requests." }),
  inputTokens: Tokens("Cached ones included."),
  outputTokens: Tokens("Reasoning included."),
  cachedTokens: Tokens("Of the input."),
  reasoningTokens: Tokens("Of the output."),
  credits: Credits("Cost"),
};
export const UsageRowView = Type.Object(
  {
    value: Type.String({
      description: "Id of the workflow or key, `workflow/version`, user, model, kind, or day as 2026-01-31; empty: none.",
    }),
    name: Type.Optional(Type.String({ description: "Of the workflow or key, while it exists." })),
    ...usageMembers,
  },
  closed,
);
export type UsageRowView = Static<typeof UsageRowView>;
export const UsageReport = Type.Object(
  {
    by: Type.Enum(USAGE_GROUPS),
    from: at("Beginning of the period"),
    to: at("End of the period"),
    timeZone: Type.String(),
    rows: Type.Integer({ minimum: 0, description: "All rows, those beyond the limit included." }),
    total: Type.Object(usageMembers, { ...closed, description: "Of all rows." }),
    data: Type.Array(UsageRowView, { description: "The dearest first; days in their order." }),
  },
  closed,
);
export type UsageReport = Static<typeof UsageReport>;

export const BUDGET_PERIODS = ["day", "month", "total"] as const;
const Period = Type.Enum(BUDGET_PERIODS, { description: "After which it begins anew; total: never." });

const subject = {
  workflow: Type.Optional(Type.String({ description: "Id or name: what its own runs pay." })),
  key: Type.Optional(Type.String({ description: "Id of an API key: what its runs and those that they call pay." })),
  user: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: LIMITS.userIdCharacters.value,
      description: "`userId` of runs: what they and those that they call pay.",
    }),
  ),
};

export const PutBudgetBody = Type.Object(
  {
    ...subject,
    period: Period,
    timeZone: Type.Optional(TimeZone),
    credits: Type.String({ pattern: "^[0-9]{1,15}(\\.[0-9]{1,12})?$", description: "What may be spent, as decimal text; 0: nothing." }),
  },
  { ...closed, description: "At most one of workflow, key and user; none of them: the whole server." },
);
export type PutBudgetBody = Static<typeof PutBudgetBody>;

export const BudgetView = Type.Object(
  {
    id: Id,
    of: Type.Object(
      {
        kind: Type.Enum(["server", "workflow", "key", "user"]),
        id: Type.Optional(Type.String({ description: "Of the workflow or key; or the user." })),
        name: Type.Optional(Type.String({ description: "Of the workflow or key, while it exists." })),
      },
      closed,
    ),
    period: Period,
    timeZone: Type.String(),
    credits: Credits("What may be spent"),
    spent: Credits("Spent in the current period"),
    left: Credits("What is left; below zero: what the last step took too much"),
    resetsAt: Type.Optional(at("When the next period begins")),
    createdAt: at("When it was first set"),
    updatedAt: at("When it was last set"),
  },
  closed,
);
export type BudgetView = Static<typeof BudgetView>;
export const BudgetList = Type.Object({ data: Type.Array(BudgetView) }, closed);
export type BudgetList = Static<typeof BudgetList>;

/* ---- the published endpoints about usage ---- */

export const CONVERSATION_TYPES = ["ALL", "API", "AGENT", "SHARE", "C_WORKFLOW"] as const;
export type ConversationType = (typeof CONVERSATION_TYPES)[number];

const time = (what: string) => Type.Integer({ minimum: 0, description: `${what}, epoch milliseconds; by the run's startTime.` });
const times = { start_time: time("At or after"), end_time: time("At or before") };
const pageOf = (row: ReturnType<typeof Type.Object>) =>
  Type.Object({ list: Type.Array(row), total: Type.Integer(), page: Type.Integer(), page_size: Type.Integer(), ...times });

export const RunLogsQuery = Type.Object({
  conversation_type: Type.Enum(CONVERSATION_TYPES, {
    description: "API: through the run API, a schedule or a hook; AGENT: called by another run; C_WORKFLOW: begun by hand; SHARE: none.",
  }),
  ...times,
  page: Type.Integer({ minimum: 1 }),
  page_size: Type.Integer({ minimum: 10, maximum: 100 }),
  user_id: Type.Optional(Type.String()),
});
export type RunLogsQuery = Static<typeof RunLogsQuery>;

const RunLog = Type.Object({
  log_id: Type.String(),
  workflow_run_id: Type.String(),
  input: Type.String({ description: "JSON text." }),
  output: Type.Optional(Type.String({ description: "JSON text; absent when FAILED." })),
  user_id: Type.Optional(Type.String()),
  conversation_type: Type.Enum(["API", "AGENT", "C_WORKFLOW"]),
  status: Type.Enum(["SUCCEED", "FAILED"]),
  workflow_version: Type.String(),
  total_cost: Type.Number(),
  total_tokens: Type.Integer(),
  start_time: Type.Integer(),
  end_time: Type.Integer(),
});
export const RunLogsAnswer = pageOf(RunLog);

export const RunCreditsQuery = Type.Object({
  ...times,
  page: Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
  page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  run_id: Type.Optional(Type.String()),
});
export type RunCreditsQuery = Static<typeof RunCreditsQuery>;

/** What is paid for, in the order of the wire. */
export const USAGE_KINDS = [
  "chat",
  "anonymization",
  "asr",
  "tts",
  "rerank",
  "database_processing",
  "tool_call",
  "knowledge_doc_indexing",
  "question_tag",
] as const;
export type UsageKind = (typeof USAGE_KINDS)[number];

const kinds = Object.fromEntries(USAGE_KINDS.map((kind) => [kind, Type.Number()]));
export const RunCreditsAnswer = pageOf(
  Type.Object({
    run_id: Type.String(),
    run_start_time: Type.Integer(),
    ...kinds,
    total: Type.Number({ description: "totalCost of the run." }),
  }),
);
