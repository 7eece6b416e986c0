import Type from "typebox";
import { CreateHookBody, HookList, type HookMethod, HookView, HookWithSecrets, RotateHookBody, UpdateHookBody } from "#hooks";
import { HOOK_ID, ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import { EXAMPLES } from "#routes/run-examples";
import { Acknowledgement, FailedRun, HeldAnswer, SucceededRun } from "#run";
import { StartersQuery } from "#schedules";

const hook = {
  id: HOOK_ID,
  name: "pushes",
  workflowId: ID,
  workflowName: "headline_digest",
  version: "live",
  methods: ["POST"],
  headers: ["X-GitHub-Event"],
  input: { topic: "{{ body.ref }}" },
  respond: "accepted",
  verification: { kind: "github" },
  maxBodyBytes: 1048576,
  rateLimit: { requests: 600, windowS: 60 },
  enabled: true,
  tokenHint: "mrh_9h…4f2x",
  createdAt: 1790000000000,
  updatedAt: 1790000000000,
} as const;
const url = "https://millrace.example.com/hooks/mrh_EXAMPLEexampleEXAMPLEexampleEXAMPLEexamp";
const base = { mark: "own", tag: "Hooks", auth: "key:admin" } as const;
const errors = ["not_found", "no_published_version", "version_unknown"] as const;

/** Any body, read as its Content-Type says. */
const AnyBody = Type.Unknown({ description: "JSON, a form, or text." });

function receiving<const Id extends string, const M extends HookMethod>(id: Id, method: M) {
  return {
    id,
    method,
    path: "/hooks/{token}",
    auth: "none",
    mark: "own",
    tag: "Hooks",
    summary: `Receive a ${method} at a hook`,
    description: "Starts a run. The token in the path is the key; a hook may ask for the sender's signature too.",
    ...(method !== "GET" && { body: { schema: AnyBody, contentTypes: ["*/*"], required: false } }),
    responses: {
      202: {
        description: "The run, which goes on.",
        schema: Type.Union([Acknowledgement, HeldAnswer]),
        examples: { accepted: EXAMPLES.accepted },
      },
      200: {
        description: "The run's end, of a hook that answers the result.",
        schema: Type.Union([SucceededRun, FailedRun]),
        examples: { succeeded: EXAMPLES.succeeded },
      },
    },
    errors: [
      "not_found",
      "invalid_request",
      "invalid_input",
      "unauthorized",
      "rate_limited",
      "no_published_version",
      "idempotency_mismatch",
      "overloaded",
      "draining",
    ],
  } as const satisfies Route;
}

export const HOOK_ROUTES = [
  receiving("receiveGet", "GET"),
  receiving("receivePost", "POST"),
  receiving("receivePut", "PUT"),
  receiving("receivePatch", "PATCH"),
  {
    ...base,
    id: "listHooks",
    permission: "view",
    method: "GET",
    path: "/api/v1/hooks",
    summary: "List hooks, newest first",
    query: StartersQuery,
    responses: { 200: { description: "One page.", schema: HookList, examples: { page: { data: [hook] } } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "createHook",
    permission: "edit",
    method: "POST",
    path: "/api/v1/hooks",
    summary: "Let requests of other systems start a workflow",
    body: {
      schema: CreateHookBody,
      examples: { github: { workflow: "headline_digest", input: { topic: "{{ body.ref }}" }, verification: { kind: "github" } } },
    },
    responses: {
      201: { description: "The hook, with what is shown this once.", schema: HookWithSecrets, examples: { hook: { ...hook, url } } },
    },
    errors,
  },
  {
    ...base,
    id: "getHook",
    permission: "view",
    method: "GET",
    path: "/api/v1/hooks/{hook}",
    summary: "Read a hook",
    responses: { 200: { description: "The hook.", schema: HookView, examples: { hook } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "updateHook",
    permission: "edit",
    method: "PATCH",
    path: "/api/v1/hooks/{hook}",
    summary: "Change a hook, switch it off or on",
    body: { schema: UpdateHookBody, examples: { off: { enabled: false } } },
    responses: {
      200: { description: "The hook; a secret that was made for it is shown this once.", schema: HookWithSecrets, examples: { hook } },
    },
    errors,
  },
  {
    ...base,
    id: "rotateHook",
    permission: "edit",
    method: "POST",
    path: "/api/v1/hooks/{hook}/rotate",
    summary: "Give a hook another token",
    description: "The old one works beside it for a while; one before that works no more.",
    body: { schema: RotateHookBody, examples: { rotate: { overlapHours: 24 } }, required: false },
    responses: { 200: { description: "The hook with its new URL.", schema: HookWithSecrets, examples: { hook: { ...hook, url } } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "deleteHook",
    permission: "edit",
    method: "DELETE",
    path: "/api/v1/hooks/{hook}",
    summary: "Delete a hook",
    description: "Runs that it started go on.",
    responses: { 204: { description: "Deleted." } },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
