import { hasScope, type Route, type RouteAuth, requiredScope } from "@millrace/contract";
import { header, type WireRequest } from "#http/request";
import type { Authenticator, Caller } from "#keys/authenticate";
import type { Quota, RateLimiter } from "#keys/rate-limiter";
import { RequestError } from "#request-error";
import { type Soon, soon } from "#soon";
import type { WorkflowStore } from "#store/store";
import type { LiveWorkflow, LiveWorkflows } from "#workflows/live-workflows";

export interface AdmitPorts {
  readonly authenticator: Authenticator;
  readonly live: LiveWorkflows;
  readonly workflows: WorkflowStore;
  readonly rateLimiter: RateLimiter;
}

/** Authentication comes before the body is read, and says nothing of what lies behind it. */
export function admit(ports: AdmitPorts, route: Route, request: WireRequest): Soon<unknown> {
  if (route.auth === "none") return;
  const { auth } = route;
  return soon(authenticate(ports, request), (caller) => {
    const selected = route.path.startsWith("/v1/workflow/") ? selectWorkflow(ports, request, caller, auth) : requireScope(caller, auth);
    return caller.rateLimit ? soon(selected, () => takeOne(ports, request, caller)) : selected;
  });
}

/** Counts the request against the key's limit. */
function takeOne({ rateLimiter }: AdmitPorts, request: WireRequest, { keyId, rateLimit }: Caller): void {
  if (!rateLimit) return;
  request.quota = rateLimiter.take(keyId, rateLimit);
  const { retryAfterS } = request.quota;
  if (retryAfterS !== null) throw new RequestError("rate_limited", { retryAfterS, params: { seconds: retryAfterS } });
}

/** The headers of a limited key's answers, names and values in turn. */
export function quotaHeaders(quota: Quota | null): readonly string[] {
  if (!quota) return [];
  const { limit, remaining, resetS } = quota;
  return ["RateLimit-Policy", `"key";q=${limit.requests};w=${limit.windowS}`, "RateLimit", `"key";r=${remaining};t=${resetS}`];
}

/** The key, before anything of the body is read. */
function authenticate(ports: AdmitPorts, request: WireRequest): Soon<Caller> {
  return soon(ports.authenticator.authenticate(request.headers.authorization), (caller) => {
    if (!caller) throw new RequestError("unauthorized");
    request.caller = caller;
    return caller;
  });
}

function requireScope(caller: Caller, auth: RouteAuth): void {
  const scope = requiredScope(auth);
  if (scope !== null && !hasScope(caller.scopes, scope)) throw new RequestError("scope", { params: { scope } });
}

/** The workflow that the key selects, checked in the order of the contract: it exists, its API is on, the key has the scope. */
function selectWorkflow(ports: AdmitPorts, request: WireRequest, caller: Caller, auth: RouteAuth): Soon<LiveWorkflow> {
  return soon(chosenWorkflow(ports, request, caller), (workflow) => {
    if (workflow.deletedAt !== null) throw new RequestError("workflow_deleted");
    if (!workflow.apiEnabled) throw new RequestError("api_disabled");
    requireScope(caller, auth);
    request.workflow = workflow;
    return workflow;
  });
}

/** A key of one workflow needs nothing more; a key of several names one. */
export function chosenWorkflow(ports: AdmitPorts, request: WireRequest, caller: Caller): Soon<LiveWorkflow> {
  const named = header(request, "millrace-workflow");
  if (named !== null) return namedWorkflow(ports, caller, named);
  const [only] = caller.workflowIds ?? [];
  return only !== undefined && caller.workflowIds?.length === 1
    ? soon(ports.live.get(caller.tenantId, only), found)
    : refuseUnnamed(ports, caller);
}

async function namedWorkflow(ports: AdmitPorts, caller: Caller, name: string): Promise<LiveWorkflow> {
  const row = await ports.workflows.get(caller.tenantId, name);
  if (!row || (caller.workflowIds && !caller.workflowIds.includes(row.id)))
    throw new RequestError("not_found", { key: "not_found.workflow" });
  return found(await ports.live.get(caller.tenantId, row.id));
}

async function refuseUnnamed(ports: AdmitPorts, caller: Caller): Promise<never> {
  throw new RequestError("workflow_required", { params: { names: (await permittedNames(ports, caller)).join(", ") } });
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
