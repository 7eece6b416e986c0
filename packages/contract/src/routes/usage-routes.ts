import { ID, RUN_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import * as U from "#usage";

const sums = { requests: 2, inputTokens: 610, outputTokens: 202, cachedTokens: 0, reasoningTokens: 0, credits: "0.2113" };
const report = {
  by: "workflow",
  from: 1789990200000,
  to: 1790010000000,
  timeZone: "UTC",
  rows: 1,
  total: sums,
  data: [{ value: ID, name: "greet", ...sums }],
} as const;
const budget = {
  id: "0123456789abcdef01234567",
  of: { kind: "user", id: "u-204" },
  period: "month",
  timeZone: "UTC",
  credits: "500",
  spent: "0.2113",
  left: "499.7887",
  resetsAt: 1790812800000,
  createdAt: 1790000000000,
  updatedAt: 1790000000000,
} as const;
const frame = { total: 1, page: 1, page_size: 20, start_time: 1789990000000, end_time: 1790010000000 };
const credits = {
  list: [
    {
      run_id: RUN_ID,
      run_start_time: 1790000000120,
      ...Object.fromEntries(U.USAGE_KINDS.map((kind) => [kind, kind === "chat" ? 0.2113 : 0])),
      total: 0.2113,
    },
  ],
  ...frame,
};
const logs = {
  list: [
    {
      log_id: RUN_ID,
      workflow_run_id: RUN_ID,
      input: '{"topic":"tides","limit":2}',
      output: '{"headlines":["Spring tide on Friday","Harbour gauge repaired"]}',
      user_id: "u-204",
      conversation_type: "API",
      status: "SUCCEED",
      workflow_version: "1.0.2",
      total_cost: 0.2113,
      total_tokens: 912,
      start_time: 1790000000120,
      end_time: 1790000001964,
    },
  ],
  ...frame,
};
const base = { mark: "own", tag: "Usage", auth: "key:admin" } as const;

export const USAGE_ROUTES = [
  {
    id: "runLogs",
    mark: "wide",
    tag: "Usage",
    auth: "key:query",
    permission: "view",
    method: "GET",
    path: "/v1/workflow/run/logs",
    summary: "List ended runs with their input and output",
    description: "Newest first. Runs of drafts are in no list.",
    query: U.RunLogsQuery,
    responses: { 200: { description: "One page.", schema: U.RunLogsAnswer, examples: { page: logs } } },
    errors: ["workflow_required", "api_disabled", "workflow_deleted"],
  },
  {
    id: "runCredits",
    mark: "wide",
    tag: "Usage",
    auth: "key:query",
    permission: "view",
    method: "GET",
    path: "/v1/account/workflow/run/credits",
    summary: "List what ended runs cost, by kind of service",
    description:
      "Of the workflows that the key is for; 30 days at most. A run that another one called is counted in that one, and listed where run_id names it.",
    query: U.RunCreditsQuery,
    responses: { 200: { description: "One page.", schema: U.RunCreditsAnswer, examples: { page: credits } } },
    errors: [],
  },
  {
    ...base,
    id: "getUsage",
    permission: "view",
    method: "GET",
    path: "/api/v1/usage",
    summary: "Read what runs cost, by workflow, version, key, user, model, kind or day",
    description: "With `Accept: text/csv` all rows as CSV. Every paid request is counted once, however deep workflows call one another.",
    query: U.UsageQuery,
    responses: {
      200: {
        description: "The sums.",
        contentTypes: ["application/json", "text/csv"],
        schema: U.UsageReport,
        examples: { byWorkflow: report },
      },
    },
    errors: [],
  },
  {
    ...base,
    id: "listBudgets",
    permission: "view",
    method: "GET",
    path: "/api/v1/budgets",
    summary: "List budgets with what is spent and left",
    responses: { 200: { description: "All of them.", schema: U.BudgetList, examples: { all: { data: [budget] } } } },
    errors: [],
  },
  {
    ...base,
    id: "putBudget",
    permission: "edit",
    method: "PUT",
    path: "/api/v1/budgets",
    summary: "Set the budget of the server, a workflow, a key or a user",
    description: "Replaces the one of the same subject and period. What was spent in the current period before counts.",
    body: { schema: U.PutBudgetBody, examples: { user: { user: "u-204", period: "month", credits: "500" } } },
    responses: { 200: { description: "It holds from the next paid step on.", schema: U.BudgetView, examples: { set: budget } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "deleteBudget",
    permission: "edit",
    method: "DELETE",
    path: "/api/v1/budgets/{budget}",
    summary: "Remove a budget",
    responses: { 204: { description: "Removed." } },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
