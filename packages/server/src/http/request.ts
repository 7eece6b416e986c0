import { type Language, negotiateLanguage } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import type { Caller } from "#keys/authenticate";
import { RequestError } from "#request-error";
import type { LiveWorkflow } from "#workflows/live-workflows";

declare module "fastify" {
  interface FastifyRequest {
    /** Set before the body is read, on every route with a key. */
    caller: Caller | null;
    /** The workflow that the key selects, on the run API. */
    workflow: LiveWorkflow | null;
  }
}

export function languageOf(request: FastifyRequest): Language {
  return negotiateLanguage(request.headers["accept-language"]);
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new RequestError("unauthorized");
  return request.caller;
}

export function workflowOf(request: FastifyRequest): LiveWorkflow {
  if (!request.workflow) throw new Error(`${request.url} did not select a workflow`);
  return request.workflow;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's request id where it is well formed. */
export function givenRequestId(value: string | string[] | undefined): string | null {
  return typeof value === "string" && REQUEST_ID.test(value) ? value : null;
}

/** One header, or null when it is absent; a repeated one is joined as HTTP says. */
export function header(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
}
