import {
  ALERT_KIND_FACTS,
  type AlertKind,
  type CreateAlertBody,
  checkWebhookTarget,
  type Language,
  LIMITS,
  type UpdateAlertBody,
} from "@millrace/contract";
import { messageOf, targetOf } from "#alerts/message";
import { testSentence } from "#alerts/words";
import type { Clock } from "#clock";
import { noteTarget } from "#deed";
import type { Ids } from "#ids";
import { invalidMember, RequestError } from "#request-error";
import type { AlertEventFilter, AlertEventRow, AlertRow, AlertSettings, AlertStore } from "#store/alert-store";
import { NotFound } from "#store/errors";
import type { WorkflowStore } from "#store/store";
import type { WebhookTarget } from "#store/webhook-store";

export interface AlertsPorts<Sent> {
  readonly alerts: AlertStore;
  readonly workflows: WorkflowStore;
  readonly budgets: { list(tenantId: string): Promise<readonly { readonly id: string }[]> };
  readonly ids: Pick<Ids, "objectId" | "uuidv7">;
  readonly clock: Pick<Clock, "now">;
  /** Why a webhook's host must not be called, or null. */
  refuseHost(url: string): string | null;
  /** Is there a server that mail is given to? */
  readonly canMail: boolean;
  /** Sends once, signed, without a trace. */
  send(tenantId: string, target: WebhookTarget, body: string): Promise<Sent>;
}

/** What people do with alerts. */
export class Alerts<Sent> {
  readonly #ports: AlertsPorts<Sent>;

  constructor(ports: AlertsPorts<Sent>) {
    this.#ports = ports;
  }

  list(tenantId: string): Promise<readonly AlertRow[]> {
    return this.#ports.alerts.list(tenantId);
  }

  async get(tenantId: string, id: string): Promise<AlertRow> {
    const row = await this.#ports.alerts.get(tenantId, id);
    if (!row) throw unknownAlert();
    return row;
  }

  events(tenantId: string, filter: AlertEventFilter): Promise<readonly AlertEventRow[]> {
    return this.#ports.alerts.events(tenantId, filter);
  }

  /** Throws RequestError: not_found, conflict, or invalid_request with the member. */
  async create(tenantId: string, given: CreateAlertBody, language: Language): Promise<AlertRow> {
    const { alerts, ids, clock } = this.#ports;
    const { kind } = given;
    const { default: threshold, windowS } = ALERT_KIND_FACTS[kind];
    const subject = await this.#subject(tenantId, given);
    const defaults = {
      name: "",
      threshold: hasThreshold(kind) ? threshold : null,
      windowMs: windowS && windowS.default * 1_000,
      language,
      quietMs: DEFAULT_QUIET_MS,
      enabled: true,
    };
    const settings = this.#settings({ ...defaults, kind, ...subject, channel: given.channel }, given, language);
    const limit = LIMITS.alerts.value;
    if ((await alerts.list(tenantId)).length >= limit) throw new RequestError("conflict", { key: "conflict.alerts", params: { limit } });
    const now = clock.now();
    const row: AlertRow = { ...settings, id: ids.objectId(), state: "ok", firedAt: null, createdAt: now, updatedAt: now };
    noteTarget("alert", row.id);
    await alerts.create(tenantId, row);
    return row;
  }

  async update(tenantId: string, id: string, given: UpdateAlertBody, language: Language): Promise<AlertRow> {
    const { alerts, clock } = this.#ports;
    const settings = this.#settings(settingsOf(await this.get(tenantId, id)), given, language);
    try {
      await alerts.update(tenantId, id, settings, clock.now());
    } catch (error) {
      throw error instanceof NotFound ? unknownAlert() : error;
    }
    return this.get(tenantId, id);
  }

  async delete(tenantId: string, id: string): Promise<void> {
    if (!(await this.#ports.alerts.delete(tenantId, id))) throw unknownAlert();
  }

  /** Sends what the rule would send, marked as a test. Nothing of it is kept. */
  async test(tenantId: string, id: string): Promise<Sent> {
    const { workflows, ids, clock, send } = this.#ports;
    const alert = await this.get(tenantId, id);
    const name = alert.workflowId === null ? null : ((await workflows.get(tenantId, alert.workflowId))?.name ?? null);
    const news = { id: ids.uuidv7(), type: "fired", at: clock.now(), figure: null, test: true, text: testSentence(alert, name) } as const;
    return send(tenantId, targetOf(alert), messageOf(alert, name, news));
  }

  async #subject(tenantId: string, { kind, workflow, budget }: CreateAlertBody): Promise<Pick<AlertRow, "workflowId" | "budgetId">> {
    if (kind === "budget") {
      if (workflow !== undefined) throw invalidMember("/workflow", "A budget says itself of what it is; leave workflow out.");
      if (budget === undefined) return { workflowId: null, budgetId: null };
      const budgets = await this.#ports.budgets.list(tenantId);
      if (!budgets.some(({ id }) => id === budget)) throw new RequestError("not_found", { key: "not_found.budget" });
      return { workflowId: null, budgetId: budget };
    }
    if (budget !== undefined)
      throw invalidMember("/budget", `Only a rule of kind budget has one; leave budget out, or write "kind": "budget".`);
    if (workflow === undefined) return { workflowId: null, budgetId: null };
    const row = await this.#ports.workflows.get(tenantId, workflow);
    if (!row) throw new RequestError("not_found", { key: "not_found.workflow" });
    return { workflowId: row.id, budgetId: null };
  }

  #settings(before: AlertSettings, given: UpdateAlertBody, language: Language): AlertSettings {
    const { kind } = before;
    return {
      ...before,
      name: given.name ?? before.name,
      threshold: given.threshold === undefined ? before.threshold : checkedThreshold(kind, given.threshold),
      windowMs: given.windowS === undefined ? before.windowMs : checkedWindow(kind, given.windowS) * 1_000,
      channel: given.channel === undefined ? before.channel : this.#checkedChannel(given.channel, language),
      language: given.language ?? before.language,
      quietMs: given.quietS === undefined ? before.quietMs : given.quietS * 1_000,
      enabled: given.enabled ?? before.enabled,
    };
  }

  #checkedChannel({ kind, url }: AlertSettings["channel"], language: Language): AlertSettings["channel"] {
    const { refuseHost, canMail } = this.#ports;
    if (kind === "email") return { kind, url: checkedAddresses(url, canMail) };
    const checked = checkWebhookTarget({ method: "POST", url }, { language, refuseHost });
    if (checked.ok) return { kind, url: checked.body.url };
    const errors = checked.faults.map((fault) => ({ ...fault, path: `/channel${fault.path}` }));
    throw new RequestError("invalid_request", { errors });
  }
}

/** One address: what is beside the @ is the mail server's to judge. */
const ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,190}$/;

function checkedAddresses(url: string, canMail: boolean): string {
  if (!canMail) throw invalidMember("/channel/kind", "This server sends no mail: start it with MILLRACE_SMTP_URL.");
  const addresses = url.startsWith("mailto:")
    ? url
        .slice("mailto:".length)
        .split(",")
        .map((address) => address.trim())
    : [];
  const most = LIMITS.alertAddresses.value;
  if (addresses.length === 0 || addresses.length > most || !addresses.every((address) => ADDRESS.test(address)))
    throw invalidMember(
      "/channel/url",
      `channel.url: with email it is mailto: and up to ${most} addresses, such as mailto:ops@example.com.`,
    );
  return `mailto:${addresses.join(",")}`;
}

const DEFAULT_QUIET_MS = 3_600_000;

function hasThreshold(kind: AlertKind): boolean {
  return ALERT_KIND_FACTS[kind].compares !== "window";
}

function checkedThreshold(kind: AlertKind, threshold: number): number {
  const { least, most, unit } = ALERT_KIND_FACTS[kind];
  if (!hasThreshold(kind)) throw invalidMember("/threshold", `A rule of kind ${kind} has no threshold, only windowS; leave threshold out.`);
  if (threshold < least || threshold > most)
    throw invalidMember("/threshold", `threshold: of kind ${kind} it is ${least} to ${most} ${unit}, not ${threshold}.`);
  return threshold;
}

function checkedWindow(kind: AlertKind, windowS: number): number {
  const { windowS: window } = ALERT_KIND_FACTS[kind];
  if (!window) throw invalidMember("/windowS", `A rule of kind ${kind} looks back on no time; leave windowS out.`);
  if (windowS > window.most) throw invalidMember("/windowS", `windowS: of kind ${kind} it is ${window.most} s at most, not ${windowS}.`);
  return windowS;
}

function settingsOf({ id: _, state: __, firedAt: ___, createdAt: ____, updatedAt: _____, ...settings }: AlertRow): AlertSettings {
  return settings;
}

function unknownAlert(): RequestError {
  return new RequestError("not_found", { key: "not_found.alert" });
}
