import { errorBody } from "#error-body";
import { WIRE_ERRORS, type WireErrorType } from "#errors";
import { type JsonObject, toJsonObject } from "#json";
import { LIMITS } from "#limits";
import { schemaRef } from "#openapi/components";
import { type Route, routeErrors } from "#routes/route";

/** Values for the parameters of every message. */
const PARAMS = {
  limit: LIMITS.bodyBytes.value,
  seconds: 2,
  names: "headline_digest, greet",
  scope: "invoke",
  allow: "POST",
  role: "viewer",
  needed: "editor",
  run: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10",
  reason: "code_error: no luck",
};

const EXAMPLE_FAULT = {
  path: "/input/topic",
  code: "type",
  expected: "string",
  received: "number",
  message: "input.topic: expected string, got number",
};

function exampleOf(type: WireErrorType): JsonObject {
  const errors = type === "invalid_input" ? { errors: [EXAMPLE_FAULT] } : {};
  return toJsonObject(
    errorBody({ type, language: "en", params: PARAMS, instance: "/v1/workflow/invoke", requestId: "req_8f1c2a", ...errors }),
  );
}

/** One example an error type, `error.<type>`. */
export function errorExamples(types: readonly WireErrorType[]): JsonObject {
  return Object.fromEntries(types.map((type) => [`error.${type}`, { summary: WIRE_ERRORS[type].title, value: exampleOf(type) }]));
}

/** The error answers of one status: the same set of types is described once, in `components.responses`. */
interface ErrorGroup {
  readonly status: number;
  readonly types: readonly WireErrorType[];
  readonly contentTypes: readonly string[];
}

/** The run API answers errors as problem+json only when it is asked for. */
function errorGroups(route: Route): readonly ErrorGroup[] {
  const types = routeErrors(route);
  const contentTypes = route.mark === "own" ? ["application/problem+json"] : ["application/json", "application/problem+json"];
  const statuses = [...new Set(types.map((type) => WIRE_ERRORS[type].status))].sort((left, right) => left - right);
  return statuses.map((status) => ({ status, types: types.filter((type) => WIRE_ERRORS[type].status === status), contentTypes }));
}

const groupName = ({ status, types, contentTypes }: ErrorGroup): string =>
  [contentTypes.length > 1 ? "run" : "api", status, ...types].join(".");

/** The error answers of a route, by status. */
export function errorResponses(route: Route): JsonObject {
  return Object.fromEntries(
    errorGroups(route).map((group) => [String(group.status), { $ref: `#/components/responses/${groupName(group)}` }]),
  );
}

/** Every set of error answers that a route has. */
export function errorComponents(routes: readonly Route[]): JsonObject {
  return Object.fromEntries(routes.flatMap((route) => errorGroups(route).map((group) => [groupName(group), errorResponse(group)])));
}

/** Lists its codes and types, one a line. */
function errorResponse({ status, types, contentTypes }: ErrorGroup): JsonObject {
  const codes = [...new Set(types.map((type) => WIRE_ERRORS[type].code))];
  const content = {
    schema: {
      allOf: [schemaRef("Error")],
      properties: { code: { enum: codes }, type: { enum: types.map((type) => `/errors/${type}`) }, status: { const: status } },
    },
    examples: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/examples/error.${type}` }])),
  };
  return {
    description: types.map((type) => `${WIRE_ERRORS[type].code} ${type}: ${WIRE_ERRORS[type].title}.`).join("\n"),
    headers: errorHeaders(status),
    content: Object.fromEntries(contentTypes.map((contentType) => [contentType, content])),
  };
}

function errorHeaders(status: number): JsonObject {
  const header = (name: string): JsonObject => ({ [name]: { $ref: `#/components/headers/${name}` } });
  return {
    ...header("X-Request-Id"),
    ...(status === 401 && header("WWW-Authenticate")),
    ...((status === 429 || status === 503) && header("Retry-After")),
    ...(status === 429 && { ...header("RateLimit-Policy"), ...header("RateLimit") }),
  };
}

export const RESPONSE_HEADERS: JsonObject = {
  "X-Request-Id": { description: "The request's own, if well formed, else made.", schema: { type: "string" } },
  "X-Run-Url": { description: "Page of the run.", schema: { type: "string" } },
  "Idempotent-Replayed": {
    description: "`true` on the answer of an earlier request with the same Idempotency-Key.",
    schema: { type: "string" },
  },
  "WWW-Authenticate": { description: "The scheme that is expected.", schema: { type: "string" } },
  "RateLimit-Policy": { description: "On answers to a key with a rate limit: its requests and seconds.", schema: { type: "string" } },
  RateLimit: { description: "Requests that are left, and seconds until all are.", schema: { type: "string" } },
  "Retry-After": { description: "Seconds to wait, at least 1.", schema: { type: "integer", minimum: 1 } },
};
