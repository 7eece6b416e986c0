import { AlertWatch } from "#alerts/alert-watch";
import { Alerts } from "#alerts/alerts";
import type { House, Surroundings } from "#app/house";
import { createEgress, type EgressGuard } from "#egress/egress";
import { Traces, type TracesPorts } from "#telemetry/traces";
import { Budgets } from "#usage/budgets";
import { UsageReports } from "#usage/usage-reports";
import { createWebhooks, type Webhooks, type WebhooksOptions } from "#webhooks/webhooks";
import type { VersionCache } from "#workflows/version-cache";

/** What may not be called, before anything is. */
export function refusalsOf({ egress, receivers }: Pick<House, "egress" | "receivers">) {
  const by = (way: EgressGuard) => (url: string) => way.checkUrl(url)?.reason ?? null;
  return { refuseHost: by(egress), refuseReceiver: by(receivers) };
}

export function composeWebhooks({ settings, receivers, ...house }: House, traces: Traces | null, surroundings: Surroundings): Webhooks {
  const watchDelivery: WebhooksOptions["watchDelivery"] = traces && ((delivery) => traces.delivery(delivery));
  const mail = mailOf(settings, surroundings);
  return createWebhooks({ ...house, egress: receivers, mail, version: settings.version, watchDelivery, ...surroundings.webhooks });
}

/** The operator named the mail server, so it may be at an address that workflows may not call. */
function mailOf({ smtpUrl, mailFrom, version }: House["settings"], { egress }: Surroundings): WebhooksOptions["mail"] {
  const allow = smtpUrl === null ? "" : new URL(smtpUrl).hostname;
  const { connect } = createEgress({ version, ...egress, allow });
  return { url: smtpUrl, from: mailFrom, connect, trust: egress?.trust };
}

/** What people ask of costs, what they may be, and who is told when these or anything else goes wrong. */
export function composeSpending(house: House, webhooks: Webhooks) {
  const { settings, store, clock, ids, log } = house;
  const budgets = new Budgets({ ...store, ids, clock });
  const ports = { alerts: store.alerts, usage: store.usage, workflows: store.workflows, budgets, clock, ids, log };
  const { refuseReceiver: refuseHost } = refusalsOf(house);
  const alerts = new Alerts({ ...ports, refuseHost, canMail: settings.smtpUrl !== null, send: webhooks.sendAlertTest });
  const alertWatch = new AlertWatch({ ...ports, watch: store.watch.bind(store), days: settings.retentionDays });
  return { budgets, usage: new UsageReports({ ...store, clock }), alerts, alertWatch };
}

/** null: nobody asked for traces, and nothing of a run is done for them. */
export function composeTraces(house: House, versions: VersionCache, surroundings: Surroundings): Traces | null {
  const { settings, store, clock, ids, log, owner } = house;
  const endpoint = settings.otlpEndpoint;
  if (endpoint === null) return null;
  const { host, protocol } = new URL(endpoint);
  // The operator named it, so it may be an address that workflows may not call.
  const allow = /:\d+$/.test(host) ? host : `${host}:${protocol === "https:" ? 443 : 80}`;
  const collector = createEgress({ version: settings.version, ...surroundings.egress, allow });
  const loadPlan: TracesPorts["loadPlan"] = async (...version) => (await versions.load(...version))?.plan ?? null;
  return new Traces({ settings, endpoint, collector, runs: store.runs, clock, ids, owner, log, loadPlan });
}
