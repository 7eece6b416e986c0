import { ROUTES, type Route, type RouteId } from "@millrace/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendAsyncHookHandler } from "fastify";
import { admit } from "#http/admit";
import { carryOut, finishAudit, isAudited } from "#http/audit";
import { checkPublishedBody, checkQuery, checkRequestBody } from "#http/check-request";
import { confine } from "#http/confine";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { chatCompletions } from "#http/routes/chat-completions";
import { admitToHook, isHookRoute, receiveHook } from "#http/routes/hooks";
import { listChatModels } from "#http/routes/list-chat-models";
import { MANAGEMENT } from "#http/routes/management";
import { mcp } from "#http/routes/mcp";
import { metrics } from "#http/routes/metrics";
import { ORG_ENDPOINTS } from "#http/routes/org-endpoints";
import { runEvents } from "#http/routes/run-events";
import { runCredits, runLogs } from "#http/routes/run-history";
import { health, openapi, ready, version } from "#http/routes/service";
import { verifyKey } from "#http/routes/verify-key";
import { VERSION_ENDPOINTS } from "#http/routes/version-endpoints";
import { isRunApi, type RunApiId } from "#http/run-api";
import type { Soon } from "#soon";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body is not JSON: the route reads the bytes. */
    rawBody?: boolean;
  }
}

/** One handler a route of the contract: a route without one, here or in the run API, does not compile. */
const HANDLERS: { readonly [Id in Exclude<RouteId, RunApiId>]: Handler } = {
  verifyKey,
  ...VERSION_ENDPOINTS,
  ...ORG_ENDPOINTS,
  runEvents,
  runLogs,
  runCredits,
  mcp,
  chatCompletions,
  listChatModels,
  health,
  ready,
  version,
  openapi,
  metrics,
  receiveGet: receiveHook,
  receivePost: receiveHook,
  receivePut: receiveHook,
  receivePatch: receiveHook,
  ...MANAGEMENT,
};

/** What every process answers of itself, also one that only drives runs. */
const OF_THE_PROCESS: ReadonlySet<RouteId> = new Set<RouteId>(["health", "ready", "version", "metrics"]);

export function bindRoutes(server: FastifyInstance, ports: HttpPorts): void {
  for (const route of ROUTES) {
    if (isRunApi(route) || (ports.settings.role === "worker" && !OF_THE_PROCESS.has(route.id))) continue;
    const handler = HANDLERS[route.id as keyof typeof HANDLERS];
    server.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ":$1"),
      config: { rawBody: isRaw(route) },
      ...(route.body?.maxBytes !== undefined && { bodyLimit: route.body.maxBytes }),
      ...(isAudited(route) && { onSend: audit(ports, route) }),
      onRequest: (request, reply, done) => admitThen(() => admission(ports, route, request, reply), done),
      handler: async (request, reply) => {
        if (isManagement(route)) {
          checkQuery(route, request);
          if (!isRaw(route)) checkRequestBody(route, request);
          if (request.caller) await confine(ports, request);
        }
        // The published endpoints beside the run API; what else is not of the management API reads its own.
        else if (route.mark === "wide") {
          checkQuery(route, request);
          if (!isRaw(route)) checkPublishedBody(route, request);
        }
        const answer = () => handler(ports, request, reply.header("content-type", "application/json"));
        return isAudited(route) ? carryOut(ports, route, request, answer) : answer();
      },
    });
  }
}

function audit(ports: HttpPorts, route: Route): onSendAsyncHookHandler {
  return async (request, reply, payload) => {
    await finishAudit(ports, route, request, reply);
    return payload;
  };
}

function admission(ports: HttpPorts, route: Route, request: FastifyRequest, reply: FastifyReply): Soon<unknown> {
  return isHookRoute(route) ? admitToHook(ports, request, reply) : admit(ports, route, request);
}

function admitThen(admission: () => Soon<unknown>, done: (error?: Error) => void): void {
  try {
    const admitted = admission();
    if (admitted instanceof Promise) admitted.then(() => done(), done);
    else done();
  } catch (error) {
    done(error as Error);
  }
}

function isManagement(route: Route): boolean {
  return route.path.startsWith("/api/");
}

/** Bodies of other types than JSON (an imported file). */
function isRaw(route: Route): boolean {
  return route.body?.contentTypes?.some((type) => type !== "application/json") ?? false;
}
