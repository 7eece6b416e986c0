import type { Language, RetryRequest } from "@millrace/contract";
import type { Caller } from "#keys/authenticate";
import { RequestError } from "#request-error";
import { type StartRunPorts, startRun } from "#runs/start-run";
import type { Retry, RunHandle } from "#runtime/runtime";
import type { RunContents, Store } from "#store/store";
import type { LiveWorkflow } from "#workflows/live-workflows";

export interface RetryRunPorts extends StartRunPorts {
  readonly store: Store;
}

export interface RetryRunRequest {
  readonly caller: Caller;
  readonly workflow: LiveWorkflow;
  readonly body: RetryRequest;
  readonly language: Language;
}

/** A new run with the input of one that FAILED, which stays as it is. RequestError where there is nothing to retry. */
export async function retryRun(ports: RetryRunPorts, { caller, workflow, body, language }: RetryRunRequest): Promise<RunHandle> {
  const source = await ports.store.runs.view(caller.tenantId, workflow.id, body.workflowRunId);
  if (!source) throw new RequestError("not_found");
  if (source.status !== "FAILED") throw new RequestError("conflict", { key: "conflict.not_failed" });
  const retry: Retry = { of: source.id, journal: body.from === "failed" ? await journalOf(ports.store, caller.tenantId, source) : null };
  const { userId, input } = source;
  return startRun(ports, {
    caller,
    workflow,
    version: body.version === "same" ? source.version : null,
    body: { userId, input, isAsync: true, webhook: [] },
    language,
    retry,
    origin: { trigger: "retry", id: source.id },
  });
}

async function journalOf({ runs }: Store, tenantId: string, { id, errorType }: RunContents) {
  if (errorType === "journal_corrupt") throw new RequestError("conflict", { key: "conflict.journal" });
  return runs.journal(tenantId, id);
}
