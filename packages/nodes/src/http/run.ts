import { encodeBody, type WireBody } from "#http/body";
import type { Config, Method, Request } from "#http/config";
import { requestHeaders } from "#http/headers";
import { DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT_MS, MAX_FILE_BYTES, MAX_TIMEOUT_MS } from "#http/limits";
import { resultOf } from "#http/response";
import { spec } from "#http/spec";
import type { EgressRequest } from "#kit/capabilities";
import { defineEffect, type EffectContext } from "#kit/executor";
import { pairsOf } from "#kit/pairs";
import { isSuccess, statusError } from "#kit/status-error";
import { withQuery } from "#kit/with-query";

/** Methods whose repetition may do something twice. */
const EFFECTFUL: ReadonlySet<Method> = new Set<Method>(["POST", "PUT", "PATCH", "DELETE"]);

export const executor = defineEffect<Config>(spec, async ({ connection, request, response = {}, failOnStatus = true }, context) => {
  const { method = "GET", url } = request;
  const { as = "auto", maxBytes = DEFAULT_MAX_BYTES } = response;
  const limits = { signal: context.signal, timeoutMs: Math.min(context.timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS) };
  const { egress } = context.capabilities;
  const body = request.body ? await encodeBody(request.body, { egress, limits }) : null;
  const most = as === "file" ? Math.min(maxBytes, MAX_FILE_BYTES) : maxBytes;
  const wire = { ...wireRequest(request, method, body, context), ...(connection !== undefined && { connection }) };
  const answer = await egress.request({ ...wire, ...limits, maxBytes: most });
  if (failOnStatus && !isSuccess(answer.status)) throw statusError(method, url, answer);
  return { verb: "continue", output: resultOf(answer, as, method) };
});

function wireRequest(request: Request, method: Method, body: WireBody | null, { idempotencyKey }: EffectContext): EgressRequest {
  const headers = requestHeaders({
    headers: request.headers ?? {},
    auth: request.auth,
    contentType: body?.contentType ?? null,
    idempotencyKey: EFFECTFUL.has(method) ? idempotencyKey : null,
  });
  const url = withQuery(request.url, pairsOf(request.query ?? {}));
  return { method, url, headers, ...(body && { body: body.content }) };
}
