import Type from "typebox";
import { LIMITS } from "#limits";
import { ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import * as V from "#version-endpoints";

const choice = Type.Object({
  "Millrace-Workflow": Type.Optional(Type.String({ description: "Id or name; needed with a key of several workflows." })),
});
const base = { mark: "wide", tag: "Versions", auth: "versions", headers: choice } as const;
const CHOICE_ERRORS = ["workflow_required", "api_disabled", "not_found", "workflow_deleted"] as const;
const ok = { code: 0, message: "OK" } as const;

/** The file, and what a form has around it. */
const FORM_BYTES = LIMITS.flowUploadBytes.value + LIMITS.formBytes.value;
const form = { contentTypes: ["multipart/form-data"], maxBytes: FORM_BYTES } as const;

/** The published endpoints about versions: for scripts that publish workflows. */
export const VERSION_ENDPOINT_ROUTES = [
  {
    ...base,
    id: "importVersion",
    method: "POST",
    path: "/v1/workflow/version/import",
    permission: "edit",
    summary: "Import a file as a version",
    description:
      "It replaces the draft and becomes a version that is not live. A file with a fault changes nothing. The workflow keeps its name.",
    body: { schema: V.ImportVersionForm, ...form },
    responses: {
      200: {
        description: "The version.",
        schema: V.ImportVersionAnswer,
        examples: {
          imported: {
            ...ok,
            data: { botId: ID, botType: "Workflow", version: "1.0.3", warning: "refund: model was empty, default model set" },
          },
        },
      },
    },
    errors: [...CHOICE_ERRORS, "invalid_flow", "file_type_mismatch", "file_unreadable"],
  },
  {
    ...base,
    id: "releaseVersion",
    method: "POST",
    path: "/v1/workflow/version/release",
    permission: "edit",
    summary: "Make a version live",
    description: "An older version too: this is the way back without a copy.",
    body: { schema: V.ReleaseVersionBody, examples: { release: { version: "1.0.3" } } },
    responses: {
      200: {
        description: "The live version.",
        schema: V.ReleaseVersionAnswer,
        examples: { released: { ...ok, data: { version: "1.0.3", previous_version: "1.0.2" } } },
      },
    },
    errors: [...CHOICE_ERRORS, "version_unknown", "invalid_flow"],
  },
  {
    ...base,
    id: "listWorkflowVersions",
    method: "GET",
    path: "/v1/workflow/version/list",
    permission: "view",
    summary: "List the versions of the key's workflow, newest first",
    responses: {
      200: {
        description: "All of them.",
        schema: V.ListedVersionsAnswer,
        examples: {
          listed: {
            ...ok,
            data: [
              {
                id: "66f0c9d1b3d4e5f607182a01",
                bot_id: ID,
                version: "1.0.3",
                version_desc: "",
                version_status: "DRAFT",
                create_time: 1790000500000,
                release_time: null,
                creator_email: "",
              },
            ],
          },
        },
      },
    },
    errors: CHOICE_ERRORS,
  },
  {
    ...base,
    id: "rollbackVersion",
    method: "POST",
    path: "/v1/workflow/version/rollback",
    permission: "edit",
    summary: "Copy a version into a new one",
    description: "To make an older version live without a copy, release it.",
    body: {
      schema: V.RollbackVersionBody,
      examples: { copy: { version: "1.0.1" }, live: { version: "1.0.1", new_version: "1.1.0", release: true } },
    },
    responses: {
      200: {
        description: "The copy.",
        schema: V.RollbackVersionAnswer,
        examples: {
          copied: { ...ok, data: { source_version: "1.0.1", new_version: "1.0.4", created: true, released: false, warnings: [] } },
        },
      },
    },
    errors: [...CHOICE_ERRORS, "version_unknown", "invalid_flow", "conflict"],
  },
  {
    mark: "wide",
    tag: "Organisation",
    auth: "dev",
    permission: "edit",
    audited: false,
    id: "precheckWorkflowImport",
    method: "POST",
    path: "/v1/org/workflow/import/precheck",
    summary: "Check a file before it is imported, change nothing",
    description: "A file with faults is told about in the answer, with HTTP 200.",
    body: { schema: V.PrecheckForm, ...form },
    responses: {
      200: {
        description: "What would come of it.",
        schema: V.PrecheckAnswer,
        examples: {
          valid: {
            ...ok,
            data: {
              valid: true,
              error_message: "",
              export_type: "WORKFLOW",
              bot_type: "Workflow",
              name: "refund",
              logo: "",
              introduction: "",
              format_version: "1.0",
            },
          },
        },
      },
    },
    errors: ["not_found"],
  },
  {
    mark: "wide",
    tag: "Organisation",
    auth: "dev",
    permission: "edit",
    id: "importOrgWorkflow",
    method: "POST",
    path: "/v1/org/workflow/import",
    summary: "Import a file as a new workflow, with a key",
    description: "Its version 1.0.0 is not live until it is released.",
    body: { schema: V.ImportWorkflowForm, ...form },
    responses: {
      200: {
        description: "The workflow; the key is shown this once.",
        schema: V.ImportWorkflowAnswer,
        examples: {
          imported: {
            ...ok,
            data: {
              workflow_id: ID,
              name: "refund",
              api_key: "mr_EXAMPLEexampleEXAMPLEexampleEXAMPLEexamp",
              api_enabled: true,
              version_manage_enabled: false,
              warning: "",
            },
          },
        },
      },
    },
    errors: ["not_found", "invalid_flow", "file_type_mismatch", "file_unreadable", "conflict"],
  },
] as const satisfies readonly Route[];
