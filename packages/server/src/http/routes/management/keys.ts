import type { CreateKeyBody } from "@millrace/contract";
import { permittedWorkflows } from "#http/admit";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { keyView } from "#http/views";
import { RequestError } from "#request-error";
import type { KeyRow } from "#store/store";

export const listKeys: Handler = async (ports, request, reply) => {
  const rows = await ports.apiKeys.list(callerOf(request).tenantId);
  const live = rows.filter(({ revokedAt }) => revokedAt === null);
  return reply.send(JSON.stringify({ data: await Promise.all(live.map((row) => viewOf(ports, row))) }));
};

export const createKey: Handler = async (ports, request, reply) => {
  const { workflows, name, scopes, expiresInDays, rateLimit } = request.body as CreateKeyBody;
  if (workflows.length === 0 && !scopes?.includes("admin")) {
    throw new RequestError("invalid_request", {
      errors: [{ path: "/workflows", code: "required", message: "workflows: only an admin key reaches every workflow; name at least one" }],
    });
  }
  if (workflows.length > 0 && scopes?.includes("admin")) {
    throw new RequestError("invalid_request", {
      errors: [{ path: "/workflows", code: "invalid_value", message: "workflows: an admin key reaches every workflow; name none" }],
    });
  }
  const { key, row } = await ports.apiKeys.create(callerOf(request).tenantId, {
    ...(workflows.length > 0 && { workflows }),
    ...(name !== undefined && { name }),
    ...(scopes && { scopes }),
    ...(expiresInDays !== undefined && { expiresInDays }),
    ...(rateLimit && { rateLimit }),
  });
  return reply.code(201).send(JSON.stringify({ ...(await viewOf(ports, row)), key }));
};

export const revokeKey: Handler = async (ports, request, reply) => {
  const { key } = request.params as { key: string };
  await ports.apiKeys.revoke(callerOf(request).tenantId, key);
  return reply.code(204).send();
};

export const whoami: Handler = async (ports, request, reply) => {
  const caller = callerOf(request);
  const workflows = caller.workflowIds === null ? [] : await permittedWorkflows(ports, caller);
  const named = caller.name === "" ? {} : { name: caller.name };
  const answer = {
    keyId: caller.keyId,
    ...named,
    scopes: caller.scopes,
    workflows: workflows.map(refOf),
    serverVersion: ports.settings.version,
  };
  return reply.send(JSON.stringify(answer));
};

async function viewOf(ports: HttpPorts, row: KeyRow) {
  if (row.workflowIds === null) return keyView(row, []);
  const found = await Promise.all(row.workflowIds.map((id) => ports.workflows.get(row.tenantId, id, { deleted: true })));
  return keyView(
    row,
    found.flatMap((workflow) => (workflow ? [refOf(workflow)] : [])),
  );
}

function refOf({ id, name }: { id: string; name: string }): { id: string; name: string } {
  return { id, name };
}
