import type { JsonObject, ReplayBody, ReplayPreview } from "@millrace/contract";
import type { NodePlan } from "@millrace/engine";
import type { FastifyRequest } from "fastify";
import type { Handler } from "#http/handler";
import { callerOf, languageOf } from "#http/request";
import { presentAcknowledgement } from "#runs/present-run";
import { previewReplay as preview, type ReplayRequest, replayRun as replay } from "#runs/replay-run";

export const replayRun: Handler = async (ports, request, reply) => {
  const handle = await replay(ports, requestOf(request));
  return reply.header("x-run-url", ports.runUrl(request, handle.runId)).send(presentAcknowledgement(handle.current()));
};

export const previewReplay: Handler = async (ports, request, reply) => {
  const { version, reused, again } = await preview(ports, requestOf(request));
  const answer: ReplayPreview = {
    version,
    reused: reused.map(({ node, results }) => ({ ...nodeView(node), results })),
    again: again.map((node) => ({ ...nodeView(node), effect: node.spec.effect === "outside" })),
  };
  return reply.send(JSON.stringify(answer));
};

function requestOf(request: FastifyRequest): ReplayRequest {
  const { run: runId } = request.params as { run: string };
  const { from = "failed", version = "same", node, input } = (request.body ?? {}) as ReplayBody;
  return { caller: callerOf(request), runId, from, node, version, input: input as JsonObject | undefined, language: languageOf(request) };
}

function nodeView({ id, name, type }: NodePlan) {
  return { nodeId: id, nodeName: name, nodeType: type };
}
