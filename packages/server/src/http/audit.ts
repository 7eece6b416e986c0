import type { Route } from "@millrace/contract";
import { pathParameters } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { clientAddress } from "#http/client-address";
import type { HttpPorts } from "#http/ports";
import type { Caller } from "#keys/authenticate";
import type { NewAuditEntry } from "#store/audit-store";

const TOO_MANY_REQUESTS = 429;

/** What a handler knows of its request that the path does not say. */
export interface AuditNote {
  /** Who is meant where nobody is signed in yet. */
  readonly actor?: { readonly tenantId: string } & NewAuditEntry["actor"];
  readonly targets?: { readonly [kind: string]: string };
}

declare module "fastify" {
  interface FastifyRequest {
    auditNote: AuditNote;
  }
}

export function noteActor(request: FastifyRequest, kind: "member" | "key", tenantId: string, id: string, name: string): void {
  request.auditNote = { ...request.auditNote, actor: { tenantId, kind, id, name } };
}

export function noteTarget(request: FastifyRequest, kind: string, id: string): void {
  request.auditNote = { ...request.auditNote, targets: { ...request.auditNote.targets, [kind]: id } };
}

/** Is what the route does written down? What changes something is, unless the contract says otherwise. */
export function isAudited({ path, mark, method, audited = method !== "GET" }: Route): boolean {
  return (path.startsWith("/api/") || mark === "wide") && audited;
}

/**
 * Writes down who asked for what and what came of it, before the answer leaves. Requests of nobody are not: what they could bring about
 * has an actor once it succeeds, and a log that anyone can fill hides what is in it. A log that cannot be written holds up no answer: the
 * change is made, and the server's own log says so.
 */
export async function writeAudit(ports: HttpPorts, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { auditNote, caller } = request;
  const actor = auditNote.actor ?? (caller && actorOf(caller));
  // What was not looked at is not written down: whoever is told to wait could fill the log.
  if (!actor || reply.statusCode === TOO_MANY_REQUESTS) return;
  const { tenantId, ...who } = actor;
  const entry: NewAuditEntry = {
    at: ports.clock.now(),
    actor: who,
    action: route.id,
    targets: { ...pathTargets(route, request), ...auditNote.targets },
    address: clientAddress(request, ports.proxies),
    status: reply.statusCode,
    result: resultOf(reply.statusCode),
    requestId: request.id,
  };
  const written = ports.store.audit.append(tenantId, entry).catch((error: unknown) => {
    ports.log.error({ err: error, entry }, "an entry of the audit log could not be written");
  });
  // A refused sign-in changes nothing, and must not take longer where there is such an account.
  if (caller || entry.result === "done") await written;
}

function actorOf({ tenantId, kind, keyId, name }: Caller): NonNullable<AuditNote["actor"]> {
  return { tenantId, kind, id: keyId, name };
}

/** Longer texts in a path are nobody's id. */
const MAX_TARGET = 200;

function pathTargets({ path }: Route, { params }: FastifyRequest): { readonly [kind: string]: string } {
  const given = params as { readonly [name: string]: string };
  return Object.fromEntries(pathParameters(path).map((name) => [name, (given[name] ?? "").slice(0, MAX_TARGET)]));
}

function resultOf(status: number): NewAuditEntry["result"] {
  if (status < 400) return "done";
  return status < 500 ? "refused" : "failed";
}
