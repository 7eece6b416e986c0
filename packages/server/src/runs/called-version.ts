import { TerminalError } from "@millrace/engine";
import type { WorkflowCall } from "@millrace/nodes";
import type { WorkflowRow } from "#store/store";

export type CalledWorkflow = Pick<WorkflowRow, "id" | "name" | "liveVersion">;

/** Where workflows are found that nodes call, by id or by name. */
export interface CalledWorkflows {
  get(tenantId: string, idOrName: string): Promise<CalledWorkflow | null>;
}

/** Which version a call means: what is live is resolved here. Throws TerminalError `missing_reference`. */
export async function calledVersion(
  workflows: CalledWorkflows,
  tenantId: string,
  { workflow: name, version: asked }: Pick<WorkflowCall, "workflow" | "version">,
): Promise<{ readonly workflow: CalledWorkflow; readonly version: string }> {
  const workflow = await workflows.get(tenantId, name);
  if (!workflow) throw missing(`There is no workflow "${name}".`);
  const version = asked ?? workflow.liveVersion;
  if (version === null) throw missing(`The workflow "${name}" has no published version.`);
  return { workflow, version };
}

/** Throws where there is no such version. */
export function existing<T>(found: T | null, { workflow }: Pick<WorkflowCall, "workflow">, version: string): T {
  if (found) return found;
  throw missing(`The workflow "${workflow}" has no version "${version}".`);
}

function missing(message: string): TerminalError {
  return new TerminalError("missing_reference", message);
}
