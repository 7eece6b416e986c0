import type { Clock } from "#clock";
import type { RequestWatch } from "#egress/egress";
import { failpoint } from "#failpoint";
import type { Ids } from "#ids";
import { presentRun } from "#runs/present-run";
import { JournalCorrupt } from "#store/errors";
import type { RunContents, RunStore } from "#store/store";
import type { DeliveryOutcome, DeliveryRow, NewAttempt } from "#store/webhook-store";
import { type Listeners, overheardOf } from "#webhooks/listeners";
import { isMail, type Mail, type Mailer } from "#webhooks/mailer";
import { type Message, signedMessage } from "#webhooks/message";
import { outcomeOf } from "#webhooks/outcome";
import { withRun } from "#webhooks/query";
import type { WebhookSecrets } from "#webhooks/secrets";
import { type SenderPorts, type Sent, send } from "#webhooks/sender";
import { webhookId } from "#webhooks/webhook-id";

export interface DeliverPorts extends SenderPorts {
  readonly runs: Pick<RunStore, "view">;
  readonly secrets: WebhookSecrets;
  readonly listeners: Listeners;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "shortId">;
  /** How an attempt is told to the run's trace; null: no traces are kept. */
  readonly watchDelivery: ((delivery: DeliveryRow) => Promise<RequestWatch | undefined>) | null;
  readonly mailer: Mailer;
  /** Of this server. */
  readonly version: string;
}

export interface Attempted {
  readonly attempt: NewAttempt;
  readonly outcome: DeliveryOutcome;
}

/** One attempt, and what follows from it. Rejects when the signal is aborted or the store cannot be read: then nothing follows. */
export async function deliver(ports: DeliverPorts, delivery: DeliveryRow, signal: AbortSignal): Promise<Attempted> {
  const sent = delivery.alert ? await sendAlert(ports, delivery, delivery.alert.body, signal) : await sendRun(ports, delivery, signal);
  const { answer, ...attempt } = sent;
  const tried = { tries: delivery.tries + 1, endedAt: attempt.endedAt, chance: fraction(ports.ids) };
  return { attempt: { tries: delivery.tries, ...attempt }, outcome: outcomeOf(answer, tried) };
}

/** The run as a query answers it; null: its journal is damaged. */
async function readRun({ runs }: DeliverPorts, { tenantId, workflowId, runId }: DeliveryRow): Promise<RunContents | null> {
  try {
    return await runs.view(tenantId, workflowId, runId);
  } catch (error) {
    if (error instanceof JournalCorrupt) return null;
    throw error;
  }
}

async function sendRun(ports: DeliverPorts, delivery: DeliveryRow, signal: AbortSignal): Promise<Sent> {
  const run = await readRun(ports, delivery);
  if (!run) return unreadable(ports, delivery);
  const message = await messageOf(ports, delivery, run);
  const watch = await ports.watchDelivery?.(delivery);
  signal.throwIfAborted();
  ports.listeners.tell(delivery.tenantId, () => overheardOf(message, run, delivery.url));
  failpoint("webhook.beforeSend");
  return send(ports, watch ? { ...message, request: { ...message.request, watch } } : message, signal);
}

/** Whoever listens hears of runs: what an alert tells is for those who asked to be told. */
async function sendAlert(ports: DeliverPorts, delivery: DeliveryRow, body: string, signal: AbortSignal): Promise<Sent> {
  const { tenantId, workflowId, runId, ordinal, method, url, headers } = delivery;
  if (isMail(url)) return ports.mailer.send(webhookId(runId, ordinal), url, JSON.parse(body) as Mail, signal);
  const secrets = await ports.secrets.signing(tenantId, workflowId);
  const unsigned = { id: webhookId(runId, ordinal), method, url, headers, body, version: ports.version };
  const message = signedMessage(unsigned, secrets, ports.clock.now());
  signal.throwIfAborted();
  failpoint("webhook.beforeSend");
  return send(ports, message, signal);
}

async function messageOf(ports: DeliverPorts, delivery: DeliveryRow, run: RunContents): Promise<Message> {
  const { tenantId, workflowId, runId, ordinal, method, url, headers } = delivery;
  const secrets = await ports.secrets.signing(tenantId, workflowId);
  const target = method === "GET" ? { method, url: withRun(url, run), body: null } : { method, url, body: presentRun(run) };
  return signedMessage({ id: webhookId(runId, ordinal), headers, version: ports.version, ...target }, secrets, ports.clock.now());
}

/** Nothing is sent of a run that cannot be read; the schedule gives time to restore it. */
function unreadable({ clock }: DeliverPorts, { method, url }: DeliveryRow): Sent {
  const now = clock.now();
  const error = { type: "journal_corrupt", message: "The run cannot be read, so there is nothing to send." };
  return { startedAt: now, endedAt: now, request: { method, url, headers: {} }, response: null, error, answer: null };
}

/** A number in [0, 1). */
function fraction(ids: Pick<Ids, "shortId">): number {
  return Number.parseInt(ids.shortId().slice(0, 8), 16) / 2 ** 32;
}
