import { isJsonObject, type Json } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { CancelSignal } from "@millrace/nodes";
import { MAX_PROVIDER_MESSAGE } from "#models/providers/limits";
import { waitAskedFor } from "#models/providers/retry-wait";
import type { Redaction } from "#models/providers/wire";

export type Failure = TerminalError | RetryableError;

/** An answer that is not a 2xx. */
export interface Refused {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** The beginning of its body, clean. */
  readonly text: string;
}

/** The error for an answer by its status, and where that is not enough by the provider's own word. */
export function refusedBy({ status, headers, text }: Refused): Failure {
  const said = saidIn(parsed(text), text);
  const message = `The model provider answered ${status}${tail(said)}`;
  if (isUsedUp(said)) return usedUp(message);
  if (status === 401 || status === 403 || isWrongKey(said)) return wrongKey(message);
  if (status === 404) return noModel(message);
  if (status === 429) return later("llm_rate_limited", message, waitAskedFor(headers, said.details));
  if (status === 408 || status === 409 || status >= 500) return later("llm_error", message, waitAskedFor(headers, said.details));
  return new TerminalError("llm_error", message);
}

/** The error that a provider puts into a stream that began well. */
export function saidInStream(value: Json): Failure {
  const said = saidIn(value, typeof value === "string" ? value : "");
  const message = `The model provider broke off its answer${tail(said)}`;
  const word = `${said.type} ${said.code}`;
  if (isUsedUp(said)) return usedUp(message);
  if (/authentication|permission|api_key/i.test(word) || isWrongKey(said)) return wrongKey(message);
  if (/not_?found/i.test(word)) return noModel(message);
  if (/rate_?limit|resource_exhausted|\b429\b/i.test(word)) return later("llm_rate_limited", message, waitAskedFor({}, said.details));
  if (/invalid_(request|prompt)|content_(filter|policy)|invalid_argument|\b400\b/i.test(word))
    return new TerminalError("llm_error", message);
  return later("llm_error", message, undefined);
}

function usedUp(message: string): TerminalError {
  return new TerminalError("llm_error", `${message} Its quota is used up: raise it with the provider.`);
}

function wrongKey(message: string): TerminalError {
  return new TerminalError("llm_auth", `${message} Check the credential of the connection.`);
}

function noModel(message: string): TerminalError {
  return new TerminalError("llm_unavailable", `${message} Check the name of the model and the base URL of the connection.`);
}

function later(type: string, message: string, retryAfterMs: number | undefined): RetryableError {
  return new RetryableError(type, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/** The error for what the way out threw. What the caller's signal says stays what it is. */
export function brokenBy(error: unknown, signal: CancelSignal): Failure {
  if (error instanceof TerminalError) {
    return error.type === "http_too_large"
      ? new TerminalError("llm_error", `The model provider's answer is too large. ${error.message}`)
      : error;
  }
  if (error instanceof RetryableError)
    return signal.aborted ? error : new RetryableError("llm_error", `The model provider failed. ${error.message}`);
  throw error;
}

/** The error for what the SDK threw by itself: it cannot say what was asked, or cannot read what was answered. */
export function sdkFailure(error: unknown, redaction: Redaction | null): Failure {
  if (error instanceof TerminalError || error instanceof RetryableError) return error;
  const { name, message: said } = error instanceof Error ? error : new Error(String(error));
  const message = redaction?.text(said) ?? said;
  if (name === "AI_UnsupportedFunctionalityError")
    return new TerminalError("unsupported", `The model provider cannot do this: ${clipped(message)}`);
  if (CALLERS_FAULT.has(name)) return new TerminalError("llm_error", `The call cannot be sent: ${clipped(message)}`);
  return new RetryableError("llm_error", `The answer of the model provider cannot be read: ${clipped(message)}`);
}

const CALLERS_FAULT = new Set([
  "AI_InvalidArgumentError",
  "AI_InvalidPromptError",
  "AI_TooManyEmbeddingValuesForCallError",
  "AI_NoSuchModelError",
]);

interface Said {
  readonly message: string;
  readonly type: string;
  readonly code: string;
  readonly details: Json;
}

/** `{error: {message, type, code}}` (OpenAI, Anthropic), `{error: {message, status, details}}` (Google), `{error: "…"}` (Ollama), `{message}`. */
function saidIn(value: Json, text: string): Said {
  const first = Array.isArray(value) ? (value[0] ?? null) : value;
  const outer = isJsonObject(first) ? first : {};
  const inner = isJsonObject(outer["error"]) ? outer["error"] : isJsonObject(outer["response"]) ? nested(outer["response"]) : outer;
  const message = [inner["message"], outer["error"], outer["detail"], text].find((one) => typeof one === "string" && one.trim() !== "");
  return {
    message: typeof message === "string" ? message.trim() : "",
    type: String(inner["type"] ?? inner["status"] ?? ""),
    code: String(inner["code"] ?? inner["statusCode"] ?? ""),
    details: inner["details"] ?? null,
  };
}

function nested({ error }: { readonly [name: string]: Json }): { readonly [name: string]: Json } {
  return isJsonObject(error) ? error : {};
}

function isUsedUp({ type, code, message }: Said): boolean {
  return /insufficient_quota|billing_(not_active|hard_limit)|credit balance is too low/i.test(`${type} ${code} ${message}`);
}

/** Google answers 400 to a key that it does not know. */
function isWrongKey({ details }: Said): boolean {
  return Array.isArray(details) && details.some((one) => isJsonObject(one) && one["reason"] === "API_KEY_INVALID");
}

function tail({ message }: Said): string {
  let text = clipped(message).trimEnd();
  while (text.endsWith(".")) text = text.slice(0, -1).trimEnd();
  return text === "" ? "." : `: ${text}.`;
}

function clipped(text: string): string {
  return text.length <= MAX_PROVIDER_MESSAGE ? text : `${text.slice(0, MAX_PROVIDER_MESSAGE - 1)}…`;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
