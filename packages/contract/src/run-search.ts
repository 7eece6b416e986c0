import Type, { type Static } from "typebox";
import { RunTriggerWord } from "#management";
import { RunError, RunStatus } from "#run";
import { at, closed, page, paging } from "#schema-parts";

// How runs are found, counted and grouped.

const filterMembers = {
  workflow: Type.Optional(Type.String({ description: "Id or name." })),
  user: Type.Optional(Type.String({ description: "Exact userId." })),
  trigger: Type.Optional(RunTriggerWord),
  since: Type.Optional(at("Accepted at or after")),
  until: Type.Optional(at("Accepted before")),
};

export const RunsQuery = Type.Object(
  {
    ...filterMembers,
    status: Type.Optional(RunStatus),
    starter: Type.Optional(Type.String({ description: "Exact starterId: the runs of a schedule or hook, or the retries of a run." })),
    version: Type.Optional(Type.String({ description: "Exact version." })),
    key: Type.Optional(Type.String({ description: "Id of the key that began it." })),
    error: Type.Optional(Type.String({ description: "Exact `error.type`." })),
    creditsFrom: Type.Optional(Type.Number({ minimum: 0, description: "So many credits or more." })),
    creditsAbove: Type.Optional(Type.Number({ minimum: 0, description: "More credits than this." })),
    msAbove: Type.Optional(Type.Integer({ minimum: 0, description: "Executed for longer, in ms." })),
    text: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: "In the id, the input, the output or the error; case and width do not matter.",
      }),
    ),
    where: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1_000,
        description:
          'A condition on `input`, `output` or `error`: `input.topic ~ "AI"`, with = != ~ (contains) > < >= <=; several joined by ` and `. Also on `run.status`, `run.workflow` (its name), `run.version`, `run.user`, `run.trigger`, `run.key` and `run.error` (its type), to leave runs out: `run.user != "u1"`.',
      }),
    ),
    ...paging,
  },
  closed,
);
export type RunsQuery = Static<typeof RunsQuery>;

export const RefusedRequestsQuery = Type.Object(
  {
    workflow: Type.Optional(Type.String({ description: "Id or name." })),
    requestId: Type.Optional(Type.String({ maxLength: 128, description: "`requestId` of an error body, X-Request-Id of an answer." })),
    ...paging,
  },
  closed,
);
export type RefusedRequestsQuery = Static<typeof RefusedRequestsQuery>;
export const RefusedRequestView = Type.Object(
  {
    id: Type.String(),
    at: at("When it was refused"),
    path: Type.String(),
    workflowId: Type.Optional(Type.String({ description: "That the key selected." })),
    keyId: Type.String(),
    status: Type.Integer({ description: "HTTP status." }),
    type: Type.String({ description: "`error.type` of the runs." }),
    message: Type.String({ description: "As it was answered; its first 1,000 characters." }),
    requestId: Type.String(),
  },
  closed,
);
export type RefusedRequestView = Static<typeof RefusedRequestView>;
export const RefusedRequestList = page(RefusedRequestView);

export const RunErrorsQuery = Type.Object(filterMembers, closed);
export const RunErrorGroups = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          workflowId: Type.String(),
          workflowName: Type.String(),
          type: Type.String({ description: "`error.type`." }),
          nodeId: Type.Optional(Type.String({ description: "That failed; absent: it was no node." })),
          count: Type.Integer({ minimum: 1 }),
          lastRunId: Type.String(),
          lastAt: at("When the last of them ended"),
          error: Type.Optional(RunError),
        },
        closed,
      ),
      { description: "The causes of most failures first, 50 at most." },
    ),
    counted: Type.Integer({ minimum: 0, description: "Failed runs that were looked at: the newest, 1,000 at most." }),
  },
  closed,
);
export type RunErrorGroups = Static<typeof RunErrorGroups>;

export const RunStatsQuery = Type.Object(
  {
    hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_160, default: 168, description: "Up to now; over 48 in whole days." })),
    workflow: Type.Optional(Type.String({ description: "Id or name." })),
  },
  closed,
);
const sums = {
  runs: Type.Integer({ minimum: 0, description: "Accepted in the time." }),
  ended: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  credits: Type.Number({ minimum: 0 }),
  p50Ms: Type.Optional(Type.Integer({ minimum: 0, description: "Of the execution, within a tenth." })),
  p95Ms: Type.Optional(Type.Integer({ minimum: 0, description: "Of the execution, within a tenth." })),
  series: Type.Array(Type.Integer({ minimum: 0 }), { description: "Runs by bucket, the oldest first." }),
  failures: Type.Array(Type.Integer({ minimum: 0 }), { description: "Failed ones of these." }),
};
export const RunStatsAnswer = Type.Object(
  {
    from: at("Beginning of the first bucket"),
    to: at("End of the last bucket"),
    bucketMs: Type.Integer({ description: "Length of a bucket, ms." }),
    total: Type.Object(sums, closed),
    workflows: Type.Array(Type.Object({ workflowId: Type.String(), workflowName: Type.Optional(Type.String()), ...sums }, closed)),
    keys: Type.Array(
      Type.Object({ keyId: Type.String(), runs: sums.runs, failed: sums.failed, series: sums.series, failures: sums.failures }, closed),
      { description: "By the key whose request began them." },
    ),
  },
  closed,
);
export type RunStatsAnswer = Static<typeof RunStatsAnswer>;
