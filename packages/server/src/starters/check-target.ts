import type { JsonObject, Language } from "@millrace/contract";
import { RequestError } from "#request-error";
import type { WorkflowRow } from "#store/store";
import type { RunnableVersion } from "#workflows/compile-version";
import type { VersionCache } from "#workflows/version-cache";

/** The version that runs would have now, checked with their input: what could never start is refused when it is set up. */
export async function checkTarget(
  ports: { readonly versions: VersionCache },
  tenantId: string,
  workflow: WorkflowRow | null,
  version: string | null,
  input: JsonObject | null,
  language: Language,
): Promise<RunnableVersion> {
  if (!workflow) throw new RequestError("workflow_deleted");
  const name = version ?? workflow.liveVersion;
  if (name === null) throw new RequestError("no_published_version");
  const compiled = await ports.versions.load(tenantId, workflow.id, name);
  if (!compiled) throw new RequestError("version_unknown", { params: { version: name } });
  const checked = input === null ? null : compiled.checkInput(input, language);
  if (checked && !checked.ok) throw new RequestError("invalid_input", { errors: checked.faults });
  return compiled;
}
