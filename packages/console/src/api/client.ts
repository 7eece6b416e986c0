import type { ErrorBody } from "@millrace/contract";

// The one place where the console speaks to its server: same origin, the session's cookie, errors as errors. The files beside this one give
// each route a function with the contract's types.

/** An answer outside 2xx, in the server's own words (in the language of the page). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** Name of the page that explains it (`/errors/<type>`), or null. */
  readonly type: string | null;
  readonly requestId: string | null;
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly body: Partial<ErrorBody>;

  constructor(status: number, body: Partial<ErrorBody>, retryAfterMs: number | null) {
    super(body.message ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.type = body.type?.split("/").at(-1) ?? null;
    this.requestId = body.requestId ?? null;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer came. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** May the same request succeed later? There was no answer, the server is in trouble, or it asks for patience. */
export function canPass(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500 || error.status === 429;
}

/** One page of a list. */
export interface PageOf<Item> {
  readonly data: readonly Item[];
  /** Asks for the page that follows; absent on the last one. */
  readonly nextCursor?: string;
}

/** A parameter that is absent, null or empty is not sent. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Query;
  /** Sent as JSON; a FormData, Blob or text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** It is sent even if the page is left; browsers take 64 KiB of them at once. */
  readonly keepalive?: boolean;
}

/**
 * One request to the server; the answer's JSON, or undefined where it has no body.
 * @throws ApiError for an answer outside 2xx, UnreachableError where none came
 */
export async function call<Answer>(path: string, options: Call = {}): Promise<Answer> {
  const response = await send(path, options);
  const text = await textOf(response);
  if (!response.ok) throw new ApiError(response.status, parsed(text) ?? {}, retryAfterMs(response));
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

/** The answer as text (Markdown, CSV, a workflow file). */
export async function callText(path: string, options: Call = {}): Promise<string> {
  const response = await send(path, options);
  const text = await textOf(response);
  if (!response.ok) throw new ApiError(response.status, parsed(text) ?? {}, retryAfterMs(response));
  return text;
}

/** The answer as it comes, for streams and for pages that show its head; whoever asks reads the body. */
export async function send(
  path: string,
  { method = "GET", query = {}, body, headers = {}, signal, keepalive = false }: Call,
): Promise<Response> {
  try {
    return await fetch(path + queryText(query), {
      method,
      headers: { Accept: "application/json", ...contentType(body), "Accept-Language": document.documentElement.lang, ...headers },
      ...(body !== undefined && { body: bodyOf(body) }),
      ...(signal && { signal }),
      ...(keepalive && { keepalive }),
      credentials: "same-origin",
      redirect: "error",
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new UnreachableError("no answer", { cause: error });
  }
}

/** Path segments, escaped: `path("api", "v1", "runs", id)`. */
export function path(...segments: readonly string[]): string {
  return `/${segments.map(encodeURIComponent).join("/")}`;
}

function queryText(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

function contentType(body: unknown): Record<string, string> {
  return body === undefined || body instanceof FormData || body instanceof Blob || typeof body === "string"
    ? {}
    : { "Content-Type": "application/json" };
}

function bodyOf(body: unknown): BodyInit {
  return body instanceof FormData || body instanceof Blob || typeof body === "string" ? body : JSON.stringify(body);
}

async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw new UnreachableError("the answer broke off", { cause: error });
  }
}

function parsed(text: string): Partial<ErrorBody> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : null;
}
