import type { Ids } from "#ids";
import { presentRun } from "#runs/present-run";
import type { Sealer } from "#secrets/sealer";
import { ALERTS } from "#store/alert-store";
import type { RunContents, Store } from "#store/store";
import type { WebhookTarget } from "#store/webhook-store";
import { Deliveries } from "#webhooks/deliveries";
import { Dispatcher, type DispatcherPorts } from "#webhooks/dispatcher";
import { Listeners, overheardOf } from "#webhooks/listeners";
import { isMail, type Mail, Mailer, type MailerOptions } from "#webhooks/mailer";
import { signedMessage } from "#webhooks/message";
import { withRun } from "#webhooks/query";
import { WebhookSecrets } from "#webhooks/secrets";
import { type Sent, send } from "#webhooks/sender";

export { ALERTS } from "#store/alert-store";

export interface WebhooksOptions extends Pick<DispatcherPorts, "egress" | "clock" | "log" | "version" | "watchDelivery"> {
  readonly store: Pick<Store, "runs" | "webhooks" | "watch">;
  readonly sealer: Sealer;
  readonly ids: Ids;
  readonly mail: Pick<MailerOptions, "url" | "from" | "connect" | "trust">;
  /** Of one attempt, connecting included. Default: 20 s. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 20_000;

/** The workflow that a test event pretends to come from. */
export interface TestedWorkflow {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** Everything about webhooks that other rooms use. */
export interface Webhooks {
  readonly secrets: WebhookSecrets;
  readonly deliveries: Deliveries;
  readonly listeners: Listeners;
  start(): void;
  close(): Promise<void>;
  /** Sends what an alert would, signed as that is; once, and without a trace. */
  sendAlertTest(tenantId: string, target: WebhookTarget, body: string): Promise<Sent>;
  /** Sends an event of a run that never was, signed as a real one; once, and without a trace. Without a target it goes to those who listen. */
  sendTest(workflow: TestedWorkflow, target: WebhookTarget | null): Promise<Sent | null>;
}

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { store, sealer, ids, clock, version, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { runs, webhooks } = store;
  const secrets = new WebhookSecrets({ store: webhooks, sealer, clock, ids });
  const listeners = new Listeners();
  const mailer = new Mailer({ ...options.mail, timeoutMs, clock });
  const ports = { ...options, timeoutMs, mailer, runs, webhooks, secrets, listeners, watch: store.watch.bind(store) };
  const dispatcher = new Dispatcher(ports);
  const testId = () => `msg_test_${ids.seed()}`;
  return {
    secrets,
    deliveries: new Deliveries(webhooks, clock),
    listeners,
    start: () => dispatcher.start(),
    close: () => dispatcher.close(),
    sendAlertTest: async (tenantId, target, body) => {
      if (isMail(target.url)) return mailer.send(testId(), target.url, JSON.parse(body) as Mail, NEVER);
      const signing = await secrets.signing(tenantId, ALERTS);
      return send(ports, signedMessage({ id: testId(), ...target, body, version }, signing, clock.now()), NEVER);
    },
    sendTest: async (workflow, given) => {
      const run = testRun(workflow, clock.now());
      const { method, url, headers } = given ?? NOWHERE;
      const target = method === "GET" ? { method, url: withRun(url, run), body: null } : { method, url, body: presentRun(run) };
      const signing = await secrets.signing(workflow.tenantId, workflow.id);
      const message = signedMessage({ id: testId(), headers, version, ...target }, signing, run.acceptedAt);
      listeners.tell(workflow.tenantId, () => overheardOf(message, run, given?.url ?? null));
      return given ? send(ports, message, NEVER) : null;
    },
  };
}

const NOWHERE: WebhookTarget = { method: "POST", url: "", headers: {} };

const NEVER = new AbortController().signal;

/** A run id that no run has. */
const TEST_RUN = "00000000-0000-7000-8000-000000000000";

function testRun({ id, name, version }: TestedWorkflow, now: number): RunContents {
  return {
    id: TEST_RUN,
    workflowId: id,
    workflowName: name,
    version,
    userId: null,
    keyId: null,
    origin: null,
    acceptedAt: now,
    status: "SUCCEED",
    startedAt: now,
    endedAt: now,
    executionMs: 0,
    totalCost: 0,
    totalTokens: 0,
    errorType: null,
    input: { test: true },
    output: { test: true },
    error: null,
  };
}
