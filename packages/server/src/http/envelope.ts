import type { FastifyReply } from "fastify";
import type { WorkflowFile } from "#workflows/import-workflow";

/** The answer of a published endpoint beside the run API. */
export function sendEnvelope(reply: FastifyReply, data: object): FastifyReply {
  return reply.send(JSON.stringify({ code: 0, message: "OK", data }));
}

/** Warnings about a file as the one text of its import's answer. */
export function warningText(warnings: WorkflowFile["warnings"]): string {
  return warnings.map(({ nodeId, path, message }) => `${nodeId ?? path}: ${message}`).join("; ");
}
