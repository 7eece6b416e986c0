import Type from "typebox";
import { DraftConflictSchema } from "#drafts";
import { FileInputObject } from "#file-input";
import { isJsonObject, type Json, type JsonObject, toJsonObject } from "#json";
import * as M from "#management";
import * as P from "#members";
import * as R from "#run";
import * as V from "#versions";
import * as W from "#webhook-views";

/** The error body as a schema; `errorBody` makes one. */
export const ErrorBodySchema = Type.Object(
  {
    code: Type.Integer({ description: "Stable integer; several types may share one." }),
    message: Type.String({ description: "In the language of Accept-Language." }),
    type: Type.String({ pattern: "^/errors/[a-z_]+$" }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599, description: "The HTTP status." }),
    detail: Type.String(),
    instance: Type.String({ description: "Path of the request." }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({ description: "JSON pointer in the body." }),
          code: Type.String(),
          expected: Type.Optional(Type.String()),
          received: Type.Optional(Type.String()),
          message: Type.Optional(Type.String()),
        }),
        { description: "Every fault; with 400 and 422 only." },
      ),
    ),
    draft: Type.Optional(DraftConflictSchema),
    requestId: Type.String(),
  },
  { description: "Body of every answer outside 2xx." },
);

/** Schemas with a name of their own in the description. */
const NAMED: Readonly<Record<string, object>> = {
  InvokeBody: R.InvokeBody,
  WebhookTarget: R.WebhookTarget,
  QueryBody: R.QueryBody,
  RetryBody: R.RetryBody,
  Acknowledgement: R.Acknowledgement,
  HeldAnswer: R.HeldAnswer,
  PendingRun: R.PendingRun,
  RunningRun: R.RunningRun,
  SucceededRun: R.SucceededRun,
  FailedRun: R.FailedRun,
  RunView: R.RunView,
  RunError: R.RunError,
  WaitingFor: R.WaitingFor,
  FileInput: FileInputObject,
  Error: ErrorBodySchema,
  Problem: M.ProblemView,
  WorkflowSummary: M.WorkflowSummary,
  Workflow: M.WorkflowView,
  VersionSummary: V.VersionSummary,
  Version: V.VersionView,
  Run: M.RunDetail,
  RunHeader: M.RunHeader,
  NodeTrace: M.NodeTrace,
  Key: M.KeyView,
  DeliveryHeader: W.DeliveryHeader,
  Delivery: W.DeliveryView,
  DeliveryAttempt: W.AttemptView,
  DisabledEndpoint: W.EndpointView,
  WebhookSecret: W.WebhookSecretView,
  Whoami: M.Whoami,
  Session: P.SessionView,
  Member: P.MemberView,
  Invitation: P.InvitationView,
  AuditEntry: P.AuditView,
};

/** By text, not by identity: making a member optional copies its schema. */
const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(NAMED).map(([name, schema]) => [JSON.stringify(schema), name]));

export const schemaRef = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** Schemas are constants, and a description is made for each key that asks. */
const RENDERED = new WeakMap<object, Json>();

/** A schema as plain JSON, its named parts as references. */
export function renderSchema(schema: object): Json {
  const known = RENDERED.get(schema);
  if (known !== undefined) return known;
  const rendered = render(toJsonObject(schema));
  RENDERED.set(schema, rendered);
  return rendered;
}

function render(value: Json): Json {
  const name = isJsonObject(value) ? NAMES.get(JSON.stringify(value)) : undefined;
  return name === undefined ? renderInside(value) : schemaRef(name);
}

function renderInside(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => render(item));
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, render(item)])) : value;
}

let components: JsonObject | undefined;

export function componentSchemas(): JsonObject {
  components ??= Object.fromEntries(Object.entries(NAMED).map(([name, schema]) => [name, renderInside(toJsonObject(schema))]));
  return components;
}
