import type {
  CreateWorkflowBody,
  DeployBody,
  JsonObject,
  SaveDraftBody,
  UpdateWorkflowBody,
  ValidateBody,
  WorkflowsQuery,
} from "@millrace/contract";
import type { Handler } from "#http/handler";
import { authorOf, callerOf, languageOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, draftSaveView, pageOf, workflowView } from "#http/views";
import { reachedTags, reachedWorkflows } from "#keys/reached-workflows";
import type { WorkflowRow } from "#store/store";

/** Rows of a page when the caller does not say. */
export const listWorkflows: Handler = async (ports, request, reply) => {
  const { limit = DEFAULT_PAGE_ROWS, differs = false, ...page } = request.query as WorkflowsQuery;
  const caller = callerOf(request);
  const rows = await reachedWorkflows(ports.workflows, caller, { limit, ...page });
  const { data, ...next } = pageOf(
    rows,
    limit,
    (row) => row,
    (row) => row.id,
  );
  const view = async (row: WorkflowRow) => ({
    ...workflowView(row),
    ...(differs && { differs: await ports.authoring.differsFromLive(caller.tenantId, row) }),
  });
  return reply.send(JSON.stringify({ data: await Promise.all(data.map(view)), ...next }));
};

/** Tags that one answer names: more than any list of them can show. */
const MAX_TAGS = 1_000;

export const listWorkflowTags: Handler = async (ports, request, reply) => {
  const tags = await reachedTags(ports.workflows, callerOf(request), MAX_TAGS);
  return reply.send(JSON.stringify({ data: tags.map(({ tag, count }) => ({ tag, workflows: count })) }));
};

export const createWorkflow: Handler = async (ports, request, reply) => {
  const { document } = request.body as CreateWorkflowBody;
  const row = await ports.authoring.create(callerOf(request).tenantId, document as JsonObject, { by: authorOf(request) });
  return reply.code(201).send(JSON.stringify({ ...workflowView(row), document: row.document }));
};

export const getWorkflow: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const row = await ports.authoring.get(callerOf(request).tenantId, workflow);
  const saved = await ports.draftHistory.current(callerOf(request).tenantId, row.id);
  const file = ports.fileLinks.get(row.id);
  const more = { ...(saved && { saved: draftSaveView(saved) }), ...(file && { file }) };
  return reply.send(JSON.stringify({ ...workflowView(row), document: row.document, ...more }));
};

export const saveDraft: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { document, ifRevision, editor } = request.body as SaveDraftBody;
  const save = { ifRevision, editor, by: authorOf(request) };
  const saved = await ports.authoring.saveDraft(callerOf(request).tenantId, workflow, document as JsonObject, save);
  return reply.send(JSON.stringify(saved));
};

export const updateWorkflow: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { apiEnabled } = request.body as UpdateWorkflowBody;
  const { tenantId } = callerOf(request);
  if (apiEnabled !== undefined) await ports.authoring.setApiEnabled(tenantId, workflow, apiEnabled);
  return reply.send(JSON.stringify(workflowView(await ports.authoring.get(tenantId, workflow))));
};

export const deleteWorkflow: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  await ports.authoring.delete(callerOf(request).tenantId, workflow);
  return reply.code(204).send();
};

export const validate: Handler = async (ports, request, reply) => {
  const { document } = request.body as ValidateBody;
  const problems = await ports.authoring.validate(callerOf(request).tenantId, document, languageOf(request));
  return reply.send(JSON.stringify({ problems }));
};

export const deploy: Handler = async (ports, request, reply) => {
  const { document, publish = false, dryRun = false, note, ifRevision } = request.body as DeployBody;
  const options = {
    publish,
    dryRun,
    by: authorOf(request),
    language: languageOf(request),
    ...(note !== undefined && { note }),
    ...(ifRevision !== undefined && { ifRevision }),
  };
  const { id, name, version, previousVersion, changed, warnings } = await ports.authoring.deploy(
    callerOf(request).tenantId,
    document as JsonObject,
    options,
  );
  const workflow = {
    ...(id !== null && { id }),
    name,
    ...(version !== null && { version }),
    ...(previousVersion !== null && { previousVersion }),
    changed,
    ...(warnings.length > 0 && { warnings }),
  };
  return reply.send(JSON.stringify({ workflows: [workflow] }));
};
