import Type from "typebox";
import { LIMITS } from "#limits";
import type { Route } from "#routes/route";
import { EXAMPLES } from "#routes/run-examples";
import { Acknowledgement, FailedRun, HeldAnswer, InvokeBody, QueryBody, RetryBody, RunView, SignalBody, SucceededRun } from "#run";

const choice = {
  "Millrace-Workflow": Type.Optional(Type.String({ description: "Id or name; needed with a key of several workflows." })),
};

const invokeHeaders = Type.Object({
  "Idempotency-Key": Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: LIMITS.idempotencyKeyCharacters.value,
      pattern: "^[ -~]+$",
      description: "The same key and body answer the same run for 24 h.",
    }),
  ),
  ...choice,
  "Millrace-Start-At": Type.Optional(
    Type.String({ description: "With isAsync: not before this moment does the run begin; `2030-01-31T09:00:00Z`, or ms since 1970." }),
  ),
  "Millrace-Version": Type.Optional(Type.String({ description: "A version other than the live one, or `draft` (needs the scope draft)." })),
  "Accept-Language": Type.Optional(Type.String({ description: "Language of error messages: en, zh-CN, zh-TW, ja." })),
});

export const VerifyAnswer = Type.Object({
  code: Type.Literal(0),
  message: Type.Literal("OK"),
  data: Type.Object({
    entity_type: Type.Literal("workflow"),
    entity_id: Type.String({ description: "Empty for a key of several workflows without Millrace-Workflow." }),
    name: Type.String(),
    api_enabled: Type.Boolean(),
    version_manage_enabled: Type.Boolean(),
    live_version: Type.String({ description: "Empty when nothing is published." }),
    workflows: Type.Optional(Type.Array(Type.Object({ id: Type.String(), name: Type.String() }))),
  }),
});

export const RUN_API_ROUTES = [
  {
    id: "invoke",
    method: "POST",
    path: "/v1/workflow/invoke",
    auth: "key:invoke",
    permission: "operate",
    mark: "core",
    tag: "Run API",
    summary: "Run a workflow",
    description:
      "Synchronous calls are answered when the run ends, or with its id and status RUNNING after 85 s; the run goes on. Asynchronous calls are acknowledged at once. A run that fails is a successful request: HTTP 200 with status FAILED.",
    headers: invokeHeaders,
    body: { schema: InvokeBody, examples: { sync: EXAMPLES.invoke, async: EXAMPLES.invokeAsync } },
    responses: {
      200: {
        description: "The finished run, or the acknowledgement of one that goes on.",
        schema: Type.Union([SucceededRun, FailedRun, Acknowledgement, HeldAnswer]),
        examples: { succeeded: EXAMPLES.succeeded, failed: EXAMPLES.failed, accepted: EXAMPLES.accepted },
      },
    },
    errors: [
      "workflow_required",
      "no_published_version",
      "invalid_input",
      "out_of_credits",
      "api_disabled",
      "not_found",
      "workflow_deleted",
      "idempotency_mismatch",
      "queue_full",
    ],
  },
  {
    id: "queryResult",
    method: "POST",
    path: "/v1/workflow/query/result",
    auth: "key:query",
    permission: "view",
    mark: "core",
    tag: "Run API",
    summary: "Read a run",
    headers: Type.Object(choice),
    body: { schema: QueryBody, examples: { query: EXAMPLES.query } },
    responses: {
      200: {
        description: "The run as it is now.",
        schema: RunView,
        examples: { running: EXAMPLES.running, succeeded: EXAMPLES.succeeded, failed: EXAMPLES.failed },
      },
    },
    errors: ["workflow_required", "api_disabled", "not_found", "workflow_deleted"],
  },
  {
    id: "cancelRun",
    method: "POST",
    path: "/v1/workflow/run/cancel",
    auth: "key:invoke",
    permission: "operate",
    mark: "own",
    tag: "Run API",
    summary: "Cancel a run",
    description:
      "The run ends FAILED with the error type cancelled; once that is answered no attempt of a node begins any more. A run that was cancelled before is the same answer again.",
    headers: Type.Object(choice),
    body: { schema: QueryBody, examples: { cancel: EXAMPLES.query } },
    responses: { 200: { description: "The cancelled run.", schema: FailedRun, examples: { cancelled: EXAMPLES.cancelled } } },
    errors: ["workflow_required", "api_disabled", "not_found", "workflow_deleted", "conflict"],
  },
  {
    id: "signalRun",
    method: "POST",
    path: "/v1/workflow/run/signal",
    auth: "key:invoke",
    permission: "operate",
    mark: "own",
    tag: "Run API",
    summary: "Send a signal to a run",
    description:
      "Whichever node of the run has waited longest for a signal of this name goes on with the value; while none waits it is kept. Once it is answered the signal is durable.",
    headers: Type.Object(choice),
    body: { schema: SignalBody, examples: { signal: EXAMPLES.signal } },
    responses: { 200: { description: "The run as it is now.", schema: RunView, examples: { running: EXAMPLES.running } } },
    errors: ["workflow_required", "api_disabled", "not_found", "workflow_deleted", "conflict"],
  },
  {
    id: "retryRun",
    method: "POST",
    path: "/v1/workflow/run/retry",
    auth: "key:invoke",
    permission: "operate",
    mark: "own",
    tag: "Run API",
    summary: "Retry a failed run",
    description:
      "A new run, acknowledged at once; the failed one stays as it is. From where it failed, or from the start, with the same input. Webhooks are not taken over.",
    headers: Type.Object(choice),
    body: { schema: RetryBody, examples: { failed: EXAMPLES.query, start: EXAMPLES.retryFromStart } },
    responses: { 200: { description: "The new run.", schema: Acknowledgement, examples: { accepted: EXAMPLES.accepted } } },
    errors: [
      "workflow_required",
      "no_published_version",
      "version_unknown",
      "invalid_input",
      "out_of_credits",
      "api_disabled",
      "not_found",
      "workflow_deleted",
      "conflict",
      "queue_full",
    ],
  },
  {
    id: "runEvents",
    method: "GET",
    path: "/v1/workflow/run/{run}/events",
    auth: "key:query",
    permission: "view",
    mark: "own",
    tag: "Run API",
    summary: "Follow a run",
    description:
      "Server-Sent Events: run.started, node.started, node.finished, node.failed and, last, run.finished with the body of the run. Each is sent once it is durable, with the number of its journal entry as its id; a stream that was cut goes on after Last-Event-ID. Its end without run.finished means: ask again. Closing the stream does not stop the run.",
    query: Type.Object({
      after: Type.Optional(
        Type.Integer({ minimum: 0, description: "Id of the last event seen; the header Last-Event-ID comes before it." }),
      ),
    }),
    headers: Type.Object({
      "Last-Event-ID": Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$", description: "Id of the last event seen." })),
      ...choice,
    }),
    responses: {
      200: {
        description: "The events, for as long as the run goes on.",
        contentTypes: ["text/event-stream"],
        schema: Type.String({
          description:
            "`data` is a NodeEvent, a NodeDeltaEvent (node.delta: a piece of an answer as it is made, without an id and not sent again), a RunStartedEvent, a RunWaitingEvent or, with run.finished, a RunView.",
        }),
        examples: { stream: EXAMPLES.events },
      },
      204: { description: "The run has ended and every event was seen: an EventSource does not come back." },
    },
    errors: ["workflow_required", "api_disabled", "not_found", "workflow_deleted"],
  },
  {
    id: "verifyKey",
    method: "GET",
    path: "/v1/api-key/verify",
    auth: "key",
    permission: "view",
    mark: "wide",
    tag: "Run API",
    summary: "Check a key",
    headers: Type.Object(choice),
    responses: { 200: { description: "What the key selects.", schema: VerifyAnswer, examples: { verified: EXAMPLES.verified } } },
    errors: ["workflow_deleted"],
  },
] as const satisfies readonly Route[];
