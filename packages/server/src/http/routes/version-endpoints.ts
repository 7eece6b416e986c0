import { createHash } from "node:crypto";
import { type Language, LIMITS, type ReleaseVersionBody, type RollbackVersionBody } from "@millrace/contract";
import { noteTarget } from "#deed";
import { sendEnvelope, warningText } from "#http/envelope";
import type { Handler } from "#http/handler";
import { authorOf, callerOf, languageOf, workflowOf } from "#http/request";
import { formText, readUpload } from "#http/uploaded-file";
import { noteOf } from "#http/views";
import type { VersionRow } from "#store/version-store";
import { readWorkflowFile } from "#workflows/import-workflow";

const importVersion: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  const { id } = workflowOf(request);
  const { bytes, fields } = readUpload(request);
  const note = formText(fields, "versionDesc", LIMITS.versionNoteCharacters.value);
  const { document, warnings } = await readWorkflowFile(ports, tenantId, bytes, id);
  const version = await ports.releases.importVersion(tenantId, id, { document, note, by: authorOf(request) });
  return sendEnvelope(reply, { botId: id, botType: "Workflow", version, warning: warningText(warnings) });
};

const releaseVersion: Handler = async (ports, request, reply) => {
  const { id } = workflowOf(request);
  const { version } = request.body as ReleaseVersionBody;
  noteTarget("workflow", id);
  const { previousVersion } = await ports.authoring.promote(callerOf(request).tenantId, id, version);
  return sendEnvelope(reply, { version, previous_version: previousVersion ?? "" });
};

const listWorkflowVersions: Handler = async (ports, request, reply) => {
  const { id } = workflowOf(request);
  const rows = await ports.workflows.versions(callerOf(request).tenantId, id);
  return sendEnvelope(
    reply,
    rows.map((row) => listedVersion(id, row, languageOf(request))),
  );
};

const rollbackVersion: Handler = async (ports, request, reply) => {
  const { id } = workflowOf(request);
  const { version: source, new_version = null, release = false, version_desc = "" } = request.body as RollbackVersionBody;
  const copy = { source, name: new_version, live: release, note: version_desc, by: authorOf(request) };
  const { version, warnings } = await ports.releases.copyVersion(callerOf(request).tenantId, id, copy);
  return sendEnvelope(reply, {
    source_version: source,
    new_version: version,
    created: true,
    released: release,
    warnings: warnings.map(({ path, message }) => `${path}: ${message}`),
  });
};

/** Handlers of the published version endpoints by route id. */
export const VERSION_ENDPOINTS = { importVersion, releaseVersion, listWorkflowVersions, rollbackVersion };

function listedVersion(workflowId: string, row: VersionRow, language: Language) {
  const { version, live, by, createdAt, releasedAt } = row;
  return {
    id: idOf(workflowId, version),
    bot_id: workflowId,
    version,
    version_desc: noteOf(row, language),
    version_status: live ? "PUBLISHED" : "DRAFT",
    create_time: createdAt,
    release_time: releasedAt,
    creator_email: by?.kind === "member" ? by.name : "",
  };
}

const ID_CHARACTERS = 24;

/** A version has no id of its own here; its workflow and its name say which it is, for ever. */
function idOf(workflowId: string, version: string): string {
  return createHash("sha256").update(`${workflowId}/${version}`).digest("hex").slice(0, ID_CHARACTERS);
}
