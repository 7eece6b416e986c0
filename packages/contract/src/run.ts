import Type, { type Static, type TSchema } from "typebox";
import type { JsonObject } from "#json";
import { LIMITS } from "#limits";

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const object = (description: string) => Type.Unsafe<JsonObject>({ type: "object", description });
const epochMs = (description: string) => Type.Integer({ minimum: 0, description: `${description} Epoch milliseconds.` });

export const WEBHOOK_METHODS = ["GET", "POST", "PUT", "PATCH"] as const;
export type WebhookMethod = (typeof WEBHOOK_METHODS)[number];

export const WebhookTarget = Type.Object(
  {
    method: Type.String({
      pattern: "^([Gg][Ee][Tt]|[Pp][Oo][Ss][Tt]|[Pp][Uu][Tt]|[Pp][Aa][Tt][Cc][Hh])$",
      description: "GET, POST, PUT or PATCH; case does not matter.",
    }),
    url: Type.String({
      maxLength: LIMITS.webhookUrlCharacters.value,
      description: "Absolute http or https URL without user information; a fragment is dropped.",
    }),
    headers: Type.Optional(
      nullable(
        Type.Record(Type.String(), Type.String(), { maxProperties: LIMITS.webhookHeaders.value, description: "Sent with the delivery." }),
      ),
    ),
  },
  { description: "Where the result of an asynchronous run is sent." },
);

export type WebhookTarget = Static<typeof WebhookTarget>;

/** `POST /v1/workflow/invoke`: what a caller sends. `checkInvokeBody` is the check; this describes it. */
export const InvokeBody = Type.Object(
  {
    userId: Type.Optional(nullable(Type.String({ maxLength: LIMITS.userIdCharacters.value, description: "Who asks; nodes read it." }))),
    input: object("Matches the Start node of the workflow."),
    isAsync: Type.Optional(nullable(Type.Boolean({ default: false, description: "true: acknowledged at once." }))),
    webhook: Type.Optional(
      nullable(Type.Array(WebhookTarget, { maxItems: LIMITS.webhooks.value, description: "Delivered only when isAsync is true." })),
    ),
  },
  { description: "Members that are not named here are ignored." },
);
export type InvokeBody = Static<typeof InvokeBody>;

/** `POST /v1/workflow/query/result`. */
export const QueryBody = Type.Object({
  workflowRunId: Type.String({ minLength: 1, maxLength: LIMITS.workflowRunIdCharacters.value }),
});
export type QueryBody = Static<typeof QueryBody>;

/** `POST /v1/workflow/run/retry`. `checkRetryBody` is the check; this describes it. */
export const RetryBody = Type.Object({
  workflowRunId: Type.String({ minLength: 1, maxLength: LIMITS.workflowRunIdCharacters.value }),
  from: Type.Optional(
    nullable(
      Type.Enum(["failed", "start"], {
        default: "failed",
        description: "failed: what finished keeps its result, at no cost; what failed or was under way runs again.",
      }),
    ),
  ),
  version: Type.Optional(
    nullable(Type.Enum(["same", "live"], { default: "same", description: "live: the version that is live now; only from the start." })),
  ),
});
export type RetryBody = Static<typeof RetryBody>;

/** `POST /v1/workflow/run/signal`. `checkSignalBody` is the check; this describes it. */
export const SignalBody = Type.Object({
  workflowRunId: Type.String({ minLength: 1, maxLength: LIMITS.workflowRunIdCharacters.value }),
  name: Type.String({
    minLength: 1,
    maxLength: LIMITS.signalNameCharacters.value,
    description: "The signal that a node of the run waits for.",
  }),
  value: Type.Optional(Type.Unknown({ description: "What the node gets; absent: null." })),
  id: Type.Optional(
    nullable(
      Type.String({
        minLength: 1,
        maxLength: LIMITS.signalIdCharacters.value,
        description: "The sender's: a second signal with the same id is none, so that it may be sent again.",
      }),
    ),
  ),
});
export type SignalBody = Static<typeof SignalBody>;

/** What began a run. `manual`: a person, by hand. `workflow`: a node of another run. */
export const RUN_TRIGGERS = ["api", "schedule", "webhook", "manual", "retry", "workflow", "draft"] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

export const RUN_STATUSES = ["PENDING", "RUNNING", "SUCCEED", "FAILED"] as const;
export const RunStatus = Type.Enum(RUN_STATUSES, { description: "SUCCEED and FAILED are final." });
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RunError = Type.Object(
  {
    code: Type.Integer(),
    type: Type.String({ minLength: 1, description: "Stable word; the page /errors/<type> explains it." }),
    message: Type.String({ minLength: 1 }),
    nodeId: Type.Optional(Type.String()),
    nodeName: Type.Optional(Type.String()),
  },
  { description: "Why the run failed; the node, where one is to blame." },
);
export type RunError = Static<typeof RunError>;

export const WaitingFor = Type.Object(
  {
    type: Type.Enum(["human", "timer", "signal"]),
    nodeId: Type.String(),
    nodeName: Type.String(),
    since: epochMs("When the wait began."),
    until: Type.Optional(epochMs("When the wait ends by itself.")),
    approvalId: Type.Optional(Type.String({ description: "With human: what people are asked to decide." })),
    approvalPath: Type.Optional(Type.String({ description: "Where to read and decide it, with a key or a session that may." })),
  },
  { description: "What a paused run waits for." },
);
export type WaitingFor = Static<typeof WaitingFor>;

const head = {
  workflowId: Type.String({ pattern: "^[0-9a-f]{24}$" }),
  workflowName: Type.String({ description: "The name at acceptance." }),
  workflowVersion: Type.String({ description: "Opaque text." }),
  workflowRunId: Type.String({ pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" }),
};
const input = object("As it was sent, unknown members included.");
const startTime = epochMs("When the run began to execute.");
const totals = {
  totalCost: Type.Number({ minimum: 0, description: "Credits, 100 = US$1, rounded half-up to 4 places." }),
  totalTokens: Type.Integer({ minimum: 0 }),
  startTime,
  endTime: epochMs("When the run ended."),
};
const workflowExecutionTime = Type.Integer({
  minimum: 0,
  description: "Milliseconds spent executing, without waits for people and timers.",
});
const queuePosition = Type.Optional(
  Type.Integer({
    minimum: 1,
    description: "Place in the line of runs that wait for their turn (the workflow's `concurrency`); 1 is next.",
  }),
);
const closed = { additionalProperties: false };

/** Answer to an asynchronous invoke: exactly these five members. */
export const Acknowledgement = Type.Object({ ...head, status: Type.Literal("PENDING") }, closed);
export type Acknowledgement = Static<typeof Acknowledgement>;

/** Answer to a synchronous invoke whose run outlasts the hold: the run goes on. */
export const HeldAnswer = Type.Object(
  { ...head, status: Type.Enum(["PENDING", "RUNNING"]), waitingFor: Type.Optional(WaitingFor), queuePosition },
  closed,
);
export type HeldAnswer = Static<typeof HeldAnswer>;

export const PendingRun = Type.Object({ ...head, input, status: Type.Literal("PENDING"), queuePosition }, closed);
export type PendingRun = Static<typeof PendingRun>;

export const RunningRun = Type.Object(
  { ...head, input, status: Type.Literal("RUNNING"), startTime, waitingFor: Type.Optional(WaitingFor), queuePosition },
  closed,
);
export type RunningRun = Static<typeof RunningRun>;

export const SucceededRun = Type.Object(
  { ...head, input, output: object("The result of the End node."), workflowExecutionTime, status: Type.Literal("SUCCEED"), ...totals },
  closed,
);
export type SucceededRun = Static<typeof SucceededRun>;

export const FailedRun = Type.Object(
  { ...head, input, workflowExecutionTime, status: Type.Literal("FAILED"), ...totals, error: RunError },
  closed,
);
export type FailedRun = Static<typeof FailedRun>;

/** The body of one run, by status: of a query, of a terminal synchronous answer, and of a webhook. */
export const RunView = Type.Union([PendingRun, RunningRun, SucceededRun, FailedRun]);
export type RunView = Static<typeof RunView>;

/** Order of the members on the wire; an absent member leaves no trace. */
export const RUN_VIEW_KEYS = [
  "workflowId",
  "workflowName",
  "workflowVersion",
  "workflowRunId",
  "input",
  "output",
  "workflowExecutionTime",
  "status",
  "totalCost",
  "totalTokens",
  "startTime",
  "endTime",
  "error",
  "waitingFor",
  "queuePosition",
] as const;
export type RunViewKey = (typeof RUN_VIEW_KEYS)[number];

/** Order of the members of an acknowledgement. */
export const ACKNOWLEDGEMENT_KEYS = ["workflowId", "workflowName", "workflowVersion", "workflowRunId", "status"] as const;
