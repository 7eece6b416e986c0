import { isJsonObject, type JsonObject, LIMITS } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import { sendEnvelope, warningText } from "#http/envelope";
import { errorText } from "#http/errors";
import type { Handler } from "#http/handler";
import type { Form } from "#http/multipart-form";
import type { HttpPorts } from "#http/ports";
import { authorOf, callerOf } from "#http/request";
import { formText, readUpload } from "#http/uploaded-file";
import { invalidMember, RequestError } from "#request-error";
import { readWorkflowFile, type WorkflowFile } from "#workflows/import-workflow";
import { nameOf } from "#workflows/refusals";

const importOrgWorkflow: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  const { bytes, name, fields } = readOrgUpload(request);
  const enabled = isApiEnabled(fields);
  const { document, warnings } = await renamedFile(ports, tenantId, bytes, name);
  const id = ports.ids.objectId();
  const made = enabled ? ports.apiKeys.mint(nameOf(document), id) : null;
  const row = await ports.releases.createWorkflow(tenantId, { document, by: authorOf(request) }, { id, key: made?.row ?? null });
  return sendEnvelope(reply, {
    workflow_id: row.id,
    name: row.name,
    api_key: made?.key ?? "",
    api_enabled: row.apiEnabled,
    version_manage_enabled: false,
    warning: warningText(warnings),
  });
};

const precheckWorkflowImport: Handler = async (ports, request, reply) => {
  const { bytes, name } = readOrgUpload(request);
  const fault = await faultOf(ports, request, bytes, name);
  const root = rootOf(bytes);
  const text = (member: string): string => (typeof root[member] === "string" ? root[member] : "");
  return sendEnvelope(reply, {
    valid: fault === null,
    error_message: fault ?? "",
    export_type: text("exportType"),
    bot_type: text("botType"),
    name: name === "" ? text("name") : name,
    logo: text("logo"),
    introduction: text("introduction"),
    format_version: text("formatVersion"),
  });
};

/** Handlers of the published endpoints of an organisation by route id. */
export const ORG_ENDPOINTS = { importOrgWorkflow, precheckWorkflowImport };

/** A server serves an organisation's DevKeys nothing of another one. */
function readOrgUpload(request: FastifyRequest): ReturnType<typeof readUpload> & { readonly name: string } {
  const upload = readUpload(request);
  const org = upload.fields.get("org_id");
  if (org === undefined) throw invalidMember("/org_id", "org_id: the id of the organisation is needed");
  if (org !== callerOf(request).tenantId) throw new RequestError("not_found", { key: "not_found.organisation" });
  return { ...upload, name: formText(upload.fields, "custom_name", LIMITS.customNameCharacters.value).trim() };
}

async function renamedFile(ports: HttpPorts, tenantId: string, bytes: Buffer, name: string): Promise<WorkflowFile> {
  const { document, warnings } = await readWorkflowFile(ports, tenantId, bytes, ...(name === "" ? [] : [name]));
  return { document: name === "" ? document : { ...document, name }, warnings };
}

/** Why the import would be refused, in the caller's language; null: it would not be. */
async function faultOf(ports: HttpPorts, request: FastifyRequest, bytes: Buffer, name: string): Promise<string | null> {
  const { tenantId } = callerOf(request);
  try {
    const { document } = await renamedFile(ports, tenantId, bytes, name);
    const taken = await ports.workflows.get(tenantId, String(document["name"]));
    if (!taken) return null;
    throw new RequestError("conflict", { key: "conflict.name", params: { name: taken.name } });
  } catch (error) {
    if (error instanceof RequestError) return errorText(error, request);
    throw error;
  }
}

function rootOf(bytes: Buffer): JsonObject {
  try {
    const root: unknown = JSON.parse(bytes.toString("utf8").replace(/^\ufeff/, ""));
    return isJsonObject(root) ? root : {};
  } catch {
    return {};
  }
}

function isApiEnabled(fields: Form["fields"]): boolean {
  const text = fields.get("enable_api") ?? "true";
  if (text !== "true" && text !== "false") throw invalidMember("/enable_api", "enable_api: true or false");
  return text === "true";
}
