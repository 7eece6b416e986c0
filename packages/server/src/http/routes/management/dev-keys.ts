import type { CreateDevKeyBody, DevKeyView } from "@millrace/contract";
import type { Handler } from "#http/handler";
import { callerOf } from "#http/request";
import type { DevKeyRow } from "#store/dev-key-store";

export const listDevKeys: Handler = async (ports, request, reply) => {
  const rows = await ports.devKeys.list(callerOf(request).tenantId);
  return reply.send(JSON.stringify({ data: rows.map(devKeyView) }));
};

export const createDevKey: Handler = async (ports, request, reply) => {
  const { secret, row } = await ports.devKeys.create(callerOf(request).tenantId, request.body as CreateDevKeyBody);
  return reply.code(201).send(JSON.stringify({ ...devKeyView(row), devSecret: secret }));
};

export const revokeDevKey: Handler = async (ports, request, reply) => {
  const { devKey } = request.params as { devKey: string };
  await ports.devKeys.revoke(callerOf(request).tenantId, devKey);
  return reply.code(204).send();
};

function devKeyView({ id, name, tenantId, createdAt, expiresAt }: DevKeyRow): DevKeyView {
  return { devKey: id, ...(name !== "" && { name }), orgId: tenantId, createdAt, ...(expiresAt !== null && { expiresAt }) };
}
