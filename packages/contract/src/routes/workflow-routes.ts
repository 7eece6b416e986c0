import Type from "typebox";
import { ExportAnswer, ExportQuery } from "#exports";
import * as M from "#management";
import { DOCUMENT_EXAMPLE as document, ID } from "#routes/management-examples";
import type { Route } from "#routes/route";

const workflow = {
  id: ID,
  name: "greet",
  revision: 3,
  liveVersion: "1.0.1",
  apiEnabled: true,
  createdAt: 1790000000000,
  updatedAt: 1790000500000,
};
const SAVED_AT = 1790000500000;
const base = { mark: "own", tag: "Workflows" } as const;

export const WORKFLOW_ROUTES = [
  {
    ...base,
    id: "listWorkflows",
    method: "GET",
    path: "/api/v1/workflows",
    auth: "key:draft",
    permission: "view",
    summary: "List workflows",
    description: "The workflows that the key reaches.",
    query: M.WorkflowsQuery,
    responses: { 200: { description: "One page.", schema: M.WorkflowList, examples: { page: { data: [workflow] } } } },
    errors: [],
  },
  {
    ...base,
    id: "createWorkflow",
    method: "POST",
    path: "/api/v1/workflows",
    auth: "key:admin",
    permission: "edit",
    summary: "Create a workflow",
    description: "The document becomes the draft; it may have faults until it is published.",
    body: { schema: M.CreateWorkflowBody, examples: { create: { document } } },
    responses: { 201: { description: "The workflow.", schema: M.WorkflowView, examples: { created: { ...workflow, document } } } },
    errors: ["invalid_flow", "conflict"],
  },
  {
    ...base,
    id: "getWorkflow",
    method: "GET",
    path: "/api/v1/workflows/{workflow}",
    auth: "key:draft",
    permission: "view",
    summary: "Read a workflow with its draft",
    responses: { 200: { description: "The workflow.", schema: M.WorkflowView, examples: { workflow: { ...workflow, document } } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "saveDraft",
    method: "PUT",
    path: "/api/v1/workflows/{workflow}/draft",
    auth: "key:draft",
    permission: "edit",
    summary: "Save the draft",
    description:
      "With `ifRevision`, refused with 409 when the draft has been saved since; `draft` in its body says whose save came first, and which entry of the history keeps this one.",
    body: { schema: M.SaveDraftBody, examples: { save: { document, ifRevision: 3 } } },
    responses: {
      200: {
        description: "The new revision.",
        schema: M.SaveDraftAnswer,
        examples: { saved: { id: ID, name: "greet", revision: 4, savedAt: SAVED_AT } },
      },
    },
    errors: ["invalid_flow", "not_found", "conflict"],
  },
  {
    ...base,
    id: "updateWorkflow",
    method: "PATCH",
    path: "/api/v1/workflows/{workflow}",
    auth: "key:admin",
    permission: "edit",
    summary: "Switch the run API of a workflow on or off",
    body: { schema: M.UpdateWorkflowBody, examples: { off: { apiEnabled: false } } },
    responses: { 200: { description: "The workflow.", schema: M.WorkflowSummary, examples: { off: { ...workflow, apiEnabled: false } } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "deleteWorkflow",
    method: "DELETE",
    path: "/api/v1/workflows/{workflow}",
    auth: "key:admin",
    permission: "edit",
    summary: "Delete a workflow",
    description: "Runs that were accepted go on to their end; calls with its keys answer `workflow_deleted`.",
    responses: { 204: { description: "Deleted." } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "deploy",
    method: "POST",
    path: "/api/v1/deploy",
    auth: "key:admin",
    permission: "edit",
    summary: "Create or update a workflow by its name",
    body: { schema: M.DeployBody, examples: { deploy: { document, publish: true, note: "first" } } },
    responses: {
      200: {
        description: "What changed.",
        schema: M.DeployAnswer,
        examples: { deployed: { workflows: [{ id: ID, name: "greet", version: "1.0.0", changed: true }] } },
      },
    },
    errors: ["invalid_flow", "conflict"],
  },
  {
    ...base,
    id: "import",
    method: "POST",
    path: "/api/v1/import",
    auth: "key:admin",
    permission: "edit",
    summary: "Import a file",
    description: "The raw body is a .flow file or a workflow document as YAML or JSON.",
    query: M.ImportQuery,
    body: { schema: Type.String(), contentTypes: ["application/octet-stream", "application/yaml", "application/json"] },
    responses: {
      200: {
        description: "What was made of it.",
        schema: M.ImportAnswer,
        examples: { imported: { workflows: [{ id: ID, name: "greet" }], warnings: [] } },
      },
    },
    errors: ["invalid_flow", "file_type_mismatch", "file_unreadable", "conflict"],
  },
  {
    ...base,
    id: "export",
    method: "GET",
    path: "/api/v1/workflows/{workflow}/export",
    auth: "key:draft",
    permission: "view",
    summary: "Export a workflow as a file",
    description:
      "As a document of this server, or as a GPTBots .flow file. What such a file cannot say is refused with `not_exportable`: every reason at once, each with its place.",
    query: ExportQuery,
    responses: {
      200: {
        description: "The file.",
        schema: ExportAnswer,
        examples: { exported: { fileName: "greet.json", content: `${JSON.stringify(document, null, 2)}\n`, warnings: [] } },
      },
    },
    errors: ["not_found", "version_unknown", "no_published_version", "not_exportable"],
  },
  {
    ...base,
    id: "validate",
    audited: false,
    method: "POST",
    path: "/api/v1/validate",
    auth: "key",
    permission: "view",
    summary: "Check a document, change nothing",
    body: { schema: M.ValidateBody, examples: { validate: { document } } },
    responses: {
      200: {
        description: "Every problem; none means that it can be published.",
        schema: M.ValidateAnswer,
        examples: { good: { problems: [] } },
      },
    },
    errors: [],
  },
] as const satisfies readonly Route[];
