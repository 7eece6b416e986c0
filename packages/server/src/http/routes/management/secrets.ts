import {
  databaseProvider,
  modelProvider,
  type PutConnectionBody,
  type PutSecretBody,
  type TestConnectionAnswer,
  type TestConnectionBody,
} from "@millrace/contract";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { connectionView, modelTestView, secretView, testView } from "#http/secret-views";

export const listSecrets: Handler = async (ports, request, reply) => {
  const rows = await ports.secrets.list(callerOf(request).tenantId);
  return reply.send(JSON.stringify({ data: rows.map(secretView) }));
};

export const putSecret: Handler = async (ports, request, reply) => {
  const { secret } = request.params as { secret: string };
  const { value } = request.body as PutSecretBody;
  return reply.send(JSON.stringify(secretView(await ports.secrets.put(callerOf(request).tenantId, secret, value))));
};

export const deleteSecret: Handler = async (ports, request, reply) => {
  const { secret } = request.params as { secret: string };
  await ports.secrets.delete(callerOf(request).tenantId, secret);
  return reply.code(204).send();
};

export const listConnections: Handler = async (ports, request, reply) => {
  const rows = await ports.connections.list(callerOf(request).tenantId);
  return reply.send(JSON.stringify({ data: rows.map(connectionView) }));
};

export const getConnection: Handler = async (ports, request, reply) => {
  const { connection } = request.params as { connection: string };
  return reply.send(JSON.stringify(connectionView(await ports.connections.get(callerOf(request).tenantId, connection))));
};

export const putConnection: Handler = async (ports, request, reply) => {
  const { connection } = request.params as { connection: string };
  const row = await ports.connections.put(callerOf(request).tenantId, connection, request.body as PutConnectionBody);
  return reply.send(JSON.stringify(connectionView(row)));
};

export const deleteConnection: Handler = async (ports, request, reply) => {
  const { connection } = request.params as { connection: string };
  await ports.connections.delete(callerOf(request).tenantId, connection);
  return reply.code(204).send();
};

export const testConnection: Handler = async (ports, request, reply) => {
  const { connection } = request.params as { connection: string };
  const { model } = request.body as TestConnectionBody;
  const { tenantId } = callerOf(request);
  const { facts } = await ports.connections.get(tenantId, connection);
  const tested = await testOf(ports, tenantId, connection, String(facts["provider"]), model);
  return reply.send(JSON.stringify(tested));
};

/** Asks the service as nodes would. */
async function testOf(ports: HttpPorts, tenantId: string, name: string, provider: string, model?: string): Promise<TestConnectionAnswer> {
  if (modelProvider(provider)) return modelTestView(await ports.modelTests.testConnection(tenantId, name, model));
  if (provider === "mcp" || provider === "mcp-stdio") return ports.toolCollections.test(tenantId, name);
  if (databaseProvider(provider)) return ports.databases.test(tenantId, name);
  return testView(await ports.connections.test(tenantId, name));
}
