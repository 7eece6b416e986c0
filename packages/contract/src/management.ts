import Type, { type Static } from "typebox";
import { draftMembers, Editor } from "#drafts";
import { ROLES } from "#roles";
import { RUN_TRIGGERS, RunError, RunStatus, WaitingFor, WEBHOOK_METHODS } from "#run";
import { CachedFrom } from "#run-events";
import { AttemptTrace, PaidRequest, ValuePreview } from "#run-trace";
import { at, closed, Document, Id, JsonMembers, Name, Note, page, paging, Version } from "#schema-parts";
import { SCOPES } from "#scopes";

/** Bodies and answers of the management API. Unknown members of a request are refused; absent members are left out, never null. */
const Revision = Type.Integer({ minimum: 0, description: "Counts the saves of the draft." });
const WorkflowRef = Type.Object({ id: Id, name: Name }, closed);

export const PageQuery = Type.Object(paging, closed);

export const ProblemView = Type.Object(
  {
    code: Type.String(),
    level: Type.Enum(["error", "warning"]),
    path: Type.String({ description: "JSON pointer in the document." }),
    message: Type.String(),
    hint: Type.Optional(Type.String()),
    nodeId: Type.Optional(Type.String()),
    start: Type.Optional(Type.Integer({ minimum: 0, description: "Offset in the string at `path`." })),
    end: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);
export type ProblemView = Static<typeof ProblemView>;

const workflowMembers = {
  id: Id,
  name: Name,
  description: Type.Optional(Type.String()),
  revision: Revision,
  liveVersion: Type.Optional(Version),
  apiEnabled: Type.Boolean(),
  createdAt: at("When the workflow was created"),
  updatedAt: at("When the draft was last saved"),
};
export const WorkflowSummary = Type.Object(workflowMembers, closed);
export type WorkflowSummary = Static<typeof WorkflowSummary>;
export const WorkflowList = page(WorkflowSummary);
export const WorkflowView = Type.Object({ ...workflowMembers, document: Document, ...draftMembers }, closed);
export type WorkflowView = Static<typeof WorkflowView>;

export const CreateWorkflowBody = Type.Object({ document: Document }, closed);
export type CreateWorkflowBody = Static<typeof CreateWorkflowBody>;
export const SaveDraftBody = Type.Object(
  { document: Document, ifRevision: Type.Optional(Revision), editor: Type.Optional(Editor) },
  closed,
);
export type SaveDraftBody = Static<typeof SaveDraftBody>;
export const SaveDraftAnswer = Type.Object({ id: Id, name: Name, revision: Revision, savedAt: at("When it was saved") }, closed);
export type SaveDraftAnswer = Static<typeof SaveDraftAnswer>;
export const UpdateWorkflowBody = Type.Object({ apiEnabled: Type.Optional(Type.Boolean()) }, closed);
export type UpdateWorkflowBody = Static<typeof UpdateWorkflowBody>;
export const ValidateBody = Type.Object({ document: Document }, closed);
export type ValidateBody = Static<typeof ValidateBody>;
export const ValidateAnswer = Type.Object({ problems: Type.Array(ProblemView) }, closed);
export type ValidateAnswer = Static<typeof ValidateAnswer>;

const warnings = Type.Optional(Type.Array(ProblemView, { description: "What may fail when it runs: a secret that is not there yet." }));
export const PublishBody = Type.Object({ note: Type.Optional(Note), ifRevision: Type.Optional(Revision) }, closed);
export type PublishBody = Static<typeof PublishBody>;
export const PublishAnswer = Type.Object(
  {
    version: Version,
    previousVersion: Type.Optional(Version),
    changed: Type.Boolean({ description: "false: the draft equals the live version, no new one was made." }),
    warnings,
  },
  closed,
);
export type PublishAnswer = Static<typeof PublishAnswer>;

export const DeployBody = Type.Object(
  {
    document: Document,
    publish: Type.Optional(Type.Boolean({ default: false })),
    note: Type.Optional(Note),
    ifRevision: Type.Optional(Revision),
    dryRun: Type.Optional(Type.Boolean({ default: false, description: "Answer what would change, change nothing." })),
  },
  closed,
);
export type DeployBody = Static<typeof DeployBody>;

/** `version` is absent when nothing was published; `id` when a dry run would create the workflow. */
const deployed = { id: Type.Optional(Id), name: Name, version: Type.Optional(Version), previousVersion: Type.Optional(Version) };
export const DeployAnswer = Type.Object(
  { workflows: Type.Array(Type.Object({ ...deployed, changed: Type.Boolean(), warnings }, closed)) },
  closed,
);
export type DeployAnswer = Static<typeof DeployAnswer>;

export const ImportQuery = Type.Object({ publish: Type.Optional(Type.Boolean({ default: false })) }, closed);
export const ImportAnswer = Type.Object(
  {
    workflows: Type.Array(Type.Object({ id: Id, name: Name, version: Type.Optional(Version) }, closed)),
    warnings: Type.Array(Type.Object({ code: Type.String(), path: Type.String(), message: Type.String() }, closed)),
  },
  closed,
);
export type ImportAnswer = Static<typeof ImportAnswer>;

export const RunTriggerWord = Type.Enum(RUN_TRIGGERS, { description: "What began it." });
const runMembers = {
  id: Type.String({ description: "The run's id, `workflowRunId` of the run API." }),
  workflowId: Id,
  workflowName: Name,
  version: Version,
  status: RunStatus,
  trigger: RunTriggerWord,
  starterId: Type.Optional(Type.String({ description: "Of the schedule or hook, or of the run that it retries or answers to." })),
  userId: Type.Optional(Type.String()),
  acceptedAt: at("When the run was accepted"),
  startedAt: Type.Optional(at("When it began to execute")),
  endedAt: Type.Optional(at("When it ended")),
  executionMs: Type.Optional(Type.Integer({ minimum: 0 })),
  credits: Type.Optional(Type.Number({ minimum: 0, description: "100 = US$1." })),
  tokens: Type.Optional(Type.Integer({ minimum: 0 })),
  errorType: Type.Optional(Type.String({ description: "Of a run that FAILED: the type of its error." })),
  error: Type.Optional(RunError),
  waitingFor: Type.Optional(WaitingFor),
};
export const RunHeader = Type.Object(runMembers, closed);
export type RunHeader = Static<typeof RunHeader>;
export const RunList = page(RunHeader);
/** One execution of a node; a loop or batch has one for each iteration of a body node. */
export const NodeTrace = Type.Object(
  {
    nodeId: Type.String(),
    nodeName: Type.Optional(Type.String()),
    nodeType: Type.String(),
    path: Type.String({ description: "`loop/inner` inside a body." }),
    iteration: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0 }), { description: "Index in each enclosing container, outermost first." }),
    ),
    status: Type.Enum(["RUNNING", "SUCCEED", "FAILED", "SKIPPED", "WAITING"]),
    attempts: Type.Integer({ minimum: 0 }),
    maxAttempts: Type.Optional(Type.Integer({ minimum: 1, description: "Where an attempt failed: how many there may be." })),
    model: Type.Optional(Type.String({ description: "Where an attempt failed: the model that the node names, as `connection/model`." })),
    items: Type.Optional(
      Type.Array(
        Type.Object(
          {
            label: Type.Optional(Type.String({ maxLength: 64, description: "The item, shortened; absent where the loop has no items." })),
            status: Type.Enum(["RUNNING", "SUCCEED", "FAILED"]),
            startedAt: at("When it began"),
            endedAt: Type.Optional(at("When it ended")),
          },
          closed,
        ),
        { description: "Of a loop or batch: its iterations so far, by index." },
      ),
    ),
    reused: Type.Optional(Type.Literal(true, { description: "The result of the run that this one retries; nothing was executed." })),
    pinned: Type.Optional(Type.Literal(true, { description: "What the draft had pinned; nothing was executed." })),
    cached: Type.Optional(CachedFrom),
    startedAt: Type.Optional(at("When the first attempt began")),
    endedAt: Type.Optional(at("When the last attempt ended")),
    port: Type.Optional(Type.String({ description: "The port that was taken." })),
    output: Type.Optional(Type.Unknown()),
    outputPreview: Type.Optional(ValuePreview),
    value: Type.Optional(Type.String({ description: "Names the output, for `GET /api/v1/runs/{run}/values/{value}`." })),
    inputValue: Type.Optional(
      Type.String({ description: "Names what the node was given: its settings with the values of their expressions, secrets masked." }),
    ),
    attemptList: Type.Optional(Type.Array(AttemptTrace, { description: "Each attempt, the first one first." })),
    usage: Type.Optional(Type.Array(PaidRequest, { description: "What was paid for: `credits` and `tokens` are the sums." })),
    logs: Type.Optional(Type.Array(Type.String(), { description: "Lines that the node's code wrote." })),
    error: Type.Optional(RunError),
    credits: Type.Optional(Type.Number({ minimum: 0 })),
    tokens: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);
export type NodeTrace = Static<typeof NodeTrace>;

export const RunDetail = Type.Object(
  {
    ...runMembers,
    retryOf: Type.Optional(Type.String({ description: "Id of the run that this one retries." })),
    input: Type.Optional(JsonMembers("As it was sent; absent only where `inputPreview` is there.")),
    inputPreview: Type.Optional(ValuePreview),
    output: Type.Optional(JsonMembers("Of a run that SUCCEED.")),
    outputPreview: Type.Optional(ValuePreview),
    nodes: Type.Array(NodeTrace),
  },
  closed,
);
export type RunDetail = Static<typeof RunDetail>;

export const JournalRow = Type.Object(
  { seq: Type.Integer({ minimum: 0 }), at: at("When it was written"), type: Type.String() },
  { additionalProperties: true },
);
export const JournalPage = page(JournalRow);

export const RateLimit = Type.Object(
  {
    requests: Type.Integer({ minimum: 1, maximum: 1_000_000, description: "Let through in a window; all at once, or evenly." }),
    windowS: Type.Integer({ minimum: 1, maximum: 86_400, description: "Seconds." }),
  },
  { ...closed, description: "Beyond it a request is answered 429 with Retry-After." },
);
export type RateLimit = Static<typeof RateLimit>;

const keyMembers = {
  id: Id,
  name: Type.Optional(Name),
  hint: Type.String({ description: "First and last characters of the key." }),
  workflows: Type.Array(WorkflowRef, { description: "Empty: every workflow (admin keys)." }),
  scopes: Type.Array(Type.Enum(SCOPES)),
  role: Type.Optional(Type.Enum(ROLES, { description: "Of an admin key: how much of the management API it may use." })),
  createdAt: at("When the key was made"),
  expiresAt: Type.Optional(at("When it stops working")),
  lastUsedAt: Type.Optional(at("When it was last used, true within 10 seconds")),
  replacedBy: Type.Optional(
    Type.String({ description: "Id of the key that a rotation made in its place; this one works until `expiresAt`." }),
  ),
  rateLimit: Type.Optional(RateLimit),
};
export const KeyView = Type.Object(keyMembers, closed);
export type KeyView = Static<typeof KeyView>;
export const KeyList = page(KeyView);
export const CreateKeyBody = Type.Object(
  {
    name: Type.Optional(Name),
    workflows: Type.Array(Type.String(), { description: "Ids or names; empty only with the scope admin." }),
    scopes: Type.Optional(Type.Array(Type.Enum(SCOPES), { minItems: 1, uniqueItems: true, default: ["invoke", "query"] })),
    role: Type.Optional(Type.Enum(ROLES, { default: "owner", description: "Only with the scope admin." })),
    expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })),
    rateLimit: Type.Optional(RateLimit),
  },
  closed,
);
export type CreateKeyBody = Static<typeof CreateKeyBody>;
export const CreateKeyAnswer = Type.Object(
  { ...keyMembers, key: Type.String({ pattern: "^mr_[A-Za-z0-9_-]{40}$", description: "Shown this once." }) },
  closed,
);
export type CreateKeyAnswer = Static<typeof CreateKeyAnswer>;

export const RotateKeyBody = Type.Object(
  {
    overlapS: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 2_592_000, default: 86_400, description: "Seconds that the old value goes on working." }),
    ),
  },
  closed,
);
export type RotateKeyBody = Static<typeof RotateKeyBody>;

export const Whoami = Type.Object(
  {
    keyId: Type.Optional(Id),
    memberId: Type.Optional(Id),
    name: Type.Optional(Name),
    email: Type.Optional(Type.String()),
    role: Type.Optional(Type.Enum(ROLES, { description: "Of a member, and of an admin key." })),
    scopes: Type.Array(Type.Enum(SCOPES)),
    workflows: Type.Array(WorkflowRef),
    serverVersion: Type.String(),
  },
  { ...closed, description: "keyId: the request carries a key, or the session of one. memberId: the session of a member." },
);
export type Whoami = Static<typeof Whoami>;

export const DELIVERY_STATES = ["waiting", "due", "delivered", "failed", "disabled"] as const;
const DeliveryState = Type.Enum(DELIVERY_STATES, {
  description: "waiting for the run's end; due; delivered; failed: all attempts did; disabled: the endpoint answered 410.",
});
const DeliveryId = Type.String({ pattern: "^msg_[0-9a-f]{32}_[0-9]{1,3}$", description: "`webhook-id` of every attempt." });
const WebhookMethod = Type.Enum(WEBHOOK_METHODS);
const HeaderValues = (description: string) => Type.Record(Type.String(), Type.String(), { description });

const deliveryMembers = {
  id: DeliveryId,
  runId: Type.Optional(Type.String({ description: "`workflowRunId` of the run that it tells of; absent: it is an alert's." })),
  workflowId: Type.Optional(Id),
  alertId: Type.Optional(Type.String({ description: "Of the alert that it tells of." })),
  method: WebhookMethod,
  url: Type.String(),
  state: DeliveryState,
  attemptCount: Type.Integer({ minimum: 0, description: "Attempts so far, those before a resend included." }),
  acceptedAt: at("When the run was accepted, or the alert fired"),
  nextAttemptAt: Type.Optional(at("When the next attempt is due")),
  endedAt: Type.Optional(at("When it was delivered or given up")),
};
export const DeliveryHeader = Type.Object(deliveryMembers, closed);
export type DeliveryHeader = Static<typeof DeliveryHeader>;
export const DeliveryList = page(DeliveryHeader);
export const DeliveriesQuery = Type.Object(
  {
    run: Type.Optional(Type.String({ description: "Id of a run." })),
    workflow: Type.Optional(Type.String({ description: "Id or name." })),
    state: Type.Optional(DeliveryState),
    since: Type.Optional(at("Of runs accepted at or after")),
    ...paging,
  },
  closed,
);

const attemptMembers = {
  startedAt: at("When it began"),
  durationMs: Type.Integer({ minimum: 0 }),
  request: Type.Object(
    {
      method: WebhookMethod,
      url: Type.String(),
      headers: HeaderValues("As sent; values that the caller of invoke set are shown as ***."),
    },
    closed,
  ),
  response: Type.Optional(
    Type.Object(
      {
        status: Type.Integer({ minimum: 100, maximum: 999 }),
        headers: HeaderValues("Lower-case names."),
        body: Type.String({ description: "Its first 16 KiB." }),
      },
      { ...closed, description: "Absent: no answer came." },
    ),
  ),
  error: Type.Optional(Type.Object({ type: Type.String(), message: Type.String() }, { ...closed, description: "Why no answer came." })),
};
export const AttemptView = Type.Object({ number: Type.Integer({ minimum: 1 }), ...attemptMembers }, closed);
export type AttemptView = Static<typeof AttemptView>;
export const DeliveryView = Type.Object({ ...deliveryMembers, attempts: Type.Array(AttemptView) }, closed);
export type DeliveryView = Static<typeof DeliveryView>;

export const RecoverBody = Type.Object(
  { since: at("Those that failed at or after"), workflow: Type.Optional(Type.String({ description: "Id or name; absent: all." })) },
  closed,
);
export type RecoverBody = Static<typeof RecoverBody>;
export const RecoverAnswer = Type.Object({ resent: Type.Integer({ minimum: 0 }) }, closed);
export type RecoverAnswer = Static<typeof RecoverAnswer>;

export const TestWebhookBody = Type.Object(
  {
    url: Type.Optional(Type.String({ description: "Absolute http or https URL; absent: only to those who listen." })),
    method: Type.Optional(Type.Enum(WEBHOOK_METHODS, { default: "POST" })),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  closed,
);
export type TestWebhookBody = Static<typeof TestWebhookBody>;
export const TestWebhookAnswer = Type.Object(
  {
    delivered: Type.Boolean({ description: "The answer was 2xx; without a URL: somebody listens." }),
    listeners: Type.Integer({ minimum: 0, description: "How many were shown it." }),
    ...Type.Partial(Type.Object(attemptMembers)).properties,
  },
  closed,
);
export type TestWebhookAnswer = Static<typeof TestWebhookAnswer>;

/** What a listener is shown: a webhook as it goes out, at every attempt. */
export const OverheardDelivery = Type.Object(
  {
    id: Type.String({ description: "`webhook-id`." }),
    runId: Type.String({ description: "`workflowRunId` of the run that it tells of." }),
    workflowId: Id,
    status: Type.Enum(["SUCCEED", "FAILED"]),
    method: WebhookMethod,
    url: Type.Optional(Type.String({ description: "Where it goes; absent: a test event for those who listen." })),
    query: Type.Optional(Type.String({ description: "What a GET adds to the URL of its receiver." })),
    headers: HeaderValues("As sent, without what the caller of invoke set; but for its Content-Type."),
    body: Type.Optional(Type.String({ description: "As sent; absent: a GET." })),
  },
  closed,
);
export type OverheardDelivery = Static<typeof OverheardDelivery>;

const endpointMembers = { method: WebhookMethod, url: Type.String({ description: "Without its query." }) };
export const EndpointView = Type.Object(
  { workflowId: Type.Optional(Id), ...endpointMembers, disabledAt: at("When it answered 410") },
  closed,
);
export type EndpointView = Static<typeof EndpointView>;
export const EndpointList = page(EndpointView);
export const EnableEndpointBody = Type.Object(
  { workflow: Type.Optional(Type.String({ description: "Id or name; absent: it is the endpoint of alerts." })), ...endpointMembers },
  closed,
);
export type EnableEndpointBody = Static<typeof EnableEndpointBody>;

export const WebhookSecretView = Type.Object(
  {
    secret: Type.String({ pattern: "^whsec_[A-Za-z0-9+/]+=*$", description: "Signs the webhooks of the workflow." }),
    createdAt: at("When it was made"),
    previousUntil: Type.Optional(at("Until when the secret before it signs too")),
  },
  closed,
);
export type WebhookSecretView = Static<typeof WebhookSecretView>;
