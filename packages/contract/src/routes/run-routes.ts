import * as M from "#management";
import { ID, RUN_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";

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
const base = { mark: "own", tag: "Runs", auth: "key:admin", permission: "view", method: "GET" } as const;

export const RUN_ROUTES = [
  {
    ...base,
    id: "listRuns",
    path: "/api/v1/runs",
    summary: "List runs, newest first",
    query: M.RunsQuery,
    responses: {
      200: { description: "One page.", schema: M.RunList, examples: { page: { data: [run], nextCursor: "djE6MTc5MDAwMDAwMDEwMA" } } },
    },
    errors: [],
  },
  {
    ...base,
    id: "getRun",
    path: "/api/v1/runs/{run}",
    summary: "Read a run with the trace of its nodes",
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
] as const satisfies readonly Route[];
