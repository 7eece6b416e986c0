import type { AttemptOutcome, AttemptView, DeliveryHeader, OverheardDelivery, WebhookSecretView } from "@millrace/contract";
import type { AttemptRow, DeliveryRow } from "#store/webhook-store";
import type { Overheard } from "#webhooks/listeners";
import type { WorkflowSecret } from "#webhooks/secrets";
import { webhookId } from "#webhooks/webhook-id";

export function deliveryView(row: DeliveryRow): DeliveryHeader {
  return {
    id: webhookId(row.runId, row.ordinal),
    ...(row.alert ? { alertId: row.alert.id } : { runId: row.runId, workflowId: row.workflowId }),
    method: row.method as DeliveryHeader["method"],
    url: row.url,
    state: row.state,
    attemptCount: row.attempts,
    acceptedAt: row.acceptedAt,
    ...(row.dueAt !== null && { nextAttemptAt: row.dueAt }),
    ...(row.endedAt !== null && { endedAt: row.endedAt }),
  };
}

export function attemptView({ startedAt, endedAt, request, response, error }: Omit<AttemptRow, "number">): Omit<AttemptView, "number"> {
  return {
    startedAt,
    durationMs: endedAt - startedAt,
    request: { ...request, method: request.method as AttemptView["request"]["method"] },
    ...(response && { response }),
    ...(error && { error }),
  };
}

/** An attempt without what was sent and answered. */
export function attemptOutcome({ number, startedAt, endedAt, response, error }: AttemptRow): AttemptOutcome {
  return {
    number,
    startedAt,
    durationMs: endedAt - startedAt,
    ...(response && { status: response.status }),
    ...(error && { errorType: error.type }),
  };
}

export function overheardView({ id, run, method, url, query, headers, body }: Overheard): OverheardDelivery {
  return {
    id,
    runId: run.id,
    workflowId: run.workflowId,
    status: run.status as OverheardDelivery["status"],
    method: method as OverheardDelivery["method"],
    ...(url !== null && { url }),
    ...(query !== null && { query }),
    headers,
    ...(body !== null && { body }),
  };
}

export function secretView({ secret, createdAt, previous }: WorkflowSecret): WebhookSecretView {
  return { secret, createdAt, ...(previous && { previousUntil: previous.until }) };
}
