import { type ErrorBodyInput, errorBody, errorMessage, WIRE_ERRORS } from "@millrace/contract";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { forChatClients } from "#http/chat-error";
import type { HttpPorts } from "#http/ports";
import { languageOf, loggedPath, pathOf, type WireRequest } from "#http/request";
import { RequestError } from "#request-error";
import { passingRefusal } from "#runs/passing-refusal";

/** What Fastify itself refuses, in the contract's words. */
const FRAMEWORK_ERRORS: { readonly [code: string]: "body_too_large" | "invalid_request" | "not_found" } = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid_request",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "invalid_request",
  FST_ERR_BAD_URL: "invalid_request",
  // Nothing has an id or a name that is so long.
  FST_ERR_MAX_PARAM_LENGTH: "not_found",
};

export interface ErrorAnswer {
  readonly type: string;
  readonly message: string;
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Any error of a request as the one body that serves old clients (code, message) and new ones (RFC 9457). */
export function errorAnswer(
  error: unknown,
  request: WireRequest,
  { log, settings }: Pick<HttpPorts, "log" | "settings">,
  bodyLimit = settings.maxBodyBytes,
): ErrorAnswer {
  const refused = asRequestError(error, bodyLimit);
  if (refused.type === "internal")
    log.error({ err: error, requestId: request.id, path: loggedPath(request.url) }, "a request failed internally");
  const { retryAfterS, errors, key, params, message, draft } = refused.details;
  const input: ErrorBodyInput = {
    type: refused.type,
    language: languageOf(request),
    instance: pathOf(request.url),
    requestId: request.id,
    ...(errors && { errors }),
    ...(key !== undefined && { key }),
    ...(params && { params }),
    ...(message !== undefined && { message }),
    ...(draft && { draft }),
  };
  const problem = (request.headers.accept ?? "").includes("application/problem+json") || request.url.startsWith("/api/");
  const headers = ["Content-Type", problem ? "application/problem+json" : "application/json"];
  if (retryAfterS !== undefined) headers.push("Retry-After", String(Math.max(1, Math.ceil(retryAfterS))));
  if (refused.type === "unauthorized") headers.push("WWW-Authenticate", `${schemeOf(request.url)} realm="millrace"`);
  const told = errorBody(input);
  const { status } = WIRE_ERRORS[refused.type];
  return { type: refused.type, message: told.message, status, headers, body: JSON.stringify(forChatClients(told)) };
}

/** What a refusal says, where it is a part of another answer: its first fault, with its place. */
export function errorText({ type, details }: RequestError, request: WireRequest): string {
  const [first] = details.errors ?? [];
  if (first?.message !== undefined) return `${first.path}: ${first.message}`;
  const { key, params, message } = details;
  return message ?? errorMessage(key ?? type, languageOf(request), params);
}

export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  ports: Pick<HttpPorts, "log" | "settings">,
): FastifyReply {
  const { status, headers, body } = errorAnswer(error, request, ports, request.routeOptions.bodyLimit);
  for (let at = 0; at < headers.length; at += 2) reply.header(headers[at] ?? "", headers[at + 1]);
  return reply.code(status).send(body);
}

/** How callers of the path say who they are. */
function schemeOf(url: string): "Basic" | "Bearer" {
  return url.startsWith("/v1/org/") ? "Basic" : "Bearer";
}

function asRequestError(error: unknown, bodyLimit: number): RequestError {
  if (error instanceof RequestError) return error;
  const passing = passingRefusal(error);
  if (passing) return passing;
  const type = FRAMEWORK_ERRORS[(error as FastifyError | undefined)?.code ?? ""];
  if (type === "body_too_large") return new RequestError(type, { params: { limit: bodyLimit } });
  return new RequestError(type ?? "internal");
}
