import { hash } from "node:crypto";
import { isJsonObject, type Json, type JsonObject, type Language, LIMITS } from "@millrace/contract";
import { ExpressionError } from "@millrace/engine";
import type { Logger } from "#log";
import { RequestError } from "#request-error";
import type { StartedOnce } from "#runs/start-once";
import { type StartRunPorts, startRun } from "#runs/start-run";
import type { HookTokens } from "#starters/hooks/hook-tokens";
import { compileMapping, type Received } from "#starters/hooks/mapping";
import { isVerified, type SignedRequest } from "#starters/hooks/verify-sender";
import { IdempotencyKeyTaken } from "#store/errors";
import type { OwnedHook } from "#store/hook-store";
import type { IdempotencyKey, WorkflowStore } from "#store/store";

export interface ReceivePorts extends StartRunPorts {
  readonly tokens: HookTokens;
  readonly workflows: Pick<WorkflowStore, "get">;
  readonly log: Pick<Logger, "error">;
}

/** A request to a hook, read. */
export interface HookRequest extends SignedRequest {
  readonly method: string;
  readonly query: JsonObject;
  /** Reads the body as its Content-Type says; undefined: there is none. Throws RequestError. Not called before the sender is verified. */
  content(): Json | undefined;
  readonly language: Language;
}

/** Starts the run that the request asks for. RequestError where the sender is not who it should be, or its input does not fit. */
export async function receive(ports: ReceivePorts, hook: OwnedHook, request: HookRequest): Promise<StartedOnce> {
  if (!isVerified(hook.verification, secretOf(ports, hook), request))
    throw new RequestError("unauthorized", { key: "unauthorized.signature" });
  const workflow = await ports.workflows.get(hook.tenantId, hook.workflowId);
  if (!workflow) throw unknownHook();
  const once = onceOf(hook, request);
  const run = {
    caller: { tenantId: hook.tenantId, keyId: null },
    workflow,
    version: hook.version,
    body: { userId: null, input: inputOf(ports, hook, request), isAsync: true, webhook: [] },
    language: request.language,
    origin: { trigger: "webhook", id: hook.id },
  } as const;
  try {
    return { handle: await startRun(ports, once ? { ...run, once } : run), earlier: null };
  } catch (error) {
    if (!(error instanceof IdempotencyKeyTaken)) throw error;
    if (error.requestHash !== once?.requestHash) throw new RequestError("idempotency_mismatch");
    return { handle: null, earlier: error.runId };
  }
}

export function unknownHook(): RequestError {
  return new RequestError("not_found", { key: "not_found.hook" });
}

/** null where it is missing or cannot be opened: then nothing is let in. */
function secretOf({ tokens, log }: ReceivePorts, hook: OwnedHook): string | null {
  try {
    return hook.secret === null ? null : tokens.open(hook.tenantId, hook.id, hook.secret);
  } catch (error) {
    log.error({ err: error, hook: hook.id }, "the secret of a hook cannot be opened");
    return null;
  }
}

/** What names one delivery of a sender, so that the same one sent again starts no second run. */
const DELIVERY_HEADERS = { none: null, hmac: null, github: "x-github-delivery", standard: "webhook-id" } as const;

const PRINTABLE = /^[ -~]+$/;

function onceOf(hook: OwnedHook, { headers, body, receivedAt }: HookRequest): IdempotencyKey | null {
  const named = DELIVERY_HEADERS[hook.verification.kind];
  const key = headers["idempotency-key"] ?? (named === null ? undefined : headers[named]);
  if (typeof key !== "string" || key.length > LIMITS.idempotencyKeyCharacters.value || !PRINTABLE.test(key)) return null;
  const forgottenAt = receivedAt + LIMITS.idempotencyKept.value;
  return { keyId: `hook ${hook.id}`, key, requestHash: hash("sha256", body, "hex"), at: receivedAt, forgottenAt };
}

function inputOf({ ids }: ReceivePorts, hook: OwnedHook, request: HookRequest): JsonObject {
  const { query, method, receivedAt } = request;
  const content = request.content();
  if (hook.input === null) {
    if (content === undefined) return query;
    if (isJsonObject(content)) return content;
    throw new RequestError("invalid_request", { message: "body: a JSON object or a form is needed, where the hook has no mapping" });
  }
  const { map, problems } = compileMapping(hook.input);
  if (!map) throw new Error(`the mapping of hook ${hook.id} can no longer be read: ${problems[0]?.message}`);
  const received: Received = { method, query, headers: readable(hook, request), body: content ?? null };
  try {
    return map(received, { now: receivedAt, seed: ids.seed() }) as JsonObject;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new RequestError("invalid_request", { message: `The mapping of the hook does not fit what was sent: ${error.message}` });
  }
}

/** Those that the hook names, and no others. */
function readable({ headers: names }: OwnedHook, { headers }: HookRequest): JsonObject {
  return Object.fromEntries(names.map((name) => [name, typeof headers[name] === "string" ? headers[name] : null]));
}
