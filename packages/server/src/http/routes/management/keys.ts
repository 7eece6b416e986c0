import { type CreateKeyBody, leastRole, type RotateKeyBody, roleMay } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import { permittedWorkflows, roleError } from "#http/admit";
import type { Handler } from "#http/handler";
import { whoamiOfKey, whoamiOfMember } from "#http/member-views";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { keyView } from "#http/views";
import { type Caller, roleOfKey } from "#keys/authenticate";
import { RequestError } from "#request-error";
import type { KeyRow } from "#store/key-store";

/** Of a rotation that does not say. */
const DEFAULT_OVERLAP_S = 86_400;

export const listKeys: Handler = async (ports, request, reply) => {
  const rows = await ports.apiKeys.list(callerOf(request).tenantId);
  const live = rows.filter(({ revokedAt }) => revokedAt === null);
  return reply.send(JSON.stringify({ data: await Promise.all(live.map((row) => viewOf(ports, row))) }));
};

export const createKey: Handler = async (ports, request, reply) => {
  const { workflows, name, scopes, role, expiresInDays, rateLimit } = request.body as CreateKeyBody;
  const isAdmin = scopes?.includes("admin") ?? false;
  if (workflows.length === 0 && !isAdmin) {
    throw new RequestError("invalid_request", {
      errors: [{ path: "/workflows", code: "required", message: "workflows: only an admin key reaches every workflow; name at least one" }],
    });
  }
  if (workflows.length > 0 && isAdmin) {
    throw new RequestError("invalid_request", {
      errors: [{ path: "/workflows", code: "invalid_value", message: "workflows: an admin key reaches every workflow; name none" }],
    });
  }
  if (role !== undefined && !isAdmin) {
    throw new RequestError("invalid_request", {
      errors: [{ path: "/role", code: "invalid_value", message: "role: only a key with the scope admin has one" }],
    });
  }
  const caller = callerOf(request);
  if (isAdmin) requireOwner(caller);
  const { key, row } = await ports.apiKeys.create(caller.tenantId, {
    ...(workflows.length > 0 && { workflows }),
    ...(name !== undefined && { name }),
    ...(scopes && { scopes }),
    ...(role && { role }),
    ...(expiresInDays !== undefined && { expiresInDays }),
    ...(rateLimit && { rateLimit }),
  });
  return reply.code(201).send(JSON.stringify({ ...(await viewOf(ports, row)), key }));
};

export const rotateKey: Handler = async (ports, request, reply) => {
  const { overlapS = DEFAULT_OVERLAP_S } = request.body as RotateKeyBody;
  const { tenantId, id } = await manageableKey(ports, request);
  const { key, row } = await ports.apiKeys.rotate(tenantId, id, overlapS * 1_000);
  return reply.code(201).send(JSON.stringify({ ...(await viewOf(ports, row)), key }));
};

export const revokeKey: Handler = async (ports, request, reply) => {
  const { tenantId, id } = await manageableKey(ports, request);
  await ports.apiKeys.revoke(tenantId, id);
  return reply.code(204).send();
};

export const whoami: Handler = async (ports, request, reply) => {
  const caller = callerOf(request);
  const { version } = ports.settings;
  if (caller.kind === "member") {
    const member = await ports.operators.members.get(caller.tenantId, caller.keyId);
    return reply.send(JSON.stringify(whoamiOfMember(member, version)));
  }
  const workflows = caller.workflowIds === null ? [] : await permittedWorkflows(ports, caller);
  const row = await ports.apiKeys.get(caller.tenantId, caller.keyId);
  return reply.send(JSON.stringify(whoamiOfKey(row, version, workflows.map(refOf))));
};

/** The key of the path, where the caller may have a say in it: nobody makes or unmakes more than an owner's part. */
async function manageableKey({ apiKeys }: HttpPorts, request: FastifyRequest): Promise<KeyRow> {
  const { key } = request.params as { key: string };
  const caller = callerOf(request);
  const row = await apiKeys.get(caller.tenantId, key);
  if (roleOfKey(row) !== null) requireOwner(caller);
  return row;
}

/** An admin key, whatever its role, is for owners to make, replace and revoke. */
function requireOwner({ role }: Caller): void {
  if (role !== null && !roleMay(role, "administer")) throw roleError(role, leastRole("administer"));
}

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
