import type { IncomingHttpHeaders } from "node:http";
import { type Language, negotiateLanguage } from "@millrace/contract";
import type { Caller } from "#keys/authenticate";
import type { Quota } from "#keys/rate-limiter";
import { RequestError } from "#request-error";
import type { Author } from "#store/author";
import type { OwnedHook } from "#store/hook-store";
import type { LiveWorkflow } from "#workflows/live-workflows";

/** What a request is to the rest of the server, whoever read it from its socket. */
export interface WireRequest {
  readonly id: string;
  /** Path and query, as normalised. */
  readonly url: string;
  readonly protocol: string;
  readonly host: string;
  readonly headers: IncomingHttpHeaders;
  /** The other end of the connection. */
  readonly ip: string;
  /** Set before the body is read, on every route with a key. */
  caller: Caller | null;
  /** The workflow that the key selects, on the run API. */
  workflow: LiveWorkflow | null;
  /** Of a key with a rate limit, once this request was counted. */
  quota: Quota | null;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
    workflow: LiveWorkflow | null;
    quota: Quota | null;
    /** On the routes of hooks, set before the body is read. */
    hook: OwnedHook | null;
  }
}

/** A path as it may be logged: the token of a hook, an approval or a shared run is left out, and so is every query. */
export function loggedPath(url: string): string {
  return pathOf(url).replace(/^(\/(?:hooks|approvals|shared|api\/v1\/shared)\/)[^/]+/, "$1***");
}

export function languageOf(request: WireRequest): Language {
  return negotiateLanguage(request.headers["accept-language"]);
}

export function callerOf(request: WireRequest): Caller {
  if (!request.caller) throw new RequestError("unauthorized");
  return request.caller;
}

/** The caller as whoever makes a change. */
export function authorOf(request: WireRequest): Author {
  const { kind, keyId, name } = callerOf(request);
  return { kind, id: keyId, name };
}

export function workflowOf(request: WireRequest): LiveWorkflow {
  if (!request.workflow) throw new Error(`${request.url} did not select a workflow`);
  return request.workflow;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's request id where it is well formed. */
export function givenRequestId(value: string | string[] | undefined): string | null {
  return typeof value === "string" && REQUEST_ID.test(value) ? value : null;
}

/** One header, or null when it is absent; a repeated one is joined as HTTP says. */
export function header(request: WireRequest, name: string): string | null {
  const value = request.headers[name];
  return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
}

/** `//v1/…` is `/v1/…`, and one trailing slash is none: base URLs that end in a slash are common. */
export function normalisePath(url: string): string {
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  const leading = path.startsWith("//") ? path.replace(/^\/+/, "/") : path;
  const trimmed = leading.length > 1 && leading.endsWith("/") ? leading.slice(0, -1) : leading;
  return query < 0 ? trimmed : trimmed + url.slice(query);
}

/** Without the query: it may hold anything. */
export function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

/** A body that is not sent as it is would have to be unpacked first, and its size is not known before. */
export function assertIdentity(request: WireRequest): void {
  const encoding = header(request, "content-encoding");
  if (encoding === null || encoding.trim().toLowerCase() === "identity" || encoding.trim() === "") return;
  throw new RequestError("invalid_request", { key: "invalid_request.encoding", params: { encoding: encoding.slice(0, 100) } });
}
