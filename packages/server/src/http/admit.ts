import { hasScope, leastRole, type Role, type Route, type RouteAuth, requiredScope, roleMay, takesSession } from "@millrace/contract";
import { clientAddress, countedAddress } from "#http/client-address";
import { type OriginPorts, refuseForeign } from "#http/own-origin";
import { header, type WireRequest } from "#http/request";
import { sessionToken } from "#http/session-cookie";
import type { Authenticator, Caller } from "#keys/authenticate";
import type { DevKeys } from "#keys/dev-keys";
import type { Quota, RateLimits } from "#keys/rate-limiter";
import type { Operators } from "#members/operators";
import { RequestError } from "#request-error";
import { type Soon, soon } from "#soon";
import type { WorkflowStore } from "#store/store";
import type { LiveWorkflow, LiveWorkflows } from "#workflows/live-workflows";

export interface AdmitPorts extends OriginPorts {
  readonly operators: Operators;
  readonly authenticator: Authenticator;
  readonly devKeys: DevKeys;
  readonly live: LiveWorkflows;
  readonly workflows: WorkflowStore;
  readonly rateLimiter: RateLimits;
}

/**
 * The one place where it is decided who may call what, for keys and sessions alike. Authentication comes before the body is read, and says
 * nothing of what lies behind it.
 */
export function admit(ports: AdmitPorts, route: Route, request: WireRequest): Soon<unknown> {
  if (route.auth === "none") {
    if (route.path.startsWith("/api/")) refuseForeign(ports, route, request, { cookie: false });
    return;
  }
  const { auth } = route;
  return soon(authenticate(ports, route, request), (caller) => {
    const selected = route.path.startsWith("/v1/workflow/") ? selectWorkflow(ports, request, caller, auth) : authorise(route, caller);
    return caller.rateLimit ? soon(selected, () => takeOne(ports, request, caller)) : selected;
  });
}

/** A role says all that its bearer may do on the management API; a key without one has its scopes. */
function authorise(route: Route, caller: Caller): void {
  const { role } = caller;
  if (role === null || !takesSession(route)) requireScope(caller, route.auth);
  else if (route.permission !== undefined && !roleMay(role, route.permission)) throw roleError(role, leastRole(route.permission));
}

export function roleError(role: Role, needed: Role): RequestError {
  return new RequestError("role", { params: { role, needed } });
}

/** Counts the request against the key's limit. */
function takeOne({ rateLimiter }: AdmitPorts, request: WireRequest, { tenantId, keyId, rateLimit }: Caller): Soon<void> {
  if (!rateLimit) return;
  return soon(rateLimiter.take(tenantId, keyId, rateLimit), (quota) => {
    request.quota = quota;
    refuseBeyond(quota);
  });
}

/** Throws `rate_limited`. */
export function refuseBeyond({ retryAfterS }: Quota): void {
  if (retryAfterS !== null) throw new RequestError("rate_limited", { retryAfterS, params: { seconds: retryAfterS } });
}

/** The headers of a limited key's answers, names and values in turn. */
export function quotaHeaders(quota: Quota | null): readonly string[] {
  if (!quota) return [];
  const { limit, remaining, resetS } = quota;
  return ["RateLimit-Policy", `"key";q=${limit.requests};w=${limit.windowS}`, "RateLimit", `"key";r=${remaining};t=${resetS}`];
}

/** The key or, where the route takes one and there is no key, the session; before anything of the body is read. */
function authenticate(ports: AdmitPorts, route: Route, request: WireRequest): Soon<Caller> {
  const { authorization } = request.headers;
  if (route.auth === "dev") return knownCaller(ports, request, ports.devKeys.authenticate(authorization));
  if (route.auth === "session" || (authorization === undefined && takesSession(route))) return authenticateSession(ports, route, request);
  return authenticateKey(ports, request);
}

function authenticateKey(ports: AdmitPorts, request: WireRequest): Soon<Caller> {
  return knownCaller(
    ports,
    request,
    ports.authenticator.authenticate(request.headers.authorization, clientAddress(request, ports.proxies)),
  );
}

function knownCaller(ports: AdmitPorts, request: WireRequest, found: Soon<Caller | null>): Soon<Caller> {
  return soon(found, (caller) => {
    if (!caller) throw wrongKey(ports, request);
    request.caller = caller;
    return caller;
  });
}

/** The key of a request that needs none: checked and counted like any other. */
export async function admitOptionalKey(ports: AdmitPorts, request: WireRequest): Promise<Caller | null> {
  if (request.headers.authorization === undefined) return null;
  const caller = await authenticateKey(ports, request);
  await takeOne(ports, request, caller);
  return caller;
}

/** A key that is none counts against where it came from; a request without a key is no guess. */
function wrongKey({ operators, proxies }: AdmitPorts, request: WireRequest): RequestError {
  if (request.headers.authorization !== undefined) operators.wrongKeys.take(countedAddress(clientAddress(request, proxies)));
  return new RequestError("unauthorized");
}

async function authenticateSession(ports: AdmitPorts, route: Route, request: WireRequest): Promise<Caller> {
  const token = sessionToken(ports, request);
  if (token === null) throw new RequestError("unauthorized", route.auth === "session" ? { key: "unauthorized.session" } : {});
  refuseForeign(ports, route, request, { cookie: true });
  const caller = await ports.operators.sessions.authenticate(token);
  if (!caller) throw new RequestError("unauthorized", { key: "unauthorized.session" });
  request.caller = caller;
  return caller;
}

/** Of an answer that goes on for long: is its caller still who may have it? Not after the session ended, or the key was revoked. */
export async function isStillLetIn(ports: AdmitPorts, request: WireRequest): Promise<boolean> {
  const { authorization } = request.headers;
  if (authorization !== undefined)
    return (await ports.authenticator.authenticate(authorization, clientAddress(request, ports.proxies))) !== null;
  const token = sessionToken(ports, request);
  return token !== null && (await ports.operators.sessions.authenticate(token)) !== null;
}

function requireScope(caller: Caller, auth: RouteAuth): void {
  if (auth === "versions" && !hasScope(caller.scopes, "version")) throw new RequestError("version_permission");
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
