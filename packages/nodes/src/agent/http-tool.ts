import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { TerminalError, textOf } from "@millrace/engine";
import { type HttpTool, type Method, takesBody } from "#agent/config";
import { MAX_ANSWER_BYTES, REQUEST_TIMEOUT_MS } from "#agent/limits";
import { filled, filledUrl, placedIn } from "#agent/placeholders";
import type { ToolUse } from "#agent/tool";
import type { EgressResponse } from "#kit/capabilities";
import { isJsonType, isTextType, parseContentType } from "#kit/media-types";
import { pairsOf } from "#kit/pairs";
import { readJson } from "#kit/read-json";
import { isSuccess, statusError } from "#kit/status-error";
import { decodeUtf8 } from "#kit/utf8";
import { withQuery } from "#kit/with-query";

const MAX_JSON_DEPTH = 100;

/** Methods whose repetition changes nothing. */
const SAFE: ReadonlySet<Method> = new Set<Method>(["GET", "HEAD"]);

/** Sends the request of a tool with what the model gave. @throws what egress throws, and the error of a failing status. */
export async function requestOf(tool: HttpTool, parameters: JsonObject, input: JsonObject, use: ToolUse): Promise<Json> {
  const { method = "GET", connection, headers = {} } = tool;
  const known = new Set(Object.keys(isJsonObject(parameters["properties"] ?? null) ? (parameters["properties"] as JsonObject) : {}));
  const { url, body } = wireOf(tool, input, known);
  const { capabilities, idempotencyKey } = use.own;
  const fields = pairsOf(filled(headers, input, known) as JsonObject);
  const response = await capabilities.egress.request({
    url,
    method,
    ...(connection !== undefined && { connection }),
    headers: [
      ...fields,
      ...(body === undefined ? [] : [["Content-Type", "application/json"] as const]),
      ...(SAFE.has(method) ? [] : [["Idempotency-Key", idempotencyKey] as const]),
    ],
    ...(body !== undefined && { body: textOf([body]).slice(1, -1) }),
    signal: use.signal,
    timeoutMs: use.timeoutMs ?? REQUEST_TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
  });
  if (!isSuccess(response.status)) throw statusError(method, url, response);
  return answerOf(response);
}

/** The parameters in their places; those that have none are the rest of the query, or the body. */
function wireOf(tool: HttpTool, input: JsonObject, known: ReadonlySet<string>): { readonly url: string; readonly body?: Json } {
  const { url, query = {}, headers = {}, body } = tool;
  const placed = placedIn([url, query, headers, body ?? null], known);
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !placed.has(name)));
  const asked = { ...(filled(query, input, known) as JsonObject), ...(!takesBody(tool) && rest) };
  const sent = body === undefined ? (takesBody(tool) ? rest : undefined) : filled(body, input, known);
  return { url: withQuery(filledUrl(url, input, known), pairsOf(asked)), ...(sent !== undefined && { body: sent }) };
}

function answerOf({ status, headers, body }: EgressResponse): Json {
  if (body.length === 0) return { status };
  const { mediaType } = parseContentType(headers["content-type"]);
  if (!isJsonType(mediaType) && !isTextType(mediaType) && mediaType !== "")
    throw new TerminalError("type_error", `The answer is ${mediaType}: only JSON and text can be told to a model.`);
  const text = decodeUtf8(body);
  if (!isJsonType(mediaType)) return text;
  const reading = readJson(text, MAX_JSON_DEPTH);
  return reading.ok ? reading.value : text;
}
