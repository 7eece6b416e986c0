import { type DiffAnswer, diffSummary, diffWorkflows, type JsonObject, type Language } from "@millrace/contract";
import { RequestError } from "#request-error";
import type { WorkflowRow, WorkflowStore } from "#store/store";

/** What differs between two of `draft`, `live` and the versions of a workflow. Throws `version_unknown`. */
export async function compareVersions(
  workflows: WorkflowStore,
  tenantId: string,
  workflow: WorkflowRow,
  { from, to, language }: { readonly from: string; readonly to: string; readonly language: Language },
): Promise<DiffAnswer> {
  const [before, after] = await Promise.all([from, to].map((reference) => find(workflows, tenantId, workflow, reference)));
  if (!before || !after) throw new Error("two references have two documents");
  const diff = diffWorkflows(before.document, after.document);
  return {
    ...(before.name !== null && { from: before.name }),
    ...(after.name !== null && { to: after.name }),
    summary: diffSummary(diff, language),
    ...diff,
  };
}

interface Found {
  /** null: nothing was published. */
  readonly name: string | null;
  readonly document: JsonObject;
}

async function find(workflows: WorkflowStore, tenantId: string, workflow: WorkflowRow, reference: string): Promise<Found> {
  if (reference === "draft") return { name: "draft", document: workflow.document };
  const version = reference === "live" ? workflow.liveVersion : reference;
  if (version === null) return { name: null, document: emptyWorkflow(workflow.document) };
  const found = await workflows.version(tenantId, workflow.id, version);
  if (!found) throw new RequestError("version_unknown", { params: { version } });
  return { name: version, document: found.document };
}

/** What the first version is compared with: one of the same name that does nothing. */
function emptyWorkflow({ format, name }: JsonObject): JsonObject {
  return { ...(format !== undefined && { format }), ...(name !== undefined && { name }) };
}
