import type { TSchema } from "typebox";
import type { WireErrorType } from "#errors";
import type { Json } from "#json";
import type { Permission } from "#roles";
import type { RouteAuth } from "#scopes";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** core: the published run API. wide: the rest of the published surface. own: additive. */
export type RouteMark = "core" | "wide" | "own";

/** Which group of the description a route belongs to. */
export type RouteTag =
  | "Run API"
  | "Versions"
  | "Organisation"
  | "Workflows"
  | "MCP"
  | "Chat completions"
  | "Runs"
  | "Schedules"
  | "Hooks"
  | "Approvals"
  | "Keys"
  | "Webhooks"
  | "Secrets"
  | "Connections"
  | "Knowledge"
  | "Models"
  | "Prices"
  | "Usage"
  | "Alerts"
  | "Tools"
  | "Sessions"
  | "Members"
  | "Audit"
  | "System"
  | "Service";

export interface RouteBody {
  readonly schema: TSchema;
  /** Default: application/json. */
  readonly contentTypes?: readonly string[];
  /** Name -> a body that the server accepts. */
  readonly examples?: { readonly [name: string]: Json };
  readonly required?: boolean;
  /** Of this route; absent: the server's limit of a body. */
  readonly maxBytes?: number;
}

export interface RouteResponse {
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: TSchema;
  readonly examples?: { readonly [name: string]: Json };
  readonly contentTypes?: readonly string[];
}

/** One route of the server, as data: mounted, described, guarded and tested from here. */
export type Route = RouteDescription & RouteGuard;

/** A route that asks for a caller says what he must be allowed at least; without it, the build fails. */
type RouteGuard =
  | { readonly auth: "none"; readonly permission?: undefined }
  | { readonly auth: Exclude<RouteAuth, "none">; readonly permission: Permission };

interface RouteDescription {
  readonly id: string;
  readonly method: Method;
  /** Parameters as `{name}`. */
  readonly path: `/${string}`;
  /** Is it written down in the audit log? Default: where the method is not GET. */
  readonly audited?: boolean;
  readonly mark: RouteMark;
  readonly tag: RouteTag;
  readonly summary: string;
  readonly description?: string;
  /** Object schema; each property is one query parameter, as text on the wire. */
  readonly query?: TSchema;
  /** Object schema of the request headers that mean something here. */
  readonly headers?: TSchema;
  readonly body?: RouteBody;
  /** Successful answers by status. */
  readonly responses: { readonly [status: number]: RouteResponse };
  /** Error types that the route answers besides those of every route. */
  readonly errors: readonly WireErrorType[];
}

/** Errors of every route with a caller; of every route at all: `internal`. */
const CALLER_ERRORS = ["unauthorized", "rate_limited", "overloaded", "draining"] as const satisfies readonly WireErrorType[];

/** Errors of what a browser may be made to ask for: a session's requests, and those that begin one. */
const BROWSER_ERRORS = ["foreign_origin"] as const satisfies readonly WireErrorType[];

/** Does the route take the session of a member? */
export function takesSession({ auth, path }: Route): boolean {
  return auth !== "none" && path.startsWith("/api/");
}

/** Every error type that the route may answer, each once. */
export function routeErrors(route: Route): readonly WireErrorType[] {
  const scope: readonly WireErrorType[] = route.auth.startsWith("key:")
    ? ["scope"]
    : route.auth === "versions"
      ? ["version_permission"]
      : [];
  const role: readonly WireErrorType[] = takesSession(route) && route.permission !== "view" ? ["role"] : [];
  const browser = route.path.startsWith("/api/") ? BROWSER_ERRORS : [];
  const body: readonly WireErrorType[] = route.body === undefined ? [] : ["invalid_request", "invalid_json", "body_too_large"];
  const query: readonly WireErrorType[] = route.query === undefined ? [] : ["invalid_request"];
  const caller = route.auth === "none" ? [] : CALLER_ERRORS;
  return [...new Set<WireErrorType>([...body, ...query, ...route.errors, ...scope, ...role, ...browser, ...caller, "internal"])];
}
