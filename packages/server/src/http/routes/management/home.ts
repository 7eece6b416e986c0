import { type HomeView, isJsonObject, type JsonObject, MODEL_PROVIDERS, type TemplateView } from "@millrace/contract";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { authorOf, callerOf, languageOf } from "#http/request";
import { connectionView } from "#http/secret-views";
import type { WorkflowRow } from "#store/store";
import { isUntouched, knowledgeOf, type Template, listTemplates as templates, workflowsOf } from "#templates/templates";
import { useTemplate as makeFrom } from "#templates/use-template";

/** The one that Home runs. */
const FIRST = "today-news";

/** Looked at for the steps, and for what was edited last. */
const LOOKED_AT = 100;
const RECENT = 5;

export const listTemplates: Handler = async (_ports, _request, reply) => {
  const data = await Promise.all((await templates()).map(templateView));
  return reply.send(JSON.stringify({ data }));
};

async function templateView(template: Template): Promise<TemplateView> {
  const { name, workflow, summary } = template;
  const documents = await workflowsOf(template);
  const nodeTypes = [...new Set(nodeTypesOf(documents.at(-1) ?? {}))];
  const calls = documents.slice(0, -1).map((document) => String(document["name"]));
  const knowledge = [...new Set(knowledgeOf(template).map(({ base }) => base))];
  return { name, workflow, summary, nodeTypes, calls, knowledge };
}

function nodeTypesOf(graph: JsonObject): string[] {
  const nodes = (Array.isArray(graph["nodes"]) ? graph["nodes"] : []).filter(isJsonObject);
  return nodes.flatMap((node) => [String(node["type"]), ...(isJsonObject(node["body"]) ? nodeTypesOf(node["body"]) : [])]);
}

export const useTemplate: Handler = async (ports, request, reply) => {
  const { template } = request.params as { template: string };
  const made = await makeFrom(ports, callerOf(request).tenantId, template, { by: authorOf(request), language: languageOf(request) });
  return reply.code(201).send(JSON.stringify(made));
};

export const getHome: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  const workflows = await ports.store.workflows.list(tenantId, { limit: LOOKED_AT });
  const example = (await templates()).find(({ name }) => name === FIRST)?.workflow;
  const first = example === undefined ? null : await ports.authoring.find(tenantId, example);
  const readyMs = ports.readyMs();
  const view: HomeView = {
    ...(readyMs !== null && { readyMs }),
    steps: await stepsOf(ports, tenantId, workflows),
    ...(first && { example: { id: first.id, name: first.name } }),
    recent: await recentOf(ports, tenantId, workflows),
  };
  return reply.send(JSON.stringify(view));
};

async function stepsOf(ports: HttpPorts, tenantId: string, workflows: readonly WorkflowRow[]): Promise<HomeView["steps"]> {
  const { store, refused, connections } = ports;
  const [succeeded, called, requests, known, untouched] = await Promise.all([
    store.runs.list(tenantId, { status: "SUCCEED", limit: 1 }),
    store.runs.list(tenantId, { trigger: "api", limit: 1 }),
    refused.list(tenantId, { limit: 1 }),
    connections.list(tenantId),
    Promise.all(workflows.map(({ document }) => isUntouched(document))),
  ]);
  return {
    ran: succeeded.length > 0,
    called: called.length > 0 || requests.length > 0,
    built: untouched.includes(false),
    connected: known.some((row) => Object.hasOwn(MODEL_PROVIDERS, connectionView(row).provider)),
  };
}

async function recentOf(ports: HttpPorts, tenantId: string, workflows: readonly WorkflowRow[]): Promise<HomeView["recent"]> {
  const newest = workflows.toSorted((a, b) => b.updatedAt - a.updatedAt).slice(0, RECENT);
  return Promise.all(
    newest.map(async (row) => {
      const { id, name, updatedAt, liveVersion } = row;
      const differs = await ports.authoring.differsFromLive(tenantId, row);
      return { id, name, updatedAt, ...(liveVersion !== null && { liveVersion }), differs };
    }),
  );
}
