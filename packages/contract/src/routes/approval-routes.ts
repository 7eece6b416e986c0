import { ApprovalLink, ApprovalLinkBody, ApprovalList, ApprovalsQuery, ApprovalView, DecideBody } from "#approvals";
import { ID } from "#routes/management-examples";
import type { Route } from "#routes/route";

const approval = {
  id: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10-000004",
  status: "OPEN",
  workflowId: ID,
  workflowName: "refunds",
  workflowRunId: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10",
  nodeId: "ask",
  nodeName: "Ask",
  path: "ask",
  title: "Refund for order A-17",
  message: "The customer asks for 120.",
  details: { order: "A-17", amount: 120 },
  form: { properties: { amount: { type: "number", title: "Amount to refund", minimum: 0 } }, required: ["amount"] },
  actions: [
    { name: "approve", style: "primary", form: true, needed: 1 },
    { name: "reject", style: "danger", form: false, needed: 1 },
  ],
  approvers: {},
  askedAt: 1790000000000,
  until: 1790086400000,
  answers: [],
  mine: true,
} as const;
const answer = { action: "approve", by: "ada@example.com", at: 1790000060000, form: { amount: 120 } } as const;
const decided = { ...approval, status: "DECIDED", answers: [answer], decision: answer, endedAt: 1790000060000, mine: false } as const;

const base = { mark: "own", tag: "Approvals", auth: "key:admin" } as const;

export const APPROVAL_ROUTES = [
  {
    ...base,
    id: "listApprovals",
    permission: "view",
    method: "GET",
    path: "/api/v1/approvals",
    summary: "List what people are asked to decide, newest runs first",
    query: ApprovalsQuery,
    responses: {
      200: {
        description: "One page; a page may have fewer rows than `limit` and still a next one.",
        schema: ApprovalList,
        examples: { page: { data: [approval] } },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "getApproval",
    permission: "view",
    method: "GET",
    path: "/api/v1/approvals/{approval}",
    summary: "Read an approval",
    responses: { 200: { description: "The approval.", schema: ApprovalView, examples: { open: approval, decided } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "decideApproval",
    permission: "operate",
    method: "POST",
    path: "/api/v1/approvals/{approval}/decide",
    summary: "Decide an approval",
    description:
      "Answers once the decision is durable. The same decision of the same person twice is one; another one, or one that comes after the end, is a conflict that says what was decided, by whom and when.",
    body: {
      schema: DecideBody,
      examples: { approve: { action: "approve", form: { amount: 120 } }, reject: { action: "reject", comment: "Out of time." } },
    },
    responses: { 200: { description: "The approval, with the answer in it.", schema: ApprovalView, examples: { decided } } },
    errors: ["not_found", "conflict", "not_approver"],
  },
  {
    ...base,
    id: "linkToApproval",
    permission: "operate",
    method: "POST",
    path: "/api/v1/approvals/{approval}/links",
    summary: "Make a link with which one person decides without an account",
    description: "Signed, for this approval and this person alone. It is shown this once, and ends with the approval.",
    body: { schema: ApprovalLinkBody, examples: { link: { for: "customer@example.com", expiresInHours: 48 } } },
    responses: {
      201: {
        description: "The link.",
        schema: ApprovalLink,
        examples: {
          link: {
            url: "https://millrace.example.com/approvals/mra_EXAMPLEexample.EXAMPLEexampleEXAMPLEexample",
            for: "customer@example.com",
            expiresAt: 1790172800000,
          },
        },
      },
    },
    errors: ["not_found", "conflict", "not_approver"],
  },
] as const satisfies readonly Route[];
