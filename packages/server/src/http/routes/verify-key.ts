import type { FastifyReply, FastifyRequest } from "fastify";
import { chosenWorkflow, permittedWorkflows } from "#http/admit";
import type { HttpPorts } from "#http/ports";
import { callerOf, header } from "#http/request";

/** GET /v1/api-key/verify: what the key is for. Works while the workflow's API is switched off. */
export async function verifyKey(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const caller = callerOf(request);
  const named = header(request, "millrace-workflow") !== null || caller.workflowIds?.length === 1;
  const data = named ? one(await chosenWorkflow(ports, request, caller)) : several(await permittedWorkflows(ports, caller));
  const version_manage_enabled = caller.scopes.includes("version") || caller.scopes.includes("admin");
  const { entity_id, name, api_enabled, live_version, ...more } = data;
  const answer = { entity_type: "workflow", entity_id, name, api_enabled, version_manage_enabled, live_version, ...more };
  return reply.send(JSON.stringify({ code: 0, message: "OK", data: answer }));
}

function one(workflow: Awaited<ReturnType<typeof chosenWorkflow>>) {
  return { entity_id: workflow.id, name: workflow.name, api_enabled: workflow.apiEnabled, live_version: workflow.liveVersion ?? "" };
}

function several(workflows: Awaited<ReturnType<typeof permittedWorkflows>>) {
  return { entity_id: "", name: "", api_enabled: true, live_version: "", workflows: workflows.map(({ id, name }) => ({ id, name })) };
}
