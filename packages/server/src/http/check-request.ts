import { isJsonObject, type JsonObject, type Route } from "@millrace/contract";
import { checkSchema, Problems } from "@millrace/engine";
import type { FastifyRequest } from "fastify";
import type { TSchema } from "typebox";
import { RequestError } from "#request-error";

/**
 * Bodies of the management API: every fault at once, an unknown member with the name it may have meant. No body is an empty one, and is
 * put in its place.
 */
export function checkRequestBody(route: Route, request: FastifyRequest): void {
  if (!route.body) return;
  request.body ??= {};
  assertFits(route.body.schema, request.body);
}

/** Bodies of the published endpoints, as on the run API: `null` is absent, and what is not known is ignored. */
export function checkPublishedBody(route: Route, request: FastifyRequest): void {
  const { body } = request;
  if (isJsonObject(body)) request.body = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  checkRequestBody(route, request);
}

/** Query parameters are text on the wire; numbers and booleans are read as the schema says, and put back in place. */
export function checkQuery(route: Route, request: FastifyRequest): void {
  const given = isJsonObject(request.query) ? request.query : {};
  const query = route.query ? typed(route.query, given) : {};
  if (route.query) assertFits(route.query, query);
  request.query = query;
}

/** Throws `invalid_request` with every fault. */
export function assertFits(schema: TSchema, value: unknown): void {
  const problems = new Problems();
  if (checkSchema(schema, value, "", problems)) return;
  const errors = problems.list.map(({ path, code, message, hint }) => ({ path, code, message: hint ? `${message} (${hint})` : message }));
  throw new RequestError("invalid_request", { errors });
}

function typed(schema: TSchema, query: JsonObject): JsonObject {
  const properties = (schema as { properties?: { [name: string]: { type?: string } } }).properties ?? {};
  return Object.fromEntries(Object.entries(query).map(([name, text]) => [name, read(properties[name]?.type, text as string)]));
}

function read(type: string | undefined, text: string): string | number | boolean {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "number" && /^\d{1,15}(\.\d{1,12})?$/.test(text)) return Number(text);
  return text;
}
