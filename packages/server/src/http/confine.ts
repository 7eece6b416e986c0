import type { FastifyRequest } from "fastify";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { reachedWorkflow } from "#keys/reached-workflows";
import { RequestError } from "#request-error";

/** A workflow in the path that the key is not for is answered like one that does not exist, whatever the route would do with it. */
export async function confine({ workflows }: Pick<HttpPorts, "workflows">, request: FastifyRequest): Promise<void> {
  const caller = callerOf(request);
  const { workflow: named } = request.params as { readonly workflow?: string };
  if (caller.workflowIds === null || named === undefined) return;
  if (!(await reachedWorkflow(workflows, caller, named))) throw new RequestError("not_found", { key: "not_found.workflow" });
}
