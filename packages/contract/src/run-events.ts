import Type, { type Static } from "typebox";
import { type FailedRun, RunError, type SucceededRun } from "#run";

// What GET /v1/workflow/run/{run}/events sends: `id` is the number of the journal entry behind it, `data` one of these as JSON.

export const RUN_EVENTS = [
  "run.started",
  "node.started",
  "node.delta",
  "node.finished",
  "node.failed",
  "run.waiting",
  "run.finished",
] as const;
/**
 * `run.finished` has the run's body (RunView) as its data, and is the last. `node.delta` is a piece of what a node is making, for whoever
 * follows the run at the moment: it has no id, and is not sent again.
 */
export type RunEventName = (typeof RUN_EVENTS)[number];

const closed = { additionalProperties: false };
const at = Type.Integer({ minimum: 0, description: "Epoch milliseconds." });

export const RunStartedEvent = Type.Object(
  { workflowId: Type.String(), workflowName: Type.String(), workflowVersion: Type.String(), workflowRunId: Type.String(), at },
  closed,
);
export type RunStartedEvent = Static<typeof RunStartedEvent>;

/** Where a result comes from that was kept (`cache` of the node). */
export const CachedFrom = Type.Object(
  { runId: Type.String({ description: "The run whose attempt made it." }), at },
  { ...closed, description: "A kept result; nothing was carried out, and nothing paid for." },
);

export const NodeEvent = Type.Object(
  {
    nodeId: Type.String(),
    nodeName: Type.String(),
    path: Type.String({ description: "Where in the run: `fetch`, or `each[3]/fetch` in the fourth item of `each`." }),
    attempt: Type.Optional(Type.Integer({ minimum: 1, description: "With node.started and node.failed." })),
    port: Type.Optional(Type.String({ description: "With node.finished: the way taken, where the node has one." })),
    output: Type.Optional(Type.Unknown({ description: "With node.finished." })),
    error: Type.Optional(RunError),
    reused: Type.Optional(Type.Literal(true, { description: "Taken over from the run that this one retries; nothing was executed." })),
    cached: Type.Optional(CachedFrom),
    retryAt: Type.Optional(Type.Integer({ minimum: 0, description: "With node.failed: when the next attempt begins, where one follows." })),
    at,
  },
  closed,
);
export type NodeEvent = Static<typeof NodeEvent>;

export const NodeDeltaEvent = Type.Object(
  {
    nodeId: Type.String(),
    nodeName: Type.String(),
    path: Type.String(),
    attempt: Type.Integer({ minimum: 1, description: "Another attempt begins its text anew." }),
    channel: Type.Enum(["text", "reasoning"], { description: "Of the answer, or of what the model thinks aloud before it." }),
    text: Type.String({ description: "Goes on where the last piece of the same attempt and channel ended." }),
    at,
  },
  closed,
);
export type NodeDeltaEvent = Static<typeof NodeDeltaEvent>;

export const RunWaitingEvent = Type.Object(
  {
    nodeId: Type.String(),
    nodeName: Type.String(),
    path: Type.String(),
    type: Type.Enum(["human", "timer", "signal"], { description: "What is waited for." }),
    name: Type.Optional(Type.String({ description: "Of the signal." })),
    until: Type.Optional(Type.Integer({ minimum: 0, description: "When the wait ends by itself." })),
    approvalId: Type.Optional(Type.String({ description: "Of what people are asked." })),
    approvalPath: Type.Optional(Type.String({ description: "Where to read and decide it." })),
    title: Type.Optional(Type.String({ description: "What people are asked, in a line." })),
    reused: Type.Optional(Type.Literal(true)),
    at,
  },
  closed,
);
export type RunWaitingEvent = Static<typeof RunWaitingEvent>;

/** One event, read. Those with an id are all of the run, each once and in order. */
export type RunEvent = DurableRunEvent | { readonly id?: undefined; readonly event: "node.delta"; readonly data: NodeDeltaEvent };

type DurableRunEvent = { readonly id: number } & (
  | { readonly event: "run.started"; readonly data: RunStartedEvent }
  | { readonly event: "node.started" | "node.finished" | "node.failed"; readonly data: NodeEvent }
  | { readonly event: "run.waiting"; readonly data: RunWaitingEvent }
  | { readonly event: "run.finished"; readonly data: SucceededRun | FailedRun }
);
