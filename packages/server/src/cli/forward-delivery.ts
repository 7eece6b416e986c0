import type { OverheardDelivery } from "@millrace/contract";
import type { ForwardedDelivery } from "#cli/output-schemas";
import { isSigned } from "#cli/webhook-signature";
import type { WorkflowSecrets } from "#cli/workflow-secrets";

/** As long as the server gives a receiver. */
const TIMEOUT_MS = 20_000;

/** Sends a delivery on, as it would have come to the URL, where its signature is that of the workflow. */
export async function forward(secrets: WorkflowSecrets, delivery: OverheardDelivery, url: string): Promise<ForwardedDelivery> {
  const { id, runId, workflowId, status, method } = delivery;
  const at = Date.now();
  const signed = await isGenuine(secrets, delivery);
  const began = performance.now();
  const answer = signed ? await send(delivery, url) : { httpStatus: null, error: "the signature is not that of the workflow" };
  return { at, id, runId, workflowId, status, method, url, signed, ...answer, durationMs: Math.round(performance.now() - began) };
}

/** A secret that was rotated since it was asked for is asked for again. */
async function isGenuine(secrets: WorkflowSecrets, { workflowId, headers, body = "" }: OverheardDelivery): Promise<boolean> {
  return isSigned(headers, body, await secrets.of(workflowId)) || isSigned(headers, body, await secrets.askAgain(workflowId));
}

type Answer = Pick<ForwardedDelivery, "httpStatus" | "error">;

async function send({ method, headers, body, query }: OverheardDelivery, url: string): Promise<Answer> {
  const target = query === undefined ? url : `${url}${url.includes("?") ? "&" : "?"}${query}`;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(target, { method, headers, ...(body !== undefined && { body }), redirect: "manual", signal });
    await response.body?.cancel();
    return { httpStatus: response.status, error: null };
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === "TimeoutError") return { httpStatus: null, error: "no answer in time" };
    return { httpStatus: null, error: cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message };
  }
}
