import { checkWebhookTarget, type EnableEndpointBody, type Json, type RecoverBody, type TestWebhookBody } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import { noteTarget } from "#deed";
import { openEventStream, QUIET_MS, type StreamedEvent, sendEvents } from "#http/event-stream";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageOf } from "#http/views";
import { attemptOutcome, attemptView, deliveryView, overheardView, secretView } from "#http/webhook-views";
import { RequestError } from "#request-error";
import type { DeliveryRow, DeliveryState, WebhookTarget } from "#store/webhook-store";
import { endpointStats } from "#webhooks/endpoints";
import type { Heard } from "#webhooks/listeners";
import { webhookId } from "#webhooks/webhook-id";
import { ALERTS } from "#webhooks/webhooks";

interface DeliveriesQuery {
  readonly run?: string;
  readonly workflow?: string;
  readonly state?: DeliveryState;
  readonly since?: number;
  readonly attempts?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Attempts of a delivery that a list tells of: a whole schedule. */
const LISTED_ATTEMPTS = 10;

export const listDeliveries: Handler = async (ports, request, reply) => {
  const { run, workflow, state, since, attempts = false, limit = DEFAULT_PAGE_ROWS, cursor } = request.query as DeliveriesQuery;
  const { tenantId } = callerOf(request);
  const workflowId = await idOf(ports, tenantId, workflow);
  const rows = await ports.webhooks.deliveries.list(tenantId, {
    limit,
    ...(run !== undefined && { runId: run }),
    ...(workflowId !== null && { workflowId }),
    ...(state !== undefined && { state }),
    ...(since !== undefined && { since }),
    ...(cursor !== undefined && { cursor }),
  });
  const idOfRow = (row: DeliveryRow): string => webhookId(row.runId, row.ordinal);
  const made = attempts ? await ports.webhooks.deliveries.lastAttempts(tenantId, rows, LISTED_ATTEMPTS) : [];
  const lastAttempts = new Map(made.map((some, index) => [rows[index], some.map(attemptOutcome)]));
  const view = (row: DeliveryRow) => ({ ...deliveryView(row), ...(attempts && { lastAttempts: lastAttempts.get(row) ?? [] }) });
  return reply.send(JSON.stringify(pageOf(rows, limit, view, idOfRow)));
};

export const getDelivery: Handler = async (ports, request, reply) => {
  const { delivery } = request.params as { delivery: string };
  const { tenantId } = callerOf(request);
  const row = await ports.webhooks.deliveries.get(tenantId, delivery);
  const attempts = await ports.webhooks.deliveries.attempts(tenantId, delivery);
  const log = attempts.map(({ number, ...attempt }) => ({ number, ...attemptView(attempt) }));
  return reply.send(JSON.stringify({ ...deliveryView(row), attempts: log }));
};

export const resendDelivery: Handler = async (ports, request, reply) => {
  const { delivery } = request.params as { delivery: string };
  const row = await ports.webhooks.deliveries.resend(callerOf(request).tenantId, delivery);
  return reply.send(JSON.stringify(deliveryView(row)));
};

export const recoverDeliveries: Handler = async (ports, request, reply) => {
  const { since, workflow } = request.body as RecoverBody;
  const { tenantId } = callerOf(request);
  noteTarget("workflow", workflow ?? "all");
  const resent = await ports.webhooks.deliveries.recover(tenantId, since, await idOf(ports, tenantId, workflow));
  return reply.send(JSON.stringify({ resent }));
};

export const listWebhookEndpoints: Handler = async (ports, request, reply) => {
  const { hours = 24 } = request.query as { hours?: number };
  const stats = await endpointStats(ports.store, callerOf(request).tenantId, ports.clock.now() - hours * 3_600_000);
  return reply.send(JSON.stringify(stats));
};

export const listDisabledEndpoints: Handler = async (ports, request, reply) => {
  const rows = await ports.webhooks.deliveries.disabledEndpoints(callerOf(request).tenantId);
  const data = rows.map(({ workflowId, ...row }) => ({ ...(workflowId !== ALERTS && { workflowId }), ...row }));
  return reply.send(JSON.stringify({ data }));
};

export const enableEndpoint: Handler = async (ports, request, reply) => {
  const { workflow, method, url } = request.body as EnableEndpointBody;
  const { tenantId } = callerOf(request);
  const workflowId = (await idOf(ports, tenantId, workflow)) ?? ALERTS;
  // Of an address the host: the rest of it may hold a secret.
  noteTarget("endpoint", URL.parse(url)?.host ?? "");
  await ports.webhooks.deliveries.enable(tenantId, { workflowId, method, url });
  return reply.code(204).send();
};

export const testWebhook: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { tenantId } = callerOf(request);
  const { id, name, liveVersion } = await ports.authoring.get(tenantId, workflow);
  const target = testTarget(ports, request);
  const listeners = ports.webhooks.listeners.count(tenantId);
  const sent = await ports.webhooks.sendTest({ tenantId, id, name, version: liveVersion ?? "draft" }, target);
  const status = sent?.response?.status ?? 0;
  const delivered = sent ? status >= 200 && status < 300 : listeners > 0;
  return reply.send(JSON.stringify({ delivered, listeners, ...(sent && attemptView(sent)) }));
};

/** null: the event is for those who listen. */
function testTarget(ports: HttpPorts, request: FastifyRequest): WebhookTarget | null {
  const given = request.body as TestWebhookBody;
  if (given.url === undefined) {
    const [path] = Object.keys(given);
    if (path !== undefined) throw new RequestError("invalid_request", { errors: [{ path: "/url", code: "required" }] });
    return null;
  }
  const target = { method: "POST", ...given } as Json;
  const checked = checkWebhookTarget(target, { language: languageOf(request), refuseHost: ports.refuseReceiver });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  return checked.body;
}

export const listenToWebhooks: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  const signal = openEventStream(ports, reply);
  const heard = ports.webhooks.listeners.listen(tenantId, { clock: ports.clock, quietMs: QUIET_MS, signal });
  const { id: requestId } = request;
  return sendEvents(reply, heardEvents(heard), (error) => ports.log.error({ err: error, requestId }, "the deliveries cannot be shown"));
};

async function* heardEvents(heard: AsyncIterable<Heard | null>): AsyncGenerator<StreamedEvent | null> {
  for await (const one of heard) {
    if (one === null) yield null;
    else if ("missed" in one) yield { event: "missed", data: JSON.stringify(one) };
    else yield { event: "delivery", data: JSON.stringify(overheardView(one.delivery)) };
  }
}

export const getWebhookSecret: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { tenantId } = callerOf(request);
  const { id } = await ports.authoring.get(tenantId, workflow);
  return reply.send(JSON.stringify(secretView(await ports.webhooks.secrets.of(tenantId, id))));
};

export const rotateWebhookSecret: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { tenantId } = callerOf(request);
  const { id } = await ports.authoring.get(tenantId, workflow);
  return reply.send(JSON.stringify(secretView(await ports.webhooks.secrets.rotate(tenantId, id))));
};

async function idOf(ports: HttpPorts, tenantId: string, workflow: string | undefined): Promise<string | null> {
  return workflow === undefined ? null : (await ports.authoring.get(tenantId, workflow)).id;
}
