import type { TSchema } from "typebox";
import type { WireErrorType } from "#errors";
import type { Json } from "#json";
import type { RouteAuth } from "#scopes";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** core: the published run API. wide: the rest of the published surface. own: additive. */
export type RouteMark = "core" | "wide" | "own";

/** Which group of the description a route belongs to. */
export type RouteTag = "Run API" | "Workflows" | "Runs" | "Keys" | "Webhooks" | "Secrets" | "Connections" | "Service";

export interface RouteBody {
  readonly schema: TSchema;
  /** Default: application/json. */
  readonly contentTypes?: readonly string[];
  /** Name -> a body that the server accepts. */
  readonly examples?: { readonly [name: string]: Json };
  readonly required?: boolean;
}

export interface RouteResponse {
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: TSchema;
  readonly examples?: { readonly [name: string]: Json };
  readonly contentTypes?: readonly string[];
}

/** One route of the server, as data: mounted, described and tested from here. */
export interface Route {
  readonly id: string;
  readonly method: Method;
  /** Parameters as `{name}`. */
  readonly path: `/${string}`;
  readonly auth: RouteAuth;
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

/** Errors of every route with a key; of every route at all: `internal`. */
const KEY_ERRORS = ["unauthorized", "rate_limited", "overloaded", "draining"] as const satisfies readonly WireErrorType[];

/** Every error type that the route may answer, each once. */
export function routeErrors(route: Route): readonly WireErrorType[] {
  const scope: readonly WireErrorType[] = route.auth.startsWith("key:") ? ["scope"] : [];
  const body: readonly WireErrorType[] = route.body === undefined ? [] : ["invalid_request", "invalid_json", "body_too_large"];
  const query: readonly WireErrorType[] = route.query === undefined ? [] : ["invalid_request"];
  const key = route.auth === "none" ? [] : KEY_ERRORS;
  return [...new Set<WireErrorType>([...body, ...query, ...route.errors, ...scope, ...key, "internal"])];
}
