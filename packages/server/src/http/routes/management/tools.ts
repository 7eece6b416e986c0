import type { ImportToolsBody } from "@millrace/contract";
import type { Handler } from "#http/handler";
import { callerOf } from "#http/request";

export const listTools: Handler = async ({ toolCollections }, request, reply) =>
  reply.send(JSON.stringify({ data: await toolCollections.list(callerOf(request).tenantId) }));

export const getTools: Handler = async ({ toolCollections }, request, reply) => {
  const { collection } = request.params as { collection: string };
  return reply.send(JSON.stringify(await toolCollections.get(callerOf(request).tenantId, collection)));
};

export const putTools: Handler = async ({ toolCollections }, request, reply) => {
  const { collection } = request.params as { collection: string };
  const { connection, document } = request.body as ImportToolsBody;
  return reply.send(JSON.stringify(await toolCollections.put(callerOf(request).tenantId, collection, connection, document)));
};

export const deleteTools: Handler = async ({ toolCollections }, request, reply) => {
  const { collection } = request.params as { collection: string };
  await toolCollections.delete(callerOf(request).tenantId, collection);
  return reply.code(204).send();
};
