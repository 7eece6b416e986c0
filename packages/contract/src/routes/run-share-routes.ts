import Type from "typebox";
import { ID, RUN_ID, SHARE_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import { CreateRunShareAnswer, CreateRunShareBody, RunShareList, SharedRun } from "#run-shares";
import { ValueQuery } from "#run-trace";

const share = {
  id: SHARE_ID,
  runId: RUN_ID,
  hint: "mrs_EX…mple",
  createdAt: 1790000000200,
  expiresAt: 1790604800200,
  createdBy: "ada@example.com",
} as const;
const token = "mrs_EXAMPLEexampleEXAMPLEexampleEXAMPLEexamp";
const base = { mark: "own", tag: "Runs" } as const;
const inside = { ...base, auth: "key:admin" } as const;
const outside = { ...base, auth: "none", method: "GET" } as const;

export const RUN_SHARE_ROUTES = [
  {
    ...inside,
    id: "listRunShares",
    permission: "view",
    method: "GET",
    path: "/api/v1/runs/{run}/shares",
    summary: "List the links to a run",
    responses: {
      200: {
        description: "Those that work; never their tokens.",
        schema: RunShareList,
        examples: { all: { enabled: true, data: [share] } },
      },
    },
    errors: ["not_found"],
  },
  {
    ...inside,
    id: "createRunShare",
    permission: "operate",
    method: "POST",
    path: "/api/v1/runs/{run}/shares",
    summary: "Make a link with which anybody looks at a run",
    description:
      "Whoever has the link sees the run as its page shows it: input, output, what each node did, logs, and the version that ran. Not who began it, its webhooks, its journal, or any other run.",
    body: { schema: CreateRunShareBody, examples: { day: { expiresInHours: 24 } } },
    responses: {
      201: {
        description: "The link.",
        schema: CreateRunShareAnswer,
        examples: { created: { ...share, url: `https://millrace.example.com/shared/${token}` } },
      },
    },
    errors: ["not_found", "conflict", "sharing_off"],
  },
  {
    ...inside,
    id: "revokeRunShare",
    permission: "operate",
    method: "DELETE",
    path: "/api/v1/runs/{run}/shares/{share}",
    summary: "Revoke a link to a run",
    description: "It shows nothing more from then on.",
    responses: { 204: { description: "Revoked." } },
    errors: ["not_found"],
  },
  {
    ...outside,
    id: "getSharedRun",
    path: "/api/v1/shared/{token}",
    summary: "Read the run that a link shows",
    description: "The token of the link is all that it takes. Values of more than 32 KiB are left out, and their beginnings shown.",
    responses: {
      200: {
        description: "The run and the version that ran.",
        schema: SharedRun,
        examples: {
          shared: {
            run: {
              id: RUN_ID,
              workflowId: ID,
              workflowName: "greet",
              version: "1.0.1",
              status: "RUNNING",
              trigger: "api",
              acceptedAt: 1790000000100,
              input: { name: "Ada" },
              nodes: [],
            },
            document: { format: "millrace/1", name: "greet", nodes: [] },
            expiresAt: 1790604800200,
          },
        },
      },
    },
    errors: ["not_found"],
  },
  {
    ...outside,
    id: "getSharedValue",
    path: "/api/v1/shared/{token}/values/{value}",
    summary: "Read a value of the run that a link shows whole",
    description: "`input`, `output`, or the `value` or `inputValue` of a node in the trace.",
    query: ValueQuery,
    responses: { 200: { description: "The value as JSON.", schema: Type.Unknown(), examples: { output: { greeting: "Hello, Ada" } } } },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
