import Type from "typebox";
import * as M from "#management";
import { ID, RUN_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import { EXAMPLES } from "#routes/run-examples";
import * as S from "#run-search";
import * as T from "#run-trace";

const run = {
  id: RUN_ID,
  workflowId: ID,
  workflowName: "greet",
  version: "1.0.1",
  status: "SUCCEED",
  trigger: "api",
  userId: "u-204",
  acceptedAt: 1790000000100,
  startedAt: 1790000000120,
  endedAt: 1790000000140,
  executionMs: 20,
  credits: 0,
  tokens: 0,
} as const;
const trace = { nodeType: "start", status: "SUCCEED", attempts: 1, startedAt: 1790000000120, endedAt: 1790000000121 } as const;
const sums = { runs: 4, ended: 4, failed: 1, credits: 0.31, p50Ms: 20, p95Ms: 41, series: [1, 3], failures: [0, 1] };
const base = { mark: "own", tag: "Runs", auth: "key:admin", permission: "view", method: "GET" } as const;

const LastEventId = Type.Object({
  "Last-Event-ID": Type.Optional(Type.String({ pattern: "^[0-9]{1,16}$", description: "Id of the last event seen." })),
});

export const RUN_ROUTES = [
  {
    ...base,
    id: "listRuns",
    path: "/api/v1/runs",
    summary: "List runs, newest first",
    description:
      "With `version`, `key`, `error`, `creditsFrom`, `creditsAbove`, `msAbove`, `text` or `where`, a page looks at the next 20,000 runs, or reads the values of the next 1,000: it may have fewer rows than `limit`, even none, while `nextCursor` says that there is more.",
    query: S.RunsQuery,
    responses: {
      200: { description: "One page.", schema: M.RunList, examples: { page: { data: [run], nextCursor: "djE6MTc5MDAwMDAwMDEwMA" } } },
    },
    errors: [],
  },
  {
    ...base,
    id: "listRefusedRequests",
    path: "/api/v1/requests",
    summary: "List requests of the run API that were refused, newest first",
    description:
      "Of keys that the server knows: what never became a run has its reason here. The last 10,000 are kept; of more than 100 within half a second, 100.",
    query: S.RefusedRequestsQuery,
    responses: {
      200: {
        description: "One page.",
        schema: S.RefusedRequestList,
        examples: {
          page: {
            data: [
              {
                id: "17",
                at: 1790000000100,
                path: "/v1/workflow/invoke",
                workflowId: ID,
                keyId: ID,
                status: 400,
                type: "invalid_input",
                message: "input.topic: expected string, got number",
                requestId: "req_8f1c2a",
              },
            ],
          },
        },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "getRunStats",
    path: "/api/v1/runs/stats",
    summary: "How runs went: counts, failures, durations and credits, by workflow",
    description: "Of runs by when they were accepted, without those of drafts.",
    query: S.RunStatsQuery,
    responses: {
      200: {
        description: "The figures.",
        schema: S.RunStatsAnswer,
        examples: {
          hours: {
            from: 1789995600000,
            to: 1790002800000,
            bucketMs: 3600000,
            total: sums,
            workflows: [{ workflowId: ID, workflowName: "greet", ...sums }],
            keys: [{ keyId: ID, runs: sums.runs, failed: sums.failed, series: sums.series, failures: sums.failures }],
          },
        },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "listRunErrors",
    path: "/api/v1/runs/errors",
    summary: "Failed runs by their cause and node",
    query: S.RunErrorsQuery,
    responses: {
      200: {
        description: "The causes.",
        schema: S.RunErrorGroups,
        examples: {
          causes: {
            data: [
              {
                workflowId: ID,
                workflowName: "greet",
                type: "llm_auth",
                nodeId: "summarise",
                count: 7,
                lastRunId: RUN_ID,
                lastAt: 1790000000140,
              },
            ],
            counted: 7,
          },
        },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "getRun",
    path: "/api/v1/runs/{run}",
    summary: "Read a run with the trace of its nodes",
    query: T.RunQuery,
    responses: {
      200: {
        description: "The run.",
        schema: M.RunDetail,
        examples: {
          run: {
            ...run,
            input: { name: "Ada" },
            output: { greeting: "Hello, Ada" },
            nodes: [{ nodeId: "start", path: "start", ...trace }],
          },
        },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "getRunValue",
    path: "/api/v1/runs/{run}/values/{value}",
    summary: "Read a value of a run whole",
    description: "`input`, `output`, or the `value` or `inputValue` of a node in the trace.",
    query: T.ValueQuery,
    responses: { 200: { description: "The value as JSON.", schema: Type.Unknown(), examples: { output: { greeting: "Hello, Ada" } } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "cancelOneRun",
    method: "POST",
    permission: "operate",
    path: "/api/v1/runs/{run}/cancel",
    summary: "Cancel a run",
    description:
      "The run ends FAILED with the error type cancelled, whose message names who cancelled it. The same answer again for one that was cancelled before.",
    responses: {
      200: {
        description: "The cancelled run.",
        schema: M.RunHeader,
        examples: {
          cancelled: { ...run, status: "FAILED", error: { code: 499, type: "cancelled", message: "Cancelled by ada@example.com." } },
        },
      },
    },
    errors: ["not_found", "conflict", "overloaded"],
  },
  {
    ...base,
    id: "getJournal",
    path: "/api/v1/runs/{run}/journal",
    summary: "Read the journal of a run",
    query: M.PageQuery,
    responses: {
      200: {
        description: "Entries in order.",
        schema: M.JournalPage,
        examples: { page: { data: [{ seq: 1, at: 1790000000100, type: "run-accepted" }] } },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "followAnyRun",
    path: "/api/v1/runs/{run}/events",
    summary: "Follow a run of any workflow",
    description: "The events of `GET /v1/workflow/run/{run}/events`, for members and admin keys.",
    query: Type.Object({
      after: Type.Optional(Type.Integer({ minimum: 0, description: "Id of the last event seen; Last-Event-ID comes before it." })),
    }),
    headers: LastEventId,
    responses: {
      200: {
        description: "The events, for as long as the run goes on.",
        contentTypes: ["text/event-stream"],
        schema: Type.String({ description: "`data` is as in the run API." }),
        examples: { stream: EXAMPLES.events },
      },
      204: { description: "The run has ended and every event was seen." },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "events",
    path: "/api/v1/events",
    summary: "Follow what changes on the server",
    description:
      "Server-Sent Events: open, first; run (a RunHeader, with `waitingFor`), workflow (a WorkflowSummary, or its id and `deleted`), approval and delivery (of a `runId`), job, schedule, key, alert and knowledge (an `id`), request (one that was refused). What changes several times within 200 ms is told once, as it is then. reload: more has changed than is told; read anew what is shown. A stream that was cut goes on after Last-Event-ID.",
    headers: LastEventId,
    responses: {
      200: {
        description: "The events, until the stream is closed.",
        contentTypes: ["text/event-stream"],
        schema: Type.String({ description: "One JSON object an event." }),
        examples: {
          stream:
            'id: 1790000000000000\nevent: open\ndata: {}\n\nid: 1790000000000002\nevent: job\ndata: {"id":"66f0d4b5b3d4e5f607182d30"}\n\n',
        },
      },
    },
    errors: [],
  },
] as const satisfies readonly Route[];
