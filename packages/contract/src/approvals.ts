import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { ROLES } from "#roles";
import { at, closed, Id, page } from "#schema-parts";

/** Members of a property of an approval's form: what every page can draw, and nothing that it would have to guess. */
export const FORM_KEYWORDS = [
  "type",
  "title",
  "description",
  "default",
  "enum",
  "items",
  "format",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "uniqueItems",
  "x-multiline",
] as const;
export const FORM_TYPES = ["string", "number", "integer", "boolean", "array"] as const;
export const FORM_FORMATS = ["date", "email", "uri"] as const;

export const APPROVAL_STYLES = ["primary", "danger", "plain"] as const;
export type ApprovalStyle = (typeof APPROVAL_STYLES)[number];

export const APPROVAL_STATUSES = ["OPEN", "DECIDED", "TIMED_OUT", "CANCELLED"] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export const ApprovalAction = Type.Object(
  {
    name: Type.String({ description: "What a decision names, and the port that it takes." }),
    label: Type.Optional(Type.String({ description: "For people; absent: the name, or its word in the reader's language." })),
    style: Type.Enum(APPROVAL_STYLES),
    form: Type.Boolean({ description: "Is the form filled in for it?" }),
    needed: Type.Integer({ minimum: 1, description: "How many different people have to choose it." }),
  },
  closed,
);
export type ApprovalAction = Static<typeof ApprovalAction>;

export const Approvers = Type.Object(
  {
    people: Type.Optional(Type.Array(Type.String(), { description: "Emails or ids of members, or names of people outside." })),
    roles: Type.Optional(Type.Array(Type.Enum(ROLES))),
  },
  { ...closed, description: "Who may decide; with neither, every operator, and everyone with a link." },
);
export type Approvers = Static<typeof Approvers>;

const about = {
  title: Type.String(),
  message: Type.Optional(Type.String()),
  details: Type.Optional(Type.Unknown({ description: "What the decision is about, as the workflow gives it." })),
  form: Type.Optional(Type.Unsafe<object>({ type: "object", description: "JSON Schema of what is filled in." })),
  actions: Type.Array(ApprovalAction, { minItems: 1 }),
  approvers: Approvers,
};

/** What a node asks, as its question carries it. */
export const ApprovalAbout = Type.Object(about, closed);
export type ApprovalAbout = Static<typeof ApprovalAbout>;

export const ApprovalAnswer = Type.Object(
  {
    action: Type.String(),
    by: Type.String({ description: "Email of a member, name in a link, or name of a key." }),
    at: at("When it was given"),
    form: Type.Unsafe<object>({ type: "object" }),
    comment: Type.Optional(Type.String()),
  },
  closed,
);
export type ApprovalAnswer = Static<typeof ApprovalAnswer>;

export const ApprovalView = Type.Object(
  {
    id: Type.String({ description: "The run's id, a hyphen, and the number of the journal entry that asked." }),
    status: Type.Enum(APPROVAL_STATUSES),
    workflowId: Id,
    workflowName: Type.String(),
    workflowRunId: Type.String(),
    nodeId: Type.String(),
    nodeName: Type.String(),
    path: Type.String({ description: "Where in the run: `ask`, or `each[3]/ask` in the fourth item of `each`." }),
    ...about,
    askedAt: at("When people were asked"),
    until: Type.Optional(at("When the wait ends by itself")),
    answers: Type.Array(ApprovalAnswer, { description: "Given so far, oldest first." }),
    decision: Type.Optional(Type.Union([ApprovalAnswer], { description: "With DECIDED: the answer that counted." })),
    endedAt: Type.Optional(at("When it was decided, or closed")),
    mine: Type.Boolean({ description: "Is it open, and may the caller decide it?" }),
  },
  closed,
);
export type ApprovalView = Static<typeof ApprovalView>;
export const ApprovalList = page(ApprovalView);

export const ApprovalsQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum(["OPEN", "DECIDED", "TIMED_OUT", "CANCELLED", "ALL"], { default: "OPEN" })),
    workflow: Type.Optional(Type.String({ description: "Id or name: only those of this workflow." })),
    run: Type.Optional(Type.String({ description: "Only those of this run." })),
    mine: Type.Optional(
      Type.Enum(["true", "false"], {
        default: "false",
        description: "true: only those that are open, and that the caller may decide and has not.",
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.pageRows.value, default: 50 })),
    cursor: Type.Optional(Type.String({ description: "`nextCursor` of the page before." })),
  },
  closed,
);
export type ApprovalsQuery = Static<typeof ApprovalsQuery>;

export const DecideBody = Type.Object(
  {
    action: Type.String({ minLength: 1, maxLength: LIMITS.actionNameCharacters.value, description: "Name of one of its actions." }),
    form: Type.Optional(Type.Unsafe<object>({ type: "object", description: "What its form asks for." })),
    comment: Type.Optional(Type.String({ maxLength: LIMITS.approvalCommentCharacters.value })),
  },
  closed,
);
export type DecideBody = Static<typeof DecideBody>;

export const ApprovalLinkBody = Type.Object(
  {
    for: Type.String({
      minLength: 1,
      maxLength: LIMITS.approverCharacters.value,
      pattern: "\\S",
      description: "Whose link it is: an email or a name. What is decided with it is decided by them.",
    }),
    expiresInHours: Type.Optional(
      Type.Integer({ minimum: 1, maximum: LIMITS.approvalLinkHours.value, default: 168, description: "It ends with the approval too." }),
    ),
  },
  closed,
);
export type ApprovalLinkBody = Static<typeof ApprovalLinkBody>;

export const ApprovalLink = Type.Object(
  {
    url: Type.String({ description: "A page that needs no sign-in. Whoever has it decides in that person's name." }),
    for: Type.String(),
    expiresAt: at("When it stops working"),
  },
  closed,
);
export type ApprovalLink = Static<typeof ApprovalLink>;
