import { type ErrorBodyInput, errorBody, WIRE_ERRORS } from "@millrace/contract";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { languageOf } from "#http/request";
import type { Logger } from "#log";
import { RequestError } from "#request-error";

/** What Fastify itself refuses, in the contract's words. */
const FRAMEWORK_ERRORS: { readonly [code: string]: "body_too_large" | "invalid_request" } = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid_request",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "invalid_request",
  FST_ERR_BAD_URL: "invalid_request",
};

/** Any error of a request as the one body that serves old clients (code, message) and new ones (RFC 9457). */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger, bodyLimit: number): FastifyReply {
  const refused = asRequestError(error, bodyLimit);
  if (refused.type === "internal") log.error({ err: error, requestId: request.id, url: request.url }, "a request failed internally");
  const { status } = WIRE_ERRORS[refused.type];
  const { retryAfterS, errors, key, params, message } = refused.details;
  const input: ErrorBodyInput = {
    type: refused.type,
    language: languageOf(request),
    instance: pathOf(request.url),
    requestId: request.id,
    ...(errors && { errors }),
    ...(key !== undefined && { key }),
    ...(params && { params }),
    ...(message !== undefined && { message }),
  };
  if (retryAfterS !== undefined) reply.header("retry-after", String(Math.max(1, Math.ceil(retryAfterS))));
  if (refused.type === "unauthorized") reply.header("www-authenticate", 'Bearer realm="millrace"');
  const problem = (request.headers.accept ?? "").includes("application/problem+json") || request.url.startsWith("/api/");
  return reply
    .code(status)
    .header("content-type", problem ? "application/problem+json" : "application/json")
    .send(JSON.stringify(errorBody(input)));
}

function asRequestError(error: unknown, bodyLimit: number): RequestError {
  if (error instanceof RequestError) return error;
  const type = FRAMEWORK_ERRORS[(error as FastifyError | undefined)?.code ?? ""];
  if (type === "body_too_large") return new RequestError(type, { params: { limit: bodyLimit } });
  return new RequestError(type ?? "internal");
}

/** Without the query: it may hold anything. */
export function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}
