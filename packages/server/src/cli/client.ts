import type { ErrorBody } from "@millrace/contract";
import { acceptLanguage } from "#cli/accept-language";
import { CliError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import { EXIT, exitOf } from "#cli/exit-codes";
import { fetchThroughProxy } from "#cli/proxy";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The body exactly as received. */
  readonly text: string;
  /** null where there is no body, or it was asked for in another form. */
  readonly json: unknown;
}

export interface Call {
  readonly body?: unknown;
  /** Sent as they are. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly headers?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string | number | boolean | undefined };
  /** ms, when `--timeout` is not given. */
  readonly timeoutMs?: number;
}

/** One request without a longer wait of its own. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** One request to the server. Every answer outside 2xx is a CliError with the server's own words. */
export async function call(context: CliContext, method: string, path: string, given: Call = {}): Promise<Reply> {
  const signal = AbortSignal.timeout(context.timeoutMs ?? given.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const asked = await ask(context, method, path, { ...given, signal });
  const { response, request } = asked;
  const text = await reaching(context, request, () => response.text());
  if (!response.ok) throw refusal(asked, text);
  const isJson = text !== "" && given.headers?.["Accept"] === undefined;
  return { status: response.status, headers: response.headers, text, json: isJson ? readJson(text, request) : null };
}

/** The same for an answer that goes on: resolves with its head; its text follows in pieces, and rejects where the connection is lost. */
export async function openStream(context: CliContext, path: string): Promise<AsyncIterable<string>> {
  // Only the head is waited for.
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new DOMException("no answer", "TimeoutError")), context.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const asked = await ask(context, "GET", path, { signal: connecting.signal }).finally(() => clearTimeout(timer));
  if (!asked.response.ok || !asked.response.body) throw refusal(asked, await asked.response.text());
  return asked.response.body.pipeThrough(new TextDecoderStream());
}

interface Asked {
  readonly response: Response;
  readonly request: string;
  readonly apiKey: string | null;
}

async function ask(context: CliContext, method: string, path: string, given: Call & { readonly signal: AbortSignal }): Promise<Asked> {
  const { endpoint, apiKey } = await context.connect();
  const url = `${endpoint}${path}${queryText(given.query)}`;
  const body = given.bytes ?? (given.body === undefined ? undefined : JSON.stringify(given.body));
  const request = `${method} ${url}`;
  const language = acceptLanguage(context.environment);
  const headers = {
    ...(language !== null && { "Accept-Language": language }),
    ...(apiKey !== null && { Authorization: `Bearer ${apiKey}` }),
    ...(body !== undefined && { "Content-Type": "application/json" }),
    ...given.headers,
  };
  context.output.trace(`> ${request}`);
  const init = { method, headers, ...(body !== undefined && { body }), signal: given.signal };
  const response = await reaching(context, request, () => fetchThroughProxy(url, init, context.environment));
  context.output.trace(`< ${response.status}  ${response.headers.get("x-request-id") ?? ""}`);
  return { response, request, apiKey };
}

/** Text of a path's parameter. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

function queryText(query: Call["query"] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

async function reaching<T>(context: CliContext, request: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === "TimeoutError")
      throw new CliError("timeout", "the server did not answer in time", EXIT.unknown, { request, hint: "give it longer with --timeout" });
    const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;
    const { endpoint } = await context.connect();
    throw new CliError("unreachable", `${endpoint} cannot be reached (${reason})`, EXIT.unknown, {
      request,
      hint: "start a server with   millrace dev   or name one with --endpoint",
    });
  }
}

function readJson(text: string, request: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError("invalid_answer", "the answer is not JSON: is this a Millrace server?", EXIT.unknown, { request });
  }
}

function refusal({ response, request, apiKey }: Asked, text: string): CliError {
  const body = readBody(text);
  const type = body.type?.split("/").at(-1) ?? `http_${response.status}`;
  const retryAfter = response.headers.get("retry-after");
  const hint = hintFor(response.status, type, apiKey);
  return new CliError(type, messageOf(body, text, response.status), exitOf(response.status), {
    request,
    httpStatus: response.status,
    code: body.code ?? null,
    ...(body.requestId !== undefined && { requestId: body.requestId }),
    ...(retryAfter !== null && { retryAfter }),
    ...(hint !== null && { hint }),
    ...(body.errors && { errors: body.errors }),
  });
}

/** Faults at other places than the one that the message tells of are told too. */
function messageOf({ message, errors = [] }: Partial<ErrorBody>, text: string, status: number): string {
  const others =
    errors.length > 1
      ? errors.map((fault) => `  ${fault.path} ${fault.code}: ${fault.message ?? `expected ${fault.expected ?? "another value"}`}`)
      : [];
  return [message ?? (text.slice(0, 300) || `HTTP ${status}`), ...others].join("\n");
}

function hintFor(status: number, type: string, apiKey: string | null): string | null {
  if (status === 401 && apiKey === null) return "set MILLRACE_API_KEY, or run the command where millrace dev keeps its keys";
  if (status === 401) return "the key is unknown here: millrace whoami says where it came from";
  return status === 403 && type !== "role" ? "this needs a key with another scope: millrace keys create --scope …" : null;
}

function readBody(text: string): Partial<ErrorBody> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Partial<ErrorBody>) : {};
  } catch {
    return {};
  }
}
