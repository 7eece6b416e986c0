import type { FastifyReply, FastifyRequest } from "fastify";
import { admitOptionalKey } from "#http/admit";
import { openApiText, openApiTextFor } from "#http/openapi-text";
import type { HttpPorts } from "#http/ports";
import { RequestError } from "#request-error";

/** GET /healthz: the process answers. Never asks the database. */
export async function health(_ports: HttpPorts, _request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return reply.send('{"status":"ok"}');
}

/** GET /readyz: 503 with the failing check while the server cannot take runs. */
export async function ready(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (ports.leaving.aborted) throw new RequestError("draining", { retryAfterS: 1, params: { seconds: 1 } });
  const refuse = (check: string) => (error: unknown) => {
    ports.log.warn({ err: error, requestId: request.id, check }, "the server is not ready");
    throw new RequestError("overloaded", { key: "overloaded.not_ready", params: { check }, retryAfterS: 1 });
  };
  await ports.store.check().catch(refuse("database"));
  await ports.checkEngine().catch(refuse("engine"));
  return reply.send(JSON.stringify({ status: "ok", checks: { database: "ok", engine: "ok" } }));
}

/** GET /version. */
export async function version(ports: HttpPorts, _request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return reply.send(JSON.stringify({ name: "millrace", version: ports.settings.version, engine: ports.settings.engine }));
}

/** GET /openapi.json: everything, or what a key may ask for, with its own workflows. */
export async function openapi(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const caller = await admitOptionalKey(ports, request);
  return reply.send(caller ? await openApiTextFor(ports, caller) : openApiText(ports.settings.version));
}
