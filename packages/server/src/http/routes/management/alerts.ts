import type { AlertEventsQuery, AlertEventView, AlertView, CreateAlertBody, UpdateAlertBody } from "@millrace/contract";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageById } from "#http/views";
import { attemptView, secretView } from "#http/webhook-views";
import type { AlertEventRow, AlertRow } from "#store/alert-store";
import { webhookId } from "#webhooks/webhook-id";
import { ALERTS } from "#webhooks/webhooks";

type SeenOf = ReturnType<HttpPorts["alertWatch"]["seenSoFar"]>;

export const listAlerts: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  const seenOf = ports.alertWatch.seenSoFar();
  const rows = await ports.alerts.list(tenantId);
  return reply.send(JSON.stringify({ data: await Promise.all(rows.map((row) => viewOf(ports, tenantId, row, seenOf))) }));
};

export const createAlert: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  const seenOf = ports.alertWatch.seenSoFar();
  const row = await ports.alerts.create(tenantId, request.body as CreateAlertBody, languageOf(request));
  return reply.code(201).send(JSON.stringify(await viewOf(ports, tenantId, row, seenOf)));
};

export const getAlert: Handler = async (ports, request, reply) => {
  const { alert } = request.params as { alert: string };
  const { tenantId } = callerOf(request);
  const seenOf = ports.alertWatch.seenSoFar();
  const row = await ports.alerts.get(tenantId, alert);
  return reply.send(JSON.stringify(await viewOf(ports, tenantId, row, seenOf)));
};

export const updateAlert: Handler = async (ports, request, reply) => {
  const { alert } = request.params as { alert: string };
  const { tenantId } = callerOf(request);
  const seenOf = ports.alertWatch.seenSoFar();
  const row = await ports.alerts.update(tenantId, alert, (request.body ?? {}) as UpdateAlertBody, languageOf(request));
  return reply.send(JSON.stringify(await viewOf(ports, tenantId, row, seenOf)));
};

export const deleteAlert: Handler = async (ports, request, reply) => {
  const { alert } = request.params as { alert: string };
  await ports.alerts.delete(callerOf(request).tenantId, alert);
  return reply.code(204).send();
};

export const testAlert: Handler = async (ports, request, reply) => {
  const { alert } = request.params as { alert: string };
  const sent = await ports.alerts.test(callerOf(request).tenantId, alert);
  const status = sent.response?.status ?? 0;
  return reply.send(JSON.stringify({ delivered: status >= 200 && status < 300, ...attemptView(sent) }));
};

export const listAlertEvents: Handler = async (ports, request, reply) => {
  const { alert, limit = DEFAULT_PAGE_ROWS, cursor } = request.query as AlertEventsQuery;
  const of = { ...(alert !== undefined && { alertId: alert }), ...(cursor !== undefined && { before: cursor }) };
  const rows = await ports.alerts.events(callerOf(request).tenantId, { limit, ...of });
  return reply.send(JSON.stringify(pageById(rows.map(eventView), limit)));
};

export const getAlertSecret: Handler = async (ports, request, reply) => {
  return reply.send(JSON.stringify(secretView(await ports.webhooks.secrets.of(callerOf(request).tenantId, ALERTS))));
};

export const rotateAlertSecret: Handler = async (ports, request, reply) => {
  return reply.send(JSON.stringify(secretView(await ports.webhooks.secrets.rotate(callerOf(request).tenantId, ALERTS))));
};

async function viewOf({ store }: HttpPorts, tenantId: string, row: AlertRow, seenOf: SeenOf): Promise<AlertView> {
  const { id, name, workflowId, budgetId, threshold, windowMs, firedAt } = row;
  const seen = seenOf(tenantId, id);
  const workflow = workflowId === null ? null : await store.workflows.get(tenantId, workflowId);
  return {
    id,
    ...(name !== "" && { name }),
    kind: row.kind,
    ...(workflowId !== null && { workflowId }),
    ...(workflow && { workflowName: workflow.name }),
    ...(budgetId !== null && { budgetId }),
    ...(threshold !== null && { threshold }),
    ...(windowMs !== null && { windowS: windowMs / 1_000 }),
    channel: row.channel,
    language: row.language,
    quietS: row.quietMs / 1_000,
    enabled: row.enabled,
    state: row.state,
    ...(firedAt !== null && { firedAt }),
    ...(seen && { seenAt: seen.at }),
    figures: [...(seen?.figures ?? [])],
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function eventView({ id, alertId, type, at, figure, text }: AlertEventRow): AlertEventView {
  return { id, alertId, type, at, ...(figure !== null && { figure }), text, deliveryId: webhookId(id, 0) };
}
