import type { Json, JsonObject, Route } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuseBeyond } from "#http/admit";
import { heldBody } from "#http/held-body";
import { hold } from "#http/hold";
import { parseJsonBody } from "#http/json-body";
import type { HttpPorts } from "#http/ports";
import { languageOf } from "#http/request";
import { RequestError } from "#request-error";
import { presentAcknowledgement, presentRun } from "#runs/present-run";
import type { RunHandle } from "#runtime/runtime";
import type { OwnedHook } from "#store/hook-store";

export function isHookRoute(route: Route): boolean {
  return route.path.startsWith("/hooks/");
}

/** The hook of the token in the path, its methods and its limits, before a byte of the body is read. */
export async function admitToHook(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { token } = request.params as { readonly token: string };
  const hook = await ports.hooks.admit(token);
  request.hook = hook;
  if (!(hook.methods as readonly string[]).includes(request.method)) {
    const allow = hook.methods.join(", ");
    reply.header("allow", allow);
    throw new RequestError("method_not_allowed", { params: { allow } });
  }
  refuseBeyond(await ports.rateLimiter.take(hook.tenantId, `hook ${hook.id}`, hook.rateLimit));
  assertShort(hook, Number(request.headers["content-length"] ?? 0));
}

export async function receiveHook(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { hook } = request;
  if (!hook) throw new Error("the hook was not admitted");
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  assertShort(hook, body.length);
  const started = await ports.hooks.receive(hook, {
    method: request.method,
    query: request.query as JsonObject,
    headers: request.headers,
    body,
    content: () => contentOf(ports, request, body),
    receivedAt: ports.clock.now(),
    language: languageOf(request),
  });
  const runId = started.handle?.runId ?? started.earlier ?? "";
  reply.header("x-run-url", ports.runUrl(request, runId));
  if (started.handle) return answer(ports, hook, started.handle, reply);
  const run = await ports.store.runs.view(hook.tenantId, null, runId);
  if (!run) throw new RequestError("not_found");
  reply.header("idempotent-replayed", "true");
  return run.endedAt !== null && hook.respond === "result"
    ? reply.send(presentRun(run))
    : reply.code(202).send(presentAcknowledgement(run, run.status));
}

async function answer(ports: HttpPorts, hook: OwnedHook, handle: RunHandle, reply: FastifyReply): Promise<FastifyReply> {
  if (hook.respond === "accepted") return reply.code(202).send(presentAcknowledgement(handle.current()));
  const ended = handle.result ?? (await hold(ports, hook.tenantId, handle.runId).end);
  return ended ? reply.send(presentRun(ended)) : reply.code(202).send(await heldBody(ports, hook.tenantId, handle.runId));
}

/** JSON unless the Content-Type says otherwise; a form is an object of texts, anything else is a text. */
function contentOf({ settings }: HttpPorts, { headers }: FastifyRequest, body: Buffer): Json | undefined {
  if (body.length === 0) return undefined;
  const [type = ""] = (headers["content-type"] ?? "application/json").toLowerCase().split(";");
  if (/^application\/(json|[\w.-]+\+json)\s*$/.test(type)) return parseJsonBody(body, settings.maxJsonDepth);
  const text = body.toString("utf8");
  return type.trim() === "application/x-www-form-urlencoded" ? Object.fromEntries(new URLSearchParams(text)) : text;
}

function assertShort({ maxBodyBytes: limit }: OwnedHook, bytes: number): void {
  if (bytes > limit) throw new RequestError("body_too_large", { params: { limit } });
}
