import type { EXPORT_FORMATS, ExportAnswer, JsonObject } from "@millrace/contract";
import { RequestError } from "#request-error";
import type { WorkflowStore } from "#store/store";
import type { Authoring } from "#workflows/authoring";

export interface ExportPorts {
  readonly authoring: Authoring;
  readonly workflows: WorkflowStore;
  readonly now: () => number;
}

export interface ExportOptions {
  readonly format?: (typeof EXPORT_FORMATS)[number];
  /** `live`, or the name of a version; absent: the draft. */
  readonly version?: string;
}

/** A workflow as a file that can be imported here, or with `flow` by the vendor. Throws `not_exportable` with all that the format cannot say. */
export async function exportWorkflow(
  ports: ExportPorts,
  tenantId: string,
  idOrName: string,
  options: ExportOptions,
): Promise<ExportAnswer> {
  const { format = "millrace", version } = options;
  const { name, document } = await documentOf(ports, tenantId, idOrName, version);
  if (format === "millrace") return { fileName: fileName(name, "json"), content: fileText(document), warnings: [] };
  const { exportFlow } = await import("#flow/export/export");
  const { file, refusals, warnings } = exportFlow(document, ports.now());
  if (file === null) {
    const errors = refusals.map(({ path, reason, nodeId }) => ({
      path,
      code: "not_exportable",
      message: nodeId === undefined ? reason : `${nodeId}: ${reason}`,
    }));
    throw new RequestError("not_exportable", { errors });
  }
  const told = warnings.map(({ path, reason, nodeId }) => ({ path, message: reason, ...(nodeId !== undefined && { nodeId }) }));
  return { fileName: fileName(name, "flow"), content: fileText(file), warnings: told };
}

async function documentOf({ authoring, workflows }: ExportPorts, tenantId: string, idOrName: string, version: string | undefined) {
  const row = await authoring.get(tenantId, idOrName);
  if (version === undefined) return row;
  const wanted = version === "live" ? row.liveVersion : version;
  if (wanted === null) throw new RequestError("no_published_version");
  const kept = await workflows.version(tenantId, row.id, wanted);
  if (kept === null) throw new RequestError("version_unknown");
  return { name: row.name, document: kept.document };
}

function fileText(document: JsonObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A name may hold what a file's name may not. */
function fileName(name: string, ending: string): string {
  return `${name.replace(/[\\/:*?"<>|\p{Cc}]/gu, "_")}.${ending}`;
}
