import { hasScope, type RouteAuth, requiredScope } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import { header } from "#http/request";
import type { Authenticator, Caller } from "#keys/authenticate";
import { RequestError } from "#request-error";
import type { WorkflowStore } from "#store/store";
import type { LiveWorkflow, LiveWorkflows } from "#workflows/live-workflows";

export interface AdmitPorts {
  readonly authenticator: Authenticator;
  readonly live: LiveWorkflows;
  readonly workflows: WorkflowStore;
}

/** The key, before anything of the body is read. */
export async function authenticate(ports: AdmitPorts, request: FastifyRequest): Promise<Caller> {
  const caller = await ports.authenticator.authenticate(request.headers.authorization);
  if (!caller) throw new RequestError("unauthorized");
  request.caller = caller;
  return caller;
}

export function requireScope(caller: Caller, auth: RouteAuth): void {
  const scope = requiredScope(auth);
  if (scope !== null && !hasScope(caller.scopes, scope)) throw new RequestError("scope", { params: { scope } });
}

/** The workflow that the key selects, checked in the order of the contract: it exists, its API is on, the key has the scope. */
export async function selectWorkflow(ports: AdmitPorts, request: FastifyRequest, caller: Caller, auth: RouteAuth): Promise<LiveWorkflow> {
  const workflow = await chosenWorkflow(ports, request, caller);
  if (workflow.deletedAt !== null) throw new RequestError("workflow_deleted");
  if (!workflow.apiEnabled) throw new RequestError("api_disabled");
  requireScope(caller, auth);
  request.workflow = workflow;
  return workflow;
}

/** A key of one workflow needs nothing more; a key of several names one. */
export async function chosenWorkflow(ports: AdmitPorts, request: FastifyRequest, caller: Caller): Promise<LiveWorkflow> {
  const named = header(request, "millrace-workflow");
  if (named === null && caller.workflowIds?.length === 1) return found(await ports.live.get(caller.tenantId, caller.workflowIds[0] ?? ""));
  if (named === null) throw new RequestError("workflow_required", { params: { names: (await permittedNames(ports, caller)).join(", ") } });
  const row = await ports.workflows.get(caller.tenantId, named);
  if (!row || (caller.workflowIds && !caller.workflowIds.includes(row.id)))
    throw new RequestError("not_found", { key: "not_found.workflow" });
  return found(await ports.live.get(caller.tenantId, row.id));
}

function found(workflow: LiveWorkflow | null): LiveWorkflow {
  if (!workflow) throw new RequestError("workflow_deleted");
  return workflow;
}

/** Names in an error message at most: a tenant may have thousands. */
const MAX_NAMES = 50;

async function permittedNames(ports: AdmitPorts, caller: Caller): Promise<string[]> {
  const rows = await permittedWorkflows(ports, caller);
  return rows.map(({ name }) => name);
}

export async function permittedWorkflows(ports: AdmitPorts, caller: Caller): Promise<readonly { id: string; name: string }[]> {
  if (caller.workflowIds === null) return ports.workflows.list(caller.tenantId, { limit: MAX_NAMES });
  const rows = await Promise.all(caller.workflowIds.map((id) => ports.live.get(caller.tenantId, id)));
  return rows.filter((row): row is LiveWorkflow => row !== null && row.deletedAt === null);
}
