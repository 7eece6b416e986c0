import { TerminalError } from "@millrace/engine";
import type { EgressRequest } from "@millrace/nodes";
import { type Credential, checkCredential } from "#egress/credential";
import { checkHeaders, type HeaderFields, TOKEN } from "#egress/headers";
import { DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT_MS, LARGEST_MAX_BYTES, MAX_REDIRECTS, MAX_TIMEOUT_MS } from "#egress/limits";
import type { Hop } from "#egress/redirect";
import { egressDenied } from "#egress/refusal";
import { isRefusal, parseTarget, type Target } from "#egress/target";
import type { RequestWatch } from "#egress/watch";

/** What a room of the server may ask for beyond what a node may. */
export interface GuardedRequest extends EgressRequest {
  /** Headers that this server vouches for (`webhook-id`, …); the other rules for headers hold. */
  readonly serverHeaders?: HeaderFields;
  readonly credential?: Credential;
  /** True for a text that shows something secret of the caller's: no redirect may carry it on to another origin. */
  readonly shows?: (text: string) => boolean;
  /** A longer body is cut at `maxBytes` instead of refused, and left as it came: cut, it could not be decoded. */
  readonly cutsBody?: boolean;
  /** Told of the status and headers of every answer as soon as they are there, whatever becomes of the body. */
  readonly onHead?: OnHead;
  readonly watch?: RequestWatch | undefined;
}

/** A request whose answer is read while it comes. */
export interface OpenRequest extends Omit<GuardedRequest, "cutsBody" | "onHead"> {
  /** The longest silence of the other side, before the head and within the body. Without it only the whole is bounded. */
  readonly idleTimeoutMs?: number;
}

export type OnHead = (status: number, headers: { readonly [name: string]: string }) => void;

export interface Bounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxRedirects: number;
  readonly cutsBody: boolean;
}

/** @throws TerminalError `egress_denied` for the URL or the credential's binding, `type_error` for a method or header. */
export function prepareHop(request: GuardedRequest): Hop {
  const target = readTarget(request.url);
  const method = readMethod(request.method);
  const fields = [...checkHeaders(request.headers ?? [], "caller"), ...checkHeaders(request.serverHeaders ?? [], "server")];
  const body = typeof request.body === "string" ? Buffer.from(request.body) : request.body;
  const { credential, shows } = request;
  if (credential !== undefined) checkCredential(credential, target);
  const carried = fields.length > 0 || body !== undefined || credential !== undefined || shows?.(target.href) === true;
  return { target, method, fields, body, credential, shows, carried };
}

/** @throws TerminalError `type_error` naming the field and its range. */
export function prepareBounds(request: GuardedRequest): Bounds {
  return {
    timeoutMs: wholeNumber("timeoutMs", request.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1, MAX_TIMEOUT_MS),
    maxBytes: wholeNumber("maxBytes", request.maxBytes ?? DEFAULT_MAX_BYTES, 0, LARGEST_MAX_BYTES),
    maxRedirects: wholeNumber("maxRedirects", request.maxRedirects ?? MAX_REDIRECTS, 0, MAX_REDIRECTS),
    cutsBody: request.cutsBody ?? false,
  };
}

/** @throws TerminalError `type_error` */
export function prepareIdle({ idleTimeoutMs }: OpenRequest): number | null {
  return idleTimeoutMs === undefined ? null : wholeNumber("idleTimeoutMs", idleTimeoutMs, 1, MAX_TIMEOUT_MS);
}

function readTarget(url: string): Target {
  const target = parseTarget(url);
  if (isRefusal(target)) throw egressDenied(target);
  return target;
}

function readMethod(text: string): string {
  const method = text.toUpperCase();
  if (TOKEN.test(method) && !REFUSED_METHODS.has(method)) return method;
  throw new TerminalError(
    "type_error",
    `The method ${JSON.stringify(text.slice(0, 40))} cannot be sent; use GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS.`,
  );
}

function wholeNumber(field: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TerminalError("type_error", `${field} must be a whole number from ${least} to ${most}.`);
}

/** They open tunnels or echo the request, credentials included. */
const REFUSED_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);
