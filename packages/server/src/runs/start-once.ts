import { hash } from "node:crypto";
import { canonicalJson, type InvokeRequest, LIMITS } from "@millrace/contract";
import type { Caller } from "#keys/authenticate";
import { RequestError } from "#request-error";
import { type RunRequest, type StartRunPorts, startRun } from "#runs/start-run";
import type { RunHandle } from "#runtime/runtime";
import { IdempotencyKeyTaken } from "#store/errors";
import type { AcceptedUnder, IdempotencyKey, RunStore } from "#store/store";

/** The run of this request, or the id of the one that an equal request began before. */
export type StartedOnce = { readonly handle: RunHandle; readonly earlier: null } | { readonly handle: null; readonly earlier: string };

/**
 * Equal requests under one key are one run. The look-up before spares a repeated request everything else; what makes it so, for requests
 * that come at the same moment, is that key and run are accepted in one transaction. A request that is refused does not use up the key.
 */
export async function startOnce(
  ports: StartRunPorts & { readonly runs: Pick<RunStore, "acceptedUnder"> },
  request: RunRequest & { readonly caller: Caller },
  key: string,
): Promise<StartedOnce> {
  const { tenantId, keyId } = request.caller;
  const at = ports.now();
  const once: IdempotencyKey = { keyId, key, requestHash: hashOf(request), at, forgottenAt: at + LIMITS.idempotencyKept.value };
  const known = await ports.runs.acceptedUnder(tenantId, keyId, key, at);
  if (known) return earlierRun(known, once);
  try {
    return { handle: await startRun(ports, { ...request, once }), earlier: null };
  } catch (error) {
    if (error instanceof IdempotencyKeyTaken) return earlierRun(error, once);
    throw error;
  }
}

function earlierRun({ runId, requestHash }: AcceptedUnder, once: IdempotencyKey): StartedOnce {
  if (requestHash !== once.requestHash) throw new RequestError("idempotency_mismatch");
  return { handle: null, earlier: runId };
}

/** Compared as JSON, with what chooses the workflow and its version beside it. */
function hashOf({ workflow, version, body, startAt }: RunRequest): string {
  const { userId, input, isAsync, webhook }: InvokeRequest = body;
  const webhooks = webhook.map(({ method, url, headers }) => ({ method, url, headers: { ...headers } }));
  return hash(
    "sha256",
    canonicalJson({ workflow: workflow.id, version, userId, input, isAsync, webhooks, ...(startAt !== undefined && { startAt }) }),
    "hex",
  );
}
