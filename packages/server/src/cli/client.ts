import type { ErrorBody } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import { EXIT, exitOf } from "#cli/exit-codes";

export interface Reply {
  readonly status: number;
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
  /** Default: the context's. */
  readonly timeoutMs?: number;
}

/** One request to the server. Every answer outside 2xx is a CliError with the server's own words. */
export async function call(context: CliContext, method: string, path: string, given: Call = {}): Promise<Reply> {
  const url = urlOf(context, path, given.query);
  const body = given.bytes ?? (given.body === undefined ? undefined : JSON.stringify(given.body));
  const request = `${method} ${url}`;
  if (context.verbose) context.output.note(`> ${request}`);
  const response = await send(context, request, url, {
    method,
    headers: {
      ...(context.apiKey !== null && { Authorization: `Bearer ${context.apiKey}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...given.headers,
    },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(given.timeoutMs ?? context.timeoutMs),
  });
  const text = await response.text();
  if (context.verbose) context.output.note(`< ${response.status} ${response.headers.get("x-request-id") ?? ""}`);
  if (!response.ok) throw refusal(response, text, request);
  return { status: response.status, text, json: text === "" ? null : JSON.parse(text) };
}

function urlOf(context: CliContext, path: string, query: Call["query"] = {}): string {
  const parameters = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`]));
  return `${context.endpoint.replace(/\/+$/, "")}${path}${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
}

async function send(context: CliContext, request: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const reason = (error as Error).cause instanceof Error ? ((error as Error).cause as Error).message : (error as Error).message;
    throw new CliError("unreachable", `${context.endpoint} cannot be reached (${reason})`, EXIT.unknown, {
      request,
      hint: "start a server with   millrace dev   or name one with --endpoint",
    });
  }
}

function refusal(response: Response, text: string, request: string): CliError {
  const body = parse(text);
  const type = body?.type?.split("/").at(-1) ?? `http_${response.status}`;
  const faults = (body?.errors ?? []).map((fault) => `  ${fault.path} ${fault.code}${fault.message ? `: ${fault.message}` : ""}`);
  const message = [body?.message ?? text.slice(0, 300), ...faults].join("\n");
  const retryAfter = response.headers.get("retry-after");
  return new CliError(type, message, exitOf(response.status), {
    request,
    httpStatus: response.status,
    code: body?.code ?? null,
    ...(body?.requestId !== undefined && { requestId: body.requestId }),
    ...(retryAfter !== null && { retryAfter }),
    ...(response.status === 401 && { hint: "set MILLRACE_API_KEY, or run the command where millrace dev keeps its admin.key" }),
  });
}

function parse(text: string): Partial<ErrorBody> | null {
  try {
    return JSON.parse(text) as Partial<ErrorBody>;
  } catch {
    return null;
  }
}
