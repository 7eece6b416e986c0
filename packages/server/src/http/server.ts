import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { quotaHeaders } from "#http/admit";
import { mountApprovalPage } from "#http/approval-page";
import { bindRoutes } from "#http/bind";
import { mountConsole } from "#http/console-assets";
import { sendError } from "#http/errors";
import { parseJsonBody } from "#http/json-body";
import { refuseAll } from "#http/not-found";
import { oneHost } from "#http/one-host";
import type { HttpPorts } from "#http/ports";
import { REQUEST_TIMEOUT_MS, refuseBytes } from "#http/refuse-bytes";
import { assertIdentity, givenRequestId, normalisePath } from "#http/request";
import { runApiListener } from "#http/run-api";
import { RunMessage } from "#http/run-message";
import { whenCalm } from "#http/when-calm";

// An import reads all that the module exports, and one of its exports is a whole HTTP client: 14 MB and a tenth of the start for nothing.
const { createServer } = process.getBuiltinModule("node:http");

/** Idle connections are kept this long: longer than the 60 s of common proxies, so that the proxy closes first. */
const KEEP_ALIVE_MS = 72_000;

/** The longest is the token of a link to an approval: it holds a name of up to 254 characters. */
const MAX_PARAMETER_CHARACTERS = 2_048;

/** Routes check what comes by the contract. Without these the framework loads compilers of its own. */
const NO_SCHEMAS = { buildValidator: none, buildSerializer: none };

function none(): never {
  throw new Error("a route gives the framework no schema: the contract's checks it");
}

const CHARSET = "; charset=utf-8";

/** The server without a socket: routes, bodies, errors. `inject` and a listener see the same. */
export function createHttpServer(ports: HttpPorts): FastifyInstance {
  const { settings } = ports;
  const isWorker = settings.role === "worker";
  const server = Fastify({
    logger: false,
    schemaController: { compilersFactory: NO_SCHEMAS },
    bodyLimit: settings.maxBodyBytes,
    serverFactory: (framework) =>
      createServer(
        { IncomingMessage: RunMessage, requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS, requireHostHeader: false },
        oneHost(ports, isWorker ? framework : runApiListener(ports, framework)),
      ),
    exposeHeadRoutes: false,
    // Whoever was let in is answered, to the last.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARACTERS },
    requestIdHeader: false,
    genReqId: (request) => givenRequestId(request.headers["x-request-id"]) ?? `req_${ports.ids.shortId()}`,
    rewriteUrl: (request) => normalisePath(request.url ?? "/"),
    frameworkErrors: (error, request, reply) => void sendError(error, request, commonHeaders(request, reply), ports),
    clientErrorHandler: refuseBytes,
  });
  server.decorateRequest("caller", null);
  server.decorateRequest("workflow", null);
  server.decorateRequest("quota", null);
  server.decorateRequest("hook", null);
  server.decorateRequest("deed", null);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => {
    try {
      assertIdentity(request);
      if (request.routeOptions.config.rawBody) done(null, body);
      // Clients that always send the header of JSON send it without a body too.
      else done(null, body.length === 0 ? undefined : parseJsonBody(body as Buffer, settings.maxJsonDepth));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addHook("onSend", (request, reply, _payload, done) => {
    commonHeaders(request, reply);
    if (ports.leaving.aborted) reply.header("connection", "close");
    const quota = quotaHeaders(request.quota);
    for (let at = 0; at < quota.length; at += 2) reply.header(quota[at] ?? "", quota[at + 1]);
    // The framework says that JSON is UTF-8, which JSON always is: the contract's type has no parameter.
    const type = String(reply.getHeader("content-type"));
    if (type.startsWith("application/") && type.endsWith(CHARSET)) reply.header("content-type", type.slice(0, -CHARSET.length));
    done();
  });
  server.addHook("onResponse", (request, reply, done) => {
    // The pattern of the route: what was asked for may be anything.
    const route = request.routeOptions.url ?? "none";
    ports.metrics.answered(route, reply.statusCode, reply.elapsedTime);
    const about = { requestId: request.id, route, status: reply.statusCode, ms: reply.elapsedTime };
    ports.log.debug(about, "a request was answered");
    done();
  });
  server.addHook("preClose", (done) => whenCalm(ports.clock, done));
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply, ports));
  bindRoutes(server, ports);
  if (isWorker) {
    server.setNotFoundHandler(refuseAll);
    return server;
  }
  mountConsole(server);
  mountApprovalPage(server, ports);
  return server;
}

/** What every answer says; where the framework refuses a request by itself, no hook is asked. */
function commonHeaders(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  return reply.header("x-content-type-options", "nosniff").header("x-request-id", request.id);
}
