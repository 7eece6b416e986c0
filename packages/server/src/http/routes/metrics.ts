import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpPorts } from "#http/ports";
import { RequestError } from "#request-error";

const TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

/** GET /metrics: from this machine to everyone, from others to whoever has the token. */
export async function metrics(
  { settings, metrics: counted, store, clock, log }: HttpPorts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!isFromHere(request) && !hasToken(request, settings.metricsToken)) throw new RequestError("unauthorized");
  const backlog = await store.runs.backlog().catch((error: unknown) => {
    log.warn({ err: error, requestId: request.id }, "runs that do not come on could not be counted");
    return null;
  });
  counted.noteBacklog(backlog, clock.now());
  return reply.header("content-type", TEXT_FORMAT).send(counted.text());
}

/** What a proxy on this machine hands on comes from elsewhere. */
function isFromHere({ ip, headers }: FastifyRequest): boolean {
  const isLoopback = ip === "::1" || ip.startsWith("127.") || ip.startsWith("::ffff:127.");
  return isLoopback && headers["x-forwarded-for"] === undefined && headers.forwarded === undefined;
}

function hasToken({ headers }: FastifyRequest, token: string | null): boolean {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  return token !== null && given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** Equal lengths, whatever was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
