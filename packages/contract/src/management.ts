import Type, { type Static } from "typebox";
import { draftMembers, Editor } from "#drafts";
import { LIMITS } from "#limits";
import { ROLES } from "#roles";
import { RUN_TRIGGERS, RunError, RunStatus, WaitingFor } from "#run";
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

export const WorkflowsQuery = Type.Object(
  {
    tag: Type.Optional(Type.String({ maxLength: LIMITS.tagCharacters.value, description: "Only those with this tag." })),
    differs: Type.Optional(Type.Boolean({ default: false, description: "Say of each whether its draft differs from its live version." })),
    ...paging,
  },
  closed,
);
export type WorkflowsQuery = Static<typeof WorkflowsQuery>;

const workflowMembers = {
  id: Id,
  name: Name,
  description: Type.Optional(Type.String()),
  tags: Type.Optional(Type.Array(Type.String(), { description: "Of the draft; absent: none." })),
  revision: Revision,
  liveVersion: Type.Optional(Version),
  differs: Type.Optional(
    Type.Boolean({ description: "Where it was asked for: the draft says something else than the live version; nothing published: false." }),
  ),
  apiEnabled: Type.Boolean(),
  createdAt: at("When the workflow was created"),
  updatedAt: at("When the draft was last saved"),
};
export const WorkflowSummary = Type.Object(workflowMembers, closed);
export type WorkflowSummary = Static<typeof WorkflowSummary>;
export const WorkflowList = page(WorkflowSummary);

export const WorkflowTags = Type.Object(
  {
    data: Type.Array(
      Type.Object({ tag: Type.String(), workflows: Type.Integer({ minimum: 1, description: "Workflows whose draft has it." }) }, closed),
    ),
  },
  closed,
);
export type WorkflowTags = Static<typeof WorkflowTags>;
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

export const ImportQuery = Type.Object(
  {
    publish: Type.Optional(Type.Boolean({ default: false })),
    dryRun: Type.Optional(Type.Boolean({ default: false, description: "Answer what would come of it, change nothing." })),
  },
  closed,
);
export type ImportQuery = Static<typeof ImportQuery>;

export const ImportAnswer = Type.Object(
  {
    workflows: Type.Array(
      Type.Object(
        {
          id: Type.Optional(Type.String({ pattern: "^[0-9a-f]{24}$", description: "Absent where a dry run would create it." })),
          name: Name,
          version: Type.Optional(Version),
        },
        closed,
      ),
    ),
    warnings: Type.Array(Type.Object({ code: Type.String(), path: Type.String(), message: Type.String() }, closed)),
  },
  closed,
);
export type ImportAnswer = Static<typeof ImportAnswer>;

export const RunTriggerWord = Type.Enum(RUN_TRIGGERS, { description: "What began it." });
/** Of the one whose request began a run. */
const RunKey = Type.Object(
  {
    id: Id,
    hint: Type.Optional(Type.String({ description: "First and last characters of the key." })),
    name: Type.Optional(Name),
  },
  {
    ...closed,
    description: "Whose request began it; absent where it was no request with a key. In an event it has the id alone.",
  },
);
const runMembers = {
  id: Type.String({ description: "The run's id, `workflowRunId` of the run API." }),
  workflowId: Id,
  workflowName: Name,
  version: Version,
  status: RunStatus,
  trigger: RunTriggerWord,
  starterId: Type.Optional(
    Type.String({ description: "Id of the schedule or hook that started it, or of the run that it retries or that called it." }),
  ),
  userId: Type.Optional(Type.String()),
  key: Type.Optional(RunKey),
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
    errorField: Type.Optional(
      Type.String({ description: "JSON pointer within the node of the value that the error came from, where one is to blame." }),
    ),
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
  lastUsedFrom: Type.Optional(Type.String({ description: "The address that it was last used from." })),
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
