import type { AlertChannelKind, AlertKind, Language } from "@millrace/contract";
import type { Period } from "#store/usage-store";
import type { WebhookTarget } from "#store/webhook-store";

/** Rules that tell of what goes wrong, what they told, and what they are judged by. */
export interface AlertStore {
  create(tenantId: string, alert: AlertRow): Promise<void>;
  /** What people set; it is watched anew from then on. Rejects with `NotFound`. */
  update(tenantId: string, id: string, settings: AlertSettings, at: number): Promise<void>;
  /** Its events stay as long as others do, and deliveries that are due go on. False when there is no such rule. */
  delete(tenantId: string, id: string): Promise<boolean>;
  get(tenantId: string, id: string): Promise<AlertRow | null>;
  /** In the order of their making. */
  list(tenantId: string): Promise<readonly AlertRow[]>;
  /** Those that are enabled, of all tenants: whoever watches. A damaged one is left out and logged. */
  watched(): Promise<readonly OwnedAlert[]>;
  /**
   * What a look came to: the new state and, where there is something to tell, the event and its delivery, in one transaction. False, and
   * nothing is written, where the rule is no longer as it was seen: another process has told it, or it was changed.
   */
  settle(tenantId: string, seen: AlertRow, next: AlertStanding, told: ToldAlert | null): Promise<boolean>;
  /** Newest first. */
  events(tenantId: string, filter: AlertEventFilter): Promise<readonly AlertEventRow[]>;
  /** Forgets some of the events before, with their deliveries; false: there were no more. */
  prune(before: number): Promise<boolean>;
  /**
   * Runs that were accepted in one time and ended in another, by workflow and class of duration. Those of drafts and those that somebody
   * cancelled are left out.
   */
  endings(tenantId: string, accepted: Period, ended: Period): Promise<readonly EndingTally[]>;
  /** When the newest run was accepted, those of drafts left out; null: there is none. */
  lastAcceptedAt(tenantId: string, workflowId: string | null): Promise<number | null>;
  /** Of the last runs that have ended, in the order of their acceptance, how many failed in a row; `most` are looked at. The same are left out. */
  failuresInARow(tenantId: string, workflowId: string | null, most: number): Promise<number>;
  /** Deliveries of runs that were given up since, or that are due again after an attempt. */
  failingDeliveries(tenantId: string, workflowId: string | null, since: number): Promise<number>;
}

export interface AlertSettings {
  /** "": none. */
  readonly name: string;
  readonly kind: AlertKind;
  /** null: all together. */
  readonly workflowId: string | null;
  /** Of kind budget; null: any. */
  readonly budgetId: string | null;
  /** null: the kind has none. */
  readonly threshold: number | null;
  readonly windowMs: number | null;
  readonly channel: { readonly kind: AlertChannelKind; readonly url: string };
  /** Of what it tells people. */
  readonly language: Language;
  readonly quietMs: number;
  readonly enabled: boolean;
}

export interface AlertStanding {
  readonly state: "ok" | "firing";
  /** When it last fired. */
  readonly firedAt: number | null;
}

export interface AlertRow extends AlertSettings, AlertStanding {
  /** 24 hex characters. */
  readonly id: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface OwnedAlert extends AlertRow {
  readonly tenantId: string;
}

export interface AlertEventRow {
  /** UUIDv7. */
  readonly id: string;
  readonly alertId: string;
  readonly type: "fired" | "recovered";
  readonly at: number;
  /** What was seen, in the unit of the rule's kind; null: nothing. */
  readonly figure: number | null;
  readonly text: string;
}

export interface ToldAlert {
  readonly event: AlertEventRow;
  readonly target: WebhookTarget;
  readonly body: string;
}

export interface AlertEventFilter {
  readonly limit: number;
  readonly alertId?: string;
  /** Older than this event. */
  readonly before?: string;
}

export interface EndingTally {
  readonly workflowId: string;
  /** `CLASSES_PER_OCTAVE` times the binary logarithm of the ms + 1, rounded down. */
  readonly durationClass: number;
  readonly ended: number;
  readonly failed: number;
}

/** A class is 1.1 % wide. */
export const CLASSES_PER_OCTAVE = 64;

/** What deliveries of alerts have in place of a workflow: it has their secret and their disabled endpoints. */
export const ALERTS = "alerts";
