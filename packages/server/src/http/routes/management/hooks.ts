import type { CreateHookBody, HookView, HookWithSecrets, RotateHookBody, UpdateHookBody } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf } from "#http/request";
import { starterPage } from "#http/routes/management/starter-page";
import type { MadeHook } from "#starters/hooks/hooks";
import type { HookRow } from "#store/hook-store";

export const listHooks: Handler = async (ports, request, reply) => {
  return reply.send(await starterPage(ports, request, (tenantId, filter) => ports.hooks.list(tenantId, filter), viewOf));
};

export const createHook: Handler = async (ports, request, reply) => {
  const made = await ports.hooks.create(callerOf(request).tenantId, request.body as CreateHookBody, languageOf(request));
  return reply.code(201).send(JSON.stringify(await onceOf(ports, request, made)));
};

export const getHook: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  return reply.send(JSON.stringify(await viewOf(ports, tenantId, await ports.hooks.get(tenantId, idOf(request)))));
};

export const updateHook: Handler = async (ports, request, reply) => {
  const given = (request.body ?? {}) as UpdateHookBody;
  const made = await ports.hooks.update(callerOf(request).tenantId, idOf(request), given, languageOf(request));
  return reply.send(JSON.stringify(await onceOf(ports, request, made)));
};

export const rotateHook: Handler = async (ports, request, reply) => {
  const { overlapHours = 24 } = (request.body ?? {}) as RotateHookBody;
  const made = await ports.hooks.rotate(callerOf(request).tenantId, idOf(request), overlapHours);
  return reply.send(JSON.stringify(await onceOf(ports, request, made)));
};

export const deleteHook: Handler = async (ports, request, reply) => {
  await ports.hooks.delete(callerOf(request).tenantId, idOf(request));
  return reply.code(204).send();
};

function idOf(request: FastifyRequest): string {
  return (request.params as { hook: string }).hook;
}

async function onceOf(ports: HttpPorts, request: FastifyRequest, { row, token, secret }: MadeHook): Promise<HookWithSecrets> {
  const view = await viewOf(ports, callerOf(request).tenantId, row);
  return { ...view, ...(token !== undefined && { url: ports.hookUrl(request, token) }), ...(secret !== null && { secret }) };
}

async function viewOf({ workflows, clock }: HttpPorts, tenantId: string, row: HookRow): Promise<HookView> {
  const workflow = await workflows.get(tenantId, row.workflowId);
  const { kind, header } = row.verification;
  return {
    id: row.id,
    ...(row.name !== "" && { name: row.name }),
    workflowId: row.workflowId,
    ...(workflow && { workflowName: workflow.name }),
    version: row.version ?? "live",
    methods: [...row.methods],
    headers: [...row.headers],
    ...(row.input && { input: row.input }),
    respond: row.respond,
    verification: { kind, ...(header !== null && { header }) },
    maxBodyBytes: row.maxBodyBytes,
    rateLimit: row.rateLimit,
    enabled: row.enabled,
    tokenHint: row.tokenHint,
    ...(row.previousUntil !== null && row.previousUntil > clock.now() && { previousUntil: row.previousUntil }),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
