import type { Route } from "@millrace/contract";
import { pathParameters } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { NewAuditEntry } from "#deed";
import { Deed, type DeedNotes } from "#deed";
import { failpoint } from "#failpoint";
import { clientAddress } from "#http/client-address";
import type { HttpPorts } from "#http/ports";
import type { Caller } from "#keys/authenticate";

const TOO_MANY_REQUESTS = 429;

declare module "fastify" {
  interface FastifyRequest {
    /** What it does, where that is written down; null: it was refused before anything was done. */
    deed: Deed | null;
  }
}

/** Is what the route does written down? What changes something is, unless the contract says otherwise. */
export function isAudited({ path, mark, method, audited = method !== "GET" }: Route): boolean {
  return (path.startsWith("/api/") || mark === "wide") && audited;
}

/** Does what is asked; the first change that comes of it has its row of the audit log with it, in one transaction. */
export function carryOut<T>(ports: HttpPorts, route: Route, request: FastifyRequest, action: () => T): T {
  const status = Number(Object.keys(route.responses)[0]);
  const deed = new Deed((notes) => describe(ports, route, request, notes, status));
  request.deed = deed;
  return deed.carryOut(action);
}

/**
 * Writes down what has no row yet, before the answer leaves: what was refused, what failed, what changed nothing. Requests of nobody are
 * not: what they could bring about has an actor once it succeeds, and a log that anyone can fill hides what is in it. Here a log that cannot
 * be written holds up no answer: the server's own log says so.
 */
export async function finishAudit(ports: HttpPorts, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const isTold = (await request.deed?.close()) ?? false;
  if (isTold) failpoint("audit.afterCommit", route.id);
  // What was not looked at is not written down: whoever is told to wait could fill the log.
  if (reply.statusCode === TOO_MANY_REQUESTS) return;
  // A part of what then failed was done: that has its row, and the failure another.
  if (isTold && reply.statusCode < 400) return;
  const notes = request.deed?.notes ?? { actor: null, targets: {}, answer: null };
  const described = describe(ports, route, request, { ...notes, answer: null }, reply.statusCode);
  if (!described) return;
  const written = appendAudit(ports, described);
  // A refused sign-in changes nothing, and must not take longer where there is such an account.
  if (request.caller || described.entry.result === "done") await written;
}

export async function appendAudit({ store, log }: HttpPorts, { tenantId, entry }: Described): Promise<void> {
  await store.audit.append(tenantId, entry).catch((error: unknown) => {
    log.error({ err: error, entry }, "an entry of the audit log could not be written");
  });
}

interface Described {
  readonly tenantId: string;
  readonly entry: NewAuditEntry;
}

function describe(
  ports: HttpPorts,
  route: Route,
  request: FastifyRequest,
  { actor: noted, targets, answer }: DeedNotes,
  status: number,
): Described | null {
  const nobody = answer?.is === "actor" ? ({ tenantId: ports.tenantId, kind: "nobody", id: null, name: null } as const) : null;
  const actor = noted ?? (request.caller ? actorOf(request.caller) : nobody);
  if (!actor) return null;
  const { tenantId, ...who } = actor;
  const entry: NewAuditEntry = {
    at: ports.clock.now(),
    actor: who,
    action: route.id,
    targets: { ...pathTargets(route, request), ...targets },
    address: clientAddress(request, ports.proxies),
    status,
    result: resultOf(status),
    requestId: request.id,
  };
  return { tenantId, entry };
}

function actorOf({ tenantId, kind, keyId, name }: Caller): NonNullable<DeedNotes["actor"]> {
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
