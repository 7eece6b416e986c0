import type { ApprovalLinkBody, ApprovalStatus, DecideBody, JsonObject } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import { type Decider, deciderOf, isTheirs } from "#approvals/decider";
import { noteTarget } from "#deed";
import { approvalView } from "#http/approval-views";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf } from "#http/request";
import type { ApprovalRow } from "#store/approval-store";

interface Query {
  readonly status?: ApprovalStatus | "ALL";
  readonly workflow?: string;
  readonly run?: string;
  readonly mine?: "true" | "false";
  readonly limit?: number;
  readonly cursor?: string;
}

const DEFAULT_ROWS = 50;
const DEFAULT_LINK_HOURS = 168;

export const listApprovals: Handler = async (ports, request, reply) => {
  const { status = "OPEN", workflow, run, mine, limit = DEFAULT_ROWS, cursor } = request.query as Query;
  const { tenantId } = callerOf(request);
  const workflowId = workflow === undefined ? undefined : (await ports.authoring.get(tenantId, workflow)).id;
  const decider = deciderOf(callerOf(request));
  const { rows, next } = await ports.approvals.list(tenantId, {
    limit,
    ...(status !== "ALL" && { status }),
    ...(workflowId !== undefined && { workflowId }),
    ...(run !== undefined && { runId: run }),
    ...(cursor !== undefined && { before: cursor }),
    passes: (row) => mine !== "true" || isTheirs(row, decider),
  });
  const data = rows.map((row) => approvalView(row, decider));
  return reply.send(JSON.stringify({ data, ...(next !== null && { nextCursor: next }) }));
};

export const getApproval: Handler = async (ports, request, reply) => {
  const { row, decider } = await named(ports, request);
  return reply.send(JSON.stringify(approvalView(row, decider)));
};

export const decideApproval: Handler = async (ports, request, reply) => {
  const { row, decider } = await named(ports, request);
  const { action, form, comment } = request.body as DecideBody;
  noteTarget("action", action);
  const given = { action, comment, form: form as JsonObject | undefined };
  const decided = await ports.approvals.decide(callerOf(request).tenantId, row.id, decider, given, languageOf(request));
  return reply.send(JSON.stringify(approvalView(decided, decider)));
};

export const linkToApproval: Handler = async (ports, request, reply) => {
  const { row } = await named(ports, request);
  const { for: name, expiresInHours = DEFAULT_LINK_HOURS } = request.body as ApprovalLinkBody;
  noteTarget("for", name);
  const { token, person, expiresAt } = await ports.approvals.link(callerOf(request).tenantId, row.id, name, expiresInHours);
  return reply.code(201).send(JSON.stringify({ url: `${ports.baseUrl(request)}/approvals/${token}`, for: person, expiresAt }));
};

async function named(ports: HttpPorts, request: FastifyRequest): Promise<{ row: ApprovalRow; decider: Decider }> {
  const caller = callerOf(request);
  const row = await ports.approvals.get(caller.tenantId, (request.params as { approval: string }).approval);
  return { row, decider: deciderOf(caller) };
}
