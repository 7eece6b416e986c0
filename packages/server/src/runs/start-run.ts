import type { InvokeRequest, Language } from "@millrace/contract";
import type { Ids } from "#ids";
import type { Caller } from "#keys/authenticate";
import { RequestError } from "#request-error";
import { Draining, Overloaded, type RunHandle, type Runtime } from "#runtime/runtime";
import { isPassing } from "#store/errors";
import type { LiveWorkflow } from "#workflows/live-workflows";
import type { VersionCache } from "#workflows/version-cache";

export interface StartRunPorts {
  readonly runtime: Runtime;
  readonly versions: VersionCache;
  readonly ids: Ids;
  readonly now: () => number;
}

/** A full disk needs retention or an operator, a held store its holder: a moment in either case. */
const STORE_RETRY_S = 5;

/**
 * The one door through which a run comes into being. In order: a version, the input against its Start node, capacity; then the run
 * exists, durably, and is under way. Whatever throws before leaves nothing behind.
 */
export async function startRun(
  ports: StartRunPorts,
  caller: Caller,
  workflow: LiveWorkflow,
  version: string | null,
  request: InvokeRequest,
  language: Language,
): Promise<RunHandle> {
  const name = version ?? workflow.liveVersion;
  if (name === null) throw new RequestError("no_published_version");
  const compiled =
    ports.versions.peek(caller.tenantId, workflow.id, name) ?? (await ports.versions.load(caller.tenantId, workflow.id, name));
  if (!compiled) throw new RequestError("version_unknown", { params: { version: name } });
  const checked = compiled.checkInput(request.input, language);
  if (!checked.ok) throw new RequestError("invalid_input", { errors: checked.faults });
  const run = {
    id: ports.ids.uuidv7(),
    workflowId: workflow.id,
    workflowName: workflow.name,
    version: name,
    userId: request.userId,
    keyId: caller.keyId,
    acceptedAt: ports.now(),
  };
  try {
    return await ports.runtime.start({
      tenantId: caller.tenantId,
      run,
      version: compiled,
      input: request.input,
      startValues: checked.values,
    });
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof Overloaded) return later("overloaded", Math.ceil(error.retryAfterMs / 1_000));
  if (error instanceof Draining) return later("draining", 1);
  if (isPassing(error)) return later("overloaded", STORE_RETRY_S);
  return error;
}

function later(type: "overloaded" | "draining", seconds: number): RequestError {
  return new RequestError(type, { retryAfterS: seconds, params: { seconds } });
}
