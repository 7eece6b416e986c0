import Type from "typebox";
import type { Route } from "#routes/route";

export const HealthAnswer = Type.Object({ status: Type.Literal("ok") });
export const ReadyAnswer = Type.Object({
  status: Type.Literal("ok"),
  checks: Type.Record(Type.String(), Type.Literal("ok"), { description: "By check: database, engine, …" }),
});
export const VersionAnswer = Type.Object({
  name: Type.Literal("millrace"),
  version: Type.String(),
  engine: Type.Enum(["embedded", "restate"], { description: "What drives runs." }),
});

export const SERVICE_ROUTES = [
  {
    id: "health",
    method: "GET",
    path: "/healthz",
    auth: "none",
    mark: "own",
    tag: "Service",
    summary: "Is the process alive",
    responses: { 200: { description: "It is.", schema: HealthAnswer, examples: { ok: { status: "ok" } } } },
    errors: [],
  },
  {
    id: "ready",
    method: "GET",
    path: "/readyz",
    auth: "none",
    mark: "own",
    tag: "Service",
    summary: "Can the server take runs",
    responses: {
      200: { description: "It can.", schema: ReadyAnswer, examples: { ok: { status: "ok", checks: { database: "ok", engine: "ok" } } } },
    },
    errors: ["overloaded", "draining"],
  },
  {
    id: "version",
    method: "GET",
    path: "/version",
    auth: "none",
    mark: "own",
    tag: "Service",
    summary: "Version of the server",
    responses: {
      200: {
        description: "The version.",
        schema: VersionAnswer,
        examples: { version: { name: "millrace", version: "0.1.0", engine: "embedded" } },
      },
    },
    errors: [],
  },
  {
    id: "openapi",
    method: "GET",
    path: "/openapi.json",
    auth: "none",
    mark: "own",
    tag: "Service",
    summary: "This description",
    description: "With a key, the inputs and outputs of the workflows that it may invoke are described by their own schemas.",
    responses: { 200: { description: "An OpenAPI 3.1 document.", schema: Type.Unsafe<object>({ type: "object" }) } },
    errors: ["unauthorized", "rate_limited"],
  },
  {
    id: "metrics",
    method: "GET",
    path: "/metrics",
    auth: "none",
    mark: "own",
    tag: "Service",
    summary: "What the server counts, for Prometheus",
    description: "From the server's own machine; from others with the bearer token of MILLRACE_METRICS_TOKEN.",
    responses: {
      200: { description: "The text format, version 0.0.4.", schema: Type.String(), contentTypes: ["text/plain"] },
    },
    errors: ["unauthorized"],
  },
] as const satisfies readonly Route[];
