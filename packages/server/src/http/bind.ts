import { ROUTES, type Route, type RouteId } from "@millrace/contract";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticate, requireScope, selectWorkflow } from "#http/admit";
import { checkQuery, checkRequestBody } from "#http/check-request";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { invoke } from "#http/routes/invoke";
import { MANAGEMENT } from "#http/routes/management";
import { queryResult } from "#http/routes/query-result";
import { health, openapi, ready, version } from "#http/routes/service";
import { verifyKey } from "#http/routes/verify-key";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body is not JSON: the route reads the bytes. */
    rawBody?: boolean;
  }
}

/** One handler a route of the contract: a route without one does not compile. */
const HANDLERS: { readonly [Id in RouteId]: Handler } = { invoke, queryResult, verifyKey, health, ready, version, openapi, ...MANAGEMENT };

export function bindRoutes(server: FastifyInstance, ports: HttpPorts): void {
  for (const route of ROUTES) {
    const handler = HANDLERS[route.id];
    server.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ":$1"),
      config: { rawBody: isRaw(route) },
      onRequest: (request) => admit(ports, route, request),
      handler: (request, reply) => {
        if (isManagement(route)) {
          checkQuery(route, request);
          if (!isRaw(route)) checkRequestBody(route, request);
        }
        return handler(ports, request, reply.header("content-type", "application/json"));
      },
    });
  }
}

/** Authentication comes before the body is read, and says nothing of what lies behind it. */
async function admit(ports: HttpPorts, route: Route, request: FastifyRequest): Promise<void> {
  if (route.auth === "none") return;
  const caller = await authenticate(ports, request);
  if (route.path.startsWith("/v1/workflow/")) await selectWorkflow(ports, request, caller, route.auth);
  else requireScope(caller, route.auth);
}

function isManagement(route: Route): boolean {
  return route.path.startsWith("/api/");
}

/** Bodies of other types than JSON (an imported file). */
function isRaw(route: Route): boolean {
  return route.body?.contentTypes?.some((type) => type !== "application/json") ?? false;
}
