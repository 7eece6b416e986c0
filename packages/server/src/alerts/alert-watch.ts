import { verdictOf } from "#alerts/judge";
import { Look, type LookPorts } from "#alerts/look";
import { messageOf, targetOf } from "#alerts/message";
import { sentenceOf } from "#alerts/words";
import type { Clock } from "#clock";
import type { Ids } from "#ids";
import type { Logger } from "#log";
import type { AlertEventRow, OwnedAlert, ToldAlert } from "#store/alert-store";
import { StoreClosed } from "#store/errors";
import type { Store, WorkflowStore } from "#store/store";

/** Between two looks at every rule. */
const LOOK_EVERY_MS = 30_000;

/** Figures that are remembered of each rule: of half an hour. */
const REMEMBERED = 60;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface AlertWatchPorts extends LookPorts {
  readonly workflows: Pick<WorkflowStore, "get">;
  readonly watch: Store["watch"];
  readonly clock: Clock;
  readonly ids: Pick<Ids, "uuidv7">;
  readonly log: Pick<Logger, "error">;
  /** Events are kept this long; 0: for ever. */
  readonly days: number;
}

/** What the last looks at a rule saw, the last one last; null: too little to say. */
export interface Seen {
  /** When the last one was. */
  readonly at: number;
  readonly figures: readonly (number | null)[];
}

/** Looks at the rules of all tenants as long as there are any, and tells what follows. Whoever looks beside it tells nothing twice. */
export class AlertWatch {
  readonly #ports: AlertWatchPorts;
  readonly #seen = new Map<string, Seen>();
  #looking: Promise<void> | null = null;
  #again = false;
  #closed = false;
  #prunedAt = 0;
  #disarm = (): void => undefined;
  #unwatch = (): void => undefined;
  #heard = (_id: string): void => undefined;

  constructor(ports: AlertWatchPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#closed = false;
    this.#unwatch = this.#ports.watch(({ kind }) => kind === "alert" && this.#wake());
    this.#wake();
  }

  /** Resolves when nothing is looked at any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unwatch();
    this.#disarm();
    await this.#looking;
  }

  /** What was seen until now: a rule that is read after this shows what came of it. null: nobody has looked at the rule since the server began. */
  seenSoFar(): (tenantId: string, id: string) => Seen | null {
    const seen = new Map(this.#seen);
    return (tenantId, id) => seen.get(keyOf({ tenantId, id })) ?? null;
  }

  /** Calls back with the id of each rule after a look at it. */
  watchLooks(heard: (id: string) => void): void {
    this.#heard = heard;
  }

  /** However often it is called, one look is under way and one more waits. */
  #wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#looking ??= this.#lookAgain().finally(() => {
      this.#looking = null;
      if (this.#again) this.#wake();
    });
  }

  async #lookAgain(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      this.#disarm();
      const next = this.#ports.clock.now() + LOOK_EVERY_MS;
      if (await this.#look()) this.#disarm = this.#ports.clock.at(next, () => this.#wake());
    }
  }

  /** False: there is nothing to look at until somebody makes a rule. */
  async #look(): Promise<boolean> {
    const { alerts, clock, log } = this.#ports;
    try {
      const now = clock.now();
      await this.#prune(now);
      const rules = await alerts.watched();
      this.#forget(rules);
      const look = new Look(this.#ports, now);
      for (const rule of rules) if (!this.#closed) await this.#lookAt(rule, look, now);
      return rules.length > 0;
    } catch (error) {
      if (error instanceof StoreClosed) return false;
      log.error({ err: error }, "the alerts cannot be looked at");
      return true;
    }
  }

  /** One that cannot be judged holds up none of the others. */
  async #lookAt(rule: OwnedAlert, look: Look, now: number): Promise<void> {
    try {
      const figure = await look.figure(rule);
      const verdict = verdictOf(rule, figure, now);
      if (verdict) {
        const told = await this.#told(rule, { type: verdict.tells, at: now, figure });
        await this.#ports.alerts.settle(rule.tenantId, rule, verdict.next, told);
      }
      this.#remember(rule, figure, now);
      this.#heard(rule.id);
    } catch (error) {
      if (error instanceof StoreClosed) return;
      this.#ports.log.error({ err: error, alert: rule.id }, "an alert cannot be looked at");
    }
  }

  async #told(rule: OwnedAlert, news: Pick<AlertEventRow, "type" | "at" | "figure">): Promise<ToldAlert> {
    const { tenantId, workflowId, id } = rule;
    const workflow = workflowId === null ? null : await this.#ports.workflows.get(tenantId, workflowId, { deleted: true });
    const name = workflow?.name ?? null;
    const event = { id: this.#ports.ids.uuidv7(), alertId: id, ...news, text: sentenceOf(rule, name, news) };
    return { event, target: targetOf(rule), body: messageOf(rule, name, { ...event, test: false }) };
  }

  async #prune(now: number): Promise<void> {
    const { alerts, days } = this.#ports;
    if (days === 0 || now < this.#prunedAt + HOUR_MS) return;
    this.#prunedAt = now;
    // Each slice is an operation of its own: what else waits is written between two of them.
    while (!this.#closed && (await alerts.prune(now - days * DAY_MS)));
  }

  #remember(rule: OwnedAlert, figure: number | null, at: number): void {
    const key = keyOf(rule);
    this.#seen.set(key, { at, figures: [...(this.#seen.get(key)?.figures ?? []), figure].slice(-REMEMBERED) });
  }

  #forget(rules: readonly OwnedAlert[]): void {
    const watched = new Set(rules.map(keyOf));
    for (const key of this.#seen.keys()) if (!watched.has(key)) this.#seen.delete(key);
  }
}

function keyOf({ tenantId, id }: Pick<OwnedAlert, "tenantId" | "id">): string {
  return `${tenantId} ${id}`;
}
