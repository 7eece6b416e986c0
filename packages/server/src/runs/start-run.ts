import type { InvokeRequest, Language } from "@millrace/contract";
import type { DraftOptions } from "@millrace/engine";
import { noteTarget } from "#deed";
import type { Ids } from "#ids";
import { RequestError } from "#request-error";
import type { BudgetGate } from "#runtime/budget-gate";
import type { Retry, RunHandle, RunToStart, Runtime } from "#runtime/runtime";
import type { IdempotencyKey, RunOrigin } from "#store/store";
import type { RunnableVersion } from "#workflows/compile-version";
import type { LiveWorkflow } from "#workflows/live-workflows";
import type { VersionCache } from "#workflows/version-cache";

export interface StartRunPorts {
  readonly runtime: Runtime;
  readonly versions: VersionCache;
  readonly ids: Ids;
  readonly spending: Pick<BudgetGate, "refusal">;
  readonly now: () => number;
}

/** On whose behalf a run is started; without a key, something of the server's own starts it. */
export interface Starter {
  readonly tenantId: string;
  readonly keyId: string | null;
}

/** Who asks for which run. */
export interface RunRequest {
  readonly caller: Starter;
  readonly workflow: Pick<LiveWorkflow, "id" | "name" | "liveVersion">;
  /** null: the live one. */
  readonly version: string | null;
  readonly body: InvokeRequest;
  /** Of the messages about the input. */
  readonly language: Language;
  /** Of whoever listens before the run begins; absent: it is made here. */
  readonly id?: string;
  readonly once?: IdempotencyKey;
  readonly retry?: Retry;
  /** Not before this moment, epoch ms, does the run begin. */
  readonly startAt?: number;
  /** The span that asks for the run, where traces are kept. */
  readonly traceparent?: string;
  /** Absent: the run API. */
  readonly origin?: RunOrigin;
  /** Of a run of a draft. */
  readonly draft?: DraftOptions;
}

/**
 * The one door through which a request brings a run into being (a node's is `call-workflow`). In order: a version, the input against its Start node, budgets, capacity; then the run
 * exists, durably, and is under way. What throws or rejects before leaves nothing behind: RequestError, and whatever the runtime refuses with.
 */
export function startRun(ports: StartRunPorts, request: RunRequest): Promise<RunHandle> {
  const { caller, workflow, version } = request;
  const name = version ?? workflow.liveVersion;
  if (name === null) throw new RequestError("no_published_version");
  const begin = (compiled: RunnableVersion | null) => {
    if (!compiled) throw new RequestError("version_unknown", { params: { version: name } });
    return beginRun(ports, request, name, compiled);
  };
  const known = ports.versions.peek(caller.tenantId, workflow.id, name);
  return known ? begin(known) : ports.versions.load(caller.tenantId, workflow.id, name).then(begin);
}

function beginRun(ports: StartRunPorts, request: RunRequest, version: string, compiled: RunnableVersion): Promise<RunHandle> {
  const { caller, workflow, language, once, retry, startAt, traceparent, draft, origin = null } = request;
  const { input, userId, isAsync, webhook } = request.body;
  const checked = compiled.checkInput(input, language);
  if (!checked.ok) throw new RequestError("invalid_input", { errors: checked.faults });
  const run = {
    id: request.id ?? ports.ids.uuidv7(),
    workflowId: workflow.id,
    workflowName: workflow.name,
    version,
    userId,
    keyId: caller.keyId,
    origin,
    acceptedAt: ports.now(),
  };
  noteTarget("started", run.id);
  // A caller that waits for the answer is told by it, and by nothing else.
  const webhooks = isAsync ? webhook : [];
  const start = { tenantId: caller.tenantId, run, version: compiled, input, startValues: checked.values, webhooks };
  const whole =
    !once && !retry && !draft && startAt === undefined && traceparent === undefined
      ? start
      : {
          ...start,
          ...(once && { once }),
          ...(retry && { retry }),
          ...(startAt !== undefined && { startAt }),
          ...(traceparent !== undefined && { traceparent }),
          ...(draft && { draft }),
        };
  return startPaid(ports, whole);
}

/** What is to be paid for begins only where something is left to pay it with. */
function startPaid({ spending, runtime }: StartRunPorts, start: RunToStart): Promise<RunHandle> {
  const { tenantId, run } = start;
  const refusal = spending.refusal({ tenantId, workflowId: run.workflowId, keyId: run.keyId, userId: run.userId });
  if (refusal === null) return runtime.start(start);
  return refusal.then((key) => {
    if (key !== null) throw new RequestError("out_of_credits", { key });
    return runtime.start(start);
  });
}
