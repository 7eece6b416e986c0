import type { ErrorBody } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import { EXIT, exitOf } from "#cli/exit-codes";
import { fetchThroughProxy } from "#cli/proxy";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The body exactly as received. */
  readonly text: string;
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
  const { endpoint, apiKey } = await context.connect();
  const url = `${endpoint}${path}${queryText(given.query)}`;
  const body = given.bytes ?? (given.body === undefined ? undefined : JSON.stringify(given.body));
  const request = `${method} ${url}`;
  context.output.trace(`> ${request}`);
  const { response, text } = await send(context, request, url, {
    method,
    headers: {
      ...(apiKey !== null && { Authorization: `Bearer ${apiKey}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...given.headers,
    },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(context.timeoutMs ?? given.timeoutMs ?? DEFAULT_TIMEOUT_MS),
  });
  context.output.trace(`< ${response.status}  ${response.headers.get("x-request-id") ?? ""}`);
  if (!response.ok) throw refusal(response, text, request, apiKey);
  return { status: response.status, headers: response.headers, text, json: text === "" ? null : readJson(text, request) };
}

/** Text of a path's parameter. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

function queryText(query: Call["query"] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

async function send(context: CliContext, request: string, url: string, init: RequestInit): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetchThroughProxy(url, init, context.environment);
    return { response, text: await response.text() };
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

function refusal(response: Response, text: string, request: string, apiKey: string | null): CliError {
  const body = readBody(text);
  const type = body.type?.split("/").at(-1) ?? `http_${response.status}`;
  const retryAfter = response.headers.get("retry-after");
  const hint = hintFor(response.status, apiKey);
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

function hintFor(status: number, apiKey: string | null): string | null {
  if (status === 401 && apiKey === null) return "set MILLRACE_API_KEY, or run the command where millrace dev keeps its keys";
  if (status === 401) return "the key is unknown here: millrace whoami says where it came from";
  return status === 403 ? "this needs a key with another scope: millrace keys create --scope …" : null;
}

function readBody(text: string): Partial<ErrorBody> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Partial<ErrorBody>) : {};
  } catch {
    return {};
  }
}
