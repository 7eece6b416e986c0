import type { InvokeRequest, Language } from "@millrace/contract";
import type { Ids } from "#ids";
import type { Caller } from "#keys/authenticate";
import { RequestError } from "#request-error";
import type { RunHandle, Runtime } from "#runtime/runtime";
import type { RunnableVersion } from "#workflows/compile-version";
import type { LiveWorkflow } from "#workflows/live-workflows";
import type { VersionCache } from "#workflows/version-cache";

export interface StartRunPorts {
  readonly runtime: Runtime;
  readonly versions: VersionCache;
  readonly ids: Ids;
  readonly now: () => number;
}

/**
 * The one door through which a run comes into being. In order: a version, the input against its Start node, capacity; then the run
 * exists, durably, and is under way. What throws or rejects before leaves nothing behind: RequestError, and whatever the runtime refuses with.
 */
export function startRun(
  ports: StartRunPorts,
  caller: Caller,
  workflow: LiveWorkflow,
  version: string | null,
  request: InvokeRequest,
  language: Language,
): Promise<RunHandle> {
  const name = version ?? workflow.liveVersion;
  if (name === null) throw new RequestError("no_published_version");
  const begin = (compiled: RunnableVersion | null) => {
    if (!compiled) throw new RequestError("version_unknown", { params: { version: name } });
    return beginRun(ports, caller, workflow, name, compiled, request, language);
  };
  const known = ports.versions.peek(caller.tenantId, workflow.id, name);
  return known ? begin(known) : ports.versions.load(caller.tenantId, workflow.id, name).then(begin);
}

function beginRun(
  ports: StartRunPorts,
  caller: Caller,
  workflow: LiveWorkflow,
  version: string,
  compiled: RunnableVersion,
  request: InvokeRequest,
  language: Language,
): Promise<RunHandle> {
  const checked = compiled.checkInput(request.input, language);
  if (!checked.ok) throw new RequestError("invalid_input", { errors: checked.faults });
  const run = {
    id: ports.ids.uuidv7(),
    workflowId: workflow.id,
    workflowName: workflow.name,
    version,
    userId: request.userId,
    keyId: caller.keyId,
    acceptedAt: ports.now(),
  };
  return ports.runtime.start({ tenantId: caller.tenantId, run, version: compiled, input: request.input, startValues: checked.values });
}
