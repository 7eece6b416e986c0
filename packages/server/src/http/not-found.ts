import { methodsOf, ROUTES } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { pathOf } from "#http/request";
import { RequestError } from "#request-error";

/** Paths with their parameters, as patterns: `/api/v1/runs/{run}` → /^\/api\/v1\/runs\/[^/]+$/. */
const PATTERNS = [...new Set(ROUTES.map(({ path }) => path))].map((path) => ({
  path,
  pattern: new RegExp(`^${path.replace(/[.]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+")}$`),
}));

export function isKnownPath(path: string): boolean {
  return PATTERNS.some(({ pattern }) => pattern.test(path));
}

/** A known path with another method is 405 and names the methods; anything else is 404. */
export function refuseUnknown(request: FastifyRequest, reply: FastifyReply): never {
  const known = PATTERNS.find(({ pattern }) => pattern.test(pathOf(request.url)));
  if (!known) throw new RequestError("no_route");
  const allow = methodsOf(known.path).join(", ");
  reply.header("allow", allow);
  throw new RequestError("method_not_allowed", { params: { allow } });
}

/** Of a process that answers for nothing but itself: what the others answer is not known here. */
export function refuseAll(): never {
  throw new RequestError("no_route");
}
