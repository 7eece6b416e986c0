import {
  Acknowledgement,
  AlertList,
  AlertView,
  ApprovalLink,
  ApprovalList,
  ApprovalView,
  AuditList,
  BudgetList,
  BudgetView,
  BulkJobList,
  BulkJobView,
  ConnectionList,
  ConnectionView,
  CreateDevKeyAnswer,
  CreateKeyAnswer,
  CreateRunShareAnswer,
  DeliveryHeader,
  DeliveryList,
  DeliveryView,
  DeployAnswer,
  DevKeyList,
  DocumentList,
  FailedRun,
  HookList,
  HookWithSecrets,
  ImportAnswer,
  ImportedTools,
  InvitationView,
  InviteAnswer,
  KeyList,
  KnowledgeList,
  KnowledgeView,
  MemberView,
  ModelList,
  OverheardDelivery,
  PriceList,
  PriceView,
  PromoteAnswer,
  RecoverAnswer,
  ReplayPreview,
  RUN_EVENTS,
  RunDetail,
  RunList,
  RunShareList,
  RunView,
  ScheduleList,
  ScheduleView,
  SearchAnswer,
  SecretList,
  SecretView,
  SignInLink,
  SucceededRun,
  TestAlertAnswer,
  TestConnectionAnswer,
  TestModelAnswer,
  TestReport,
  TestWebhookAnswer,
  ToolCollectionList,
  ToolsView,
  UploadAnswer,
  UsageReport,
  VersionList,
  VersionView,
  WebhookSecretView,
  Whoami,
  WorkflowDiff,
  WorkflowList,
  WorkflowView,
} from "@millrace/contract";

import Type, { type Static, type TSchema } from "typebox";
import type { CommandName } from "#cli/command-table";

const closed = { additionalProperties: false };
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const FileProblem = Type.Object(
  {
    file: Type.String(),
    line: Type.Integer({ minimum: 1 }),
    column: Type.Integer({ minimum: 1 }),
    code: Type.String(),
    level: Type.Enum(["error", "warning"]),
    message: Type.String(),
    hint: Type.Optional(Type.String()),
    nodeId: Type.Optional(Type.String()),
  },
  closed,
);

const Setting = Type.Object(
  { name: Type.String(), variable: Type.String(), value: nullable(Type.Union([Type.String(), Type.Number()])), source: Type.String() },
  closed,
);

const Verdict = Type.Object(
  {
    check: Type.String(),
    verdict: Type.Enum(["ok", "failed", "unknown"]),
    problem: nullable(Type.String()),
    fix: nullable(Type.String()),
    durationMs: Type.Integer({ minimum: 0 }),
  },
  closed,
);

const Template = Type.Object(
  { name: Type.String(), workflow: Type.String(), summary: Type.String(), files: Type.Array(Type.String()) },
  closed,
);

/** One of its lines. */
const RunEventLine = Type.Object(
  { id: Type.Optional(Type.Integer({ minimum: 0 })), event: Type.Enum(RUN_EVENTS), data: Type.Object({}) },
  closed,
);
/** One of its lines. */
const LogLine = Type.Object(
  {
    at: nullable(Type.Integer({ description: "When the attempt ended that wrote it, epoch milliseconds; null: it is under way." })),
    run: Type.String(),
    workflow: Type.String(),
    node: Type.String(),
    level: Type.Enum(["debug", "info", "warn", "error"]),
    message: Type.String(),
  },
  closed,
);
const Deleted = Type.Object({ id: Type.String(), deleted: Type.Literal(true) }, closed);
const Revoked = Type.Object({ id: Type.String(), revoked: Type.Literal(true) }, closed);
const Removed = Type.Object({ name: Type.String(), deleted: Type.Literal(true) }, closed);

const Count = Type.Integer({ minimum: 0 });
const backedUp = {
  createdAt: Type.Integer(),
  version: Type.String(),
  schema: Count,
  rows: Type.Record(Type.String(), Count, { description: "By table." }),
  files: Count,
};

const deployed = DeployAnswer.properties.workflows.items.properties;
const Difference = Type.Object(
  {
    workflow: Type.String(),
    from: Type.String(),
    to: Type.String(),
    diff: Type.Union([WorkflowDiff, Type.Null()], { description: "Null: there is no such workflow yet." }),
  },
  closed,
);
const PulledFile = Type.Object({ file: Type.String(), name: Type.String(), change: Type.Enum(["new", "changed", "none"]) }, closed);
const Profile = Type.Object(
  { name: Type.String(), inUse: Type.Boolean(), endpoint: nullable(Type.String()), key: nullable(Type.String({ description: "Masked." })) },
  closed,
);

const Deployed = Type.Object({ ...deployed, changes: Type.Array(Type.String()) }, closed);

const Described = Type.Object({
  command: Type.String(),
  summary: Type.String(),
  arguments: Type.Array(
    Type.Object({ name: Type.String(), summary: Type.String(), required: Type.Boolean(), many: Type.Boolean() }, closed),
  ),
  flags: Type.Array(Type.Object({ flag: Type.String(), type: Type.String(), summary: Type.String() })),
  output: nullable(Type.Object({})),
  exitCodes: Type.Array(Type.Integer()),
});

const ExitCodeRow = Type.Object({ code: Type.Integer(), name: Type.String(), meaning: Type.String() }, closed);

const Help = Type.Object({
  name: Type.Literal("millrace"),
  version: Type.String(),
  exitCodes: Type.Array(ExitCodeRow),
  globalFlags: Described.properties.flags,
  commands: Type.Array(Described),
});

const { id, runId, workflowId, status, method } = OverheardDelivery.properties;
/** A line of `webhooks listen`. */
const ForwardedDelivery = Type.Object(
  {
    at: Type.Integer({ description: "When it came, epoch milliseconds." }),
    ...{ id, runId, workflowId, status, method },
    url: Type.String({ description: "Where it was forwarded to." }),
    signed: Type.Boolean({ description: "False: the signature is not that of the workflow, and it was not forwarded." }),
    httpStatus: nullable(Type.Integer({ description: "Null: no answer came." })),
    durationMs: Count,
    error: nullable(Type.String()),
  },
  closed,
);
export type ForwardedDelivery = Static<typeof ForwardedDelivery>;

/** What each command prints with `-o json` when it succeeds; a command without one prints text only. */
export const OUTPUT_SCHEMAS: { readonly [Name in CommandName]?: TSchema } = {
  init: Type.Object({ dir: Type.String(), template: Type.String(), workflow: Type.String(), files: Type.Array(Type.String()) }, closed),
  "templates list": Type.Object({ data: Type.Array(Template) }, closed),
  invoke: Type.Union([SucceededRun, FailedRun, Acknowledgement]),
  "workflows list": WorkflowList,
  "workflows get": WorkflowView,
  "workflows delete": Type.Object({ id: Type.String(), name: Type.String(), deleted: Type.Literal(true) }, closed),
  "runs list": RunList,
  "runs get": RunDetail,
  "runs follow": RunEventLine,
  "runs wait": Type.Union([SucceededRun, FailedRun]),
  "runs cancel": Type.Union([FailedRun, BulkJobView]),
  "runs signal": RunView,
  "runs share": CreateRunShareAnswer,
  "runs shares": RunShareList,
  "runs unshare": Revoked,
  "runs replay": Type.Union([Acknowledgement, ReplayPreview, BulkJobView]),
  logs: LogLine,
  validate: Type.Object(
    { files: Type.Array(Type.Object({ file: Type.String(), name: Type.String(), warnings: Type.Array(FileProblem) }, closed)) },
    closed,
  ),
  test: TestReport,
  fmt: Type.Object({ files: Type.Array(Type.Object({ file: Type.String(), changed: Type.Boolean() }, closed)) }, closed),
  types: Type.Object({ file: Type.String(), changed: Type.Boolean(), workflows: Type.Array(Type.String()) }, closed),
  diff: Type.Object({ differences: Type.Array(Difference) }, closed),
  pull: Type.Object({ files: Type.Array(PulledFile) }, closed),
  export: Type.Union([
    Type.Object({ format: Type.Literal("millrace/1"), name: Type.String() }, { description: "The workflow's document." }),
    Type.Object({ exportType: Type.Literal("WORKFLOW"), name: Type.String() }, { description: "With --format flow: the GPTBots file." }),
  ]),
  deploy: Type.Object({ workflows: Type.Array(Deployed) }, closed),
  "versions list": VersionList,
  "versions show": VersionView,
  "versions promote": PromoteAnswer,
  "versions rollback": PromoteAnswer,
  "jobs list": BulkJobList,
  "jobs stop": BulkJobView,
  "schedules create": ScheduleView,
  "schedules list": ScheduleList,
  "schedules pause": ScheduleView,
  "schedules resume": ScheduleView,
  "schedules run": Acknowledgement,
  "schedules delete": Deleted,
  "hooks create": HookWithSecrets,
  "hooks list": HookList,
  "hooks rotate": HookWithSecrets,
  "hooks delete": Deleted,
  "approvals list": ApprovalList,
  "approvals show": ApprovalView,
  "approvals approve": ApprovalView,
  "approvals reject": ApprovalView,
  "approvals decide": ApprovalView,
  "approvals link": ApprovalLink,
  "keys create": CreateKeyAnswer,
  "keys list": KeyList,
  "keys rotate": CreateKeyAnswer,
  "keys revoke": Revoked,
  "dev-keys create": CreateDevKeyAnswer,
  "dev-keys list": DevKeyList,
  "dev-keys revoke": Revoked,
  "webhooks listen": ForwardedDelivery,
  "webhooks trigger": TestWebhookAnswer,
  "webhooks deliveries list": DeliveryList,
  "webhooks deliveries get": DeliveryView,
  "webhooks deliveries resend": DeliveryHeader,
  "webhooks deliveries recover": RecoverAnswer,
  "webhooks secret show": WebhookSecretView,
  "webhooks secret rotate": WebhookSecretView,
  "members list": Type.Object({ members: Type.Array(MemberView), invitations: Type.Array(InvitationView) }, closed),
  "members invite": InviteAnswer,
  "members set-role": MemberView,
  "members disable": MemberView,
  "members enable": MemberView,
  "members remove": Type.Object({ id: Type.String(), email: Type.String(), removed: Type.Literal(true) }, closed),
  "members create-owner": MemberView,
  "audit list": AuditList,
  open: SignInLink,
  login: Type.Object(
    {
      profile: Type.String(),
      endpoint: Type.String(),
      keyId: Type.String(),
      scopes: Type.Array(Type.String()),
      workflows: Type.Array(Type.String({ description: "Names; empty: every workflow." })),
    },
    closed,
  ),
  "profiles list": Type.Object({ data: Type.Array(Profile) }, closed),
  "profiles use": Type.Object({ name: Type.String() }, closed),
  "profiles delete": Removed,
  "knowledge list": KnowledgeList,
  "knowledge create": KnowledgeView,
  "knowledge add": UploadAnswer,
  "knowledge status": DocumentList,
  "knowledge search": SearchAnswer,
  "knowledge remove": Removed,
  "knowledge delete": Removed,
  "secrets list": SecretList,
  "secrets set": SecretView,
  "secrets delete": Removed,
  "connections list": ConnectionList,
  "connections set": ConnectionView,
  "connections test": TestConnectionAnswer,
  "connections delete": Removed,
  "models list": ModelList,
  "models test": TestModelAnswer,
  "prices list": PriceList,
  "prices set": PriceView,
  "prices remove": Removed,
  usage: UsageReport,
  "budgets list": BudgetList,
  "budgets set": BudgetView,
  "budgets remove": Deleted,
  "alerts list": AlertList,
  "alerts create": AlertView,
  "alerts test": TestAlertAnswer,
  "alerts delete": Deleted,
  "tools import": ImportedTools,
  "tools list": ToolCollectionList,
  "tools show": ToolsView,
  "tools remove": Removed,
  import: ImportAnswer,
  backup: Type.Object({ file: Type.String(), bytes: Count, ...backedUp, secretKeyIncluded: Type.Literal(false) }, closed),
  restore: Type.Object({ dataDir: Type.String(), aside: nullable(Type.String()), ...backedUp }, closed),
  "migrate-store": Type.Object(
    {
      from: Type.String(),
      to: Type.String(),
      resumed: Type.Boolean(),
      tables: Type.Array(Type.Object({ table: Type.String(), rows: Count, digest: Type.String() }, closed)),
      ms: Count,
    },
    closed,
  ),
  migrate: Type.Object(
    {
      from: Count,
      to: Count,
      steps: Type.Array(Type.Object({ version: Count, name: Type.String() }, closed)),
      databaseBytes: Count,
      neededBytes: Count,
      estimatedMs: Count,
      dryRun: Type.Boolean(),
    },
    closed,
  ),
  doctor: Type.Object({ checks: Type.Array(Verdict) }, closed),
  whoami: Type.Object({ settings: Type.Array(Setting), key: nullable(Whoami), problem: nullable(Type.String()) }, closed),
  completion: Type.Union([
    Type.Object({ shell: Type.Enum(["bash", "zsh", "fish"]), script: Type.String() }, closed),
    Type.Object({ candidates: Type.Array(Type.String()) }, closed),
  ]),
  help: Help,
  version: Type.Object({ name: Type.Literal("millrace"), version: Type.String(), node: Type.String() }, closed),
};
