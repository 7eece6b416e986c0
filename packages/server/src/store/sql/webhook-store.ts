import type { Logger } from "#log";
import { endpointUrl } from "#store/delivery-target";
import { StoreCorrupt } from "#store/errors";
import { Conditions } from "#store/sql/conditions";
import type { SqlDatabase } from "#store/sql/database";
import {
  ATTEMPT_COLUMNS,
  DELIVERY_COLUMNS,
  ENDPOINT_COLUMNS,
  readAttempt,
  readDelivery,
  readEndpoint,
  readSecret,
  SECRET_COLUMNS,
  type StoredDelivery,
} from "#store/sql/delivery-row";
import { ID_CLOCK_SLACK_MS } from "#store/sql/list-query";
import { findDelivery } from "#store/sql/outbox";
import { number, numberOrNull, type Row, text } from "#store/sql/rows";
import { durationClass } from "#store/sql/run-tally";
import { firstIdAt } from "#store/sql/run-words";
import { all, one, type Steps } from "#store/sql/steps";
import type {
  AttemptRow,
  DeliveryFilter,
  DeliveryKey,
  DeliveryOutcome,
  DeliveryRow,
  DisabledEndpoint,
  Endpoint,
  EndpointTally,
  EndpointTimes,
  NewAttempt,
  SecretRow,
  WebhookStore,
} from "#store/webhook-store";

const SELECT = `SELECT ${DELIVERY_COLUMNS} FROM deliveries`;
// The lanes with something due, each found by one step in the index, however much is due in it; the longest due first.
const LANES = `
  WITH RECURSIVE found (lane) AS (
    SELECT min(lane) FROM deliveries INDEXED BY deliveries_lane WHERE due_at IS NOT NULL
    UNION ALL
    SELECT (SELECT min(lane) FROM deliveries INDEXED BY deliveries_lane WHERE due_at IS NOT NULL AND lane > found.lane) FROM found WHERE found.lane IS NOT NULL
  ), first (lane, due_at) AS (
    SELECT lane, (SELECT min(due_at) FROM deliveries INDEXED BY deliveries_lane WHERE due_at IS NOT NULL AND lane = found.lane) FROM found WHERE lane IS NOT NULL
  )
  SELECT lane FROM first WHERE due_at <= ? ORDER BY due_at`;
const DUE = `${SELECT} INDEXED BY deliveries_lane WHERE lane = ? AND due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?`;
const NEXT_DUE = "SELECT min(due_at) AS at FROM deliveries INDEXED BY deliveries_due WHERE due_at IS NOT NULL AND due_at > ?";
const ATTEMPTS = `
  SELECT ${ATTEMPT_COLUMNS} FROM delivery_attempts WHERE tenant_id = ? AND run_id = ? AND ordinal = ? ORDER BY number`;
const LAST_ATTEMPTS = `
  SELECT ${ATTEMPT_COLUMNS} FROM delivery_attempts WHERE tenant_id = ? AND run_id = ? AND ordinal = ? AND number > ? ORDER BY number`;
const ENDPOINTS = `SELECT ${ENDPOINT_COLUMNS} FROM disabled_endpoints WHERE tenant_id = ? ORDER BY workflow_id, endpoint, method`;
// A delivery's run has the time of its acceptance in its id, so that these read no older rows.
const NEWEST = (columns: string) =>
  `SELECT ${columns} FROM deliveries WHERE tenant_id = ? AND run_id >= ? AND accepted_at >= ? ORDER BY run_id DESC, ordinal DESC LIMIT ?`;
const TALLIES = `
  SELECT workflow_id, method, endpoint, state, tried, count(*) AS count, max(accepted_at) AS last_at
  FROM (${NEWEST("workflow_id, method, endpoint, state, CASE WHEN state = 'due' AND tries > 0 THEN 1 ELSE 0 END AS tried, accepted_at")}) AS newest
  GROUP BY workflow_id, method, endpoint, state, tried ORDER BY last_at DESC`;
const TIMES = `
  SELECT workflow_id, method, endpoint, ${durationClass("CASE WHEN ended_at > started_at THEN ended_at - started_at ELSE 0 END")} AS duration_class, count(*) AS count
  FROM (${NEWEST("tenant_id, run_id, ordinal, workflow_id, method, endpoint")}) AS newest
  JOIN delivery_attempts AS attempt
    ON attempt.tenant_id = newest.tenant_id AND attempt.run_id = newest.run_id AND attempt.ordinal = newest.ordinal
  WHERE response IS NOT NULL
  GROUP BY workflow_id, method, endpoint, duration_class`;
const SECRET = `SELECT ${SECRET_COLUMNS} FROM webhook_secrets WHERE tenant_id = ? AND workflow_id = ?`;

export class SqlWebhooks implements WebhookStore {
  readonly #database: SqlDatabase;
  readonly #log: Pick<Logger, "error">;

  constructor(database: SqlDatabase, log: Pick<Logger, "error">) {
    this.#database = database;
    this.#log = log;
  }

  async dueLanes(at: number): Promise<readonly string[]> {
    return (await this.#database.read(all(LANES, at))).map((row) => text(row, "lane"));
  }

  async due(lane: string, at: number, limit: number): Promise<readonly DeliveryRow[]> {
    return (await this.#database.read(all(DUE, lane, at, limit))).flatMap((row) => this.#whole(row));
  }

  /** A damaged delivery goes nowhere, and holds up none of the others. */
  #whole(row: Row): readonly DeliveryRow[] {
    try {
      return [served(readDelivery(row))];
    } catch (error) {
      if (!(error instanceof StoreCorrupt)) throw error;
      this.#log.error({ err: error }, "a delivery is damaged and is not sent");
      return [];
    }
  }

  async nextDueAt(after: number): Promise<number | null> {
    return numberOrNull((await this.#database.read(one(NEXT_DUE, after))) ?? { at: null }, "at");
  }

  async record(key: DeliveryKey, attempt: NewAttempt, next: DeliveryOutcome): Promise<void> {
    await this.#database.write("recordAttempt", [key, attempt, next]);
    this.#changed(key.runId);
  }

  async resend(key: DeliveryKey, at: number): Promise<DeliveryRow> {
    const delivery = await this.#database.write("resendDelivery", [key, at]);
    this.#changed(key.runId);
    return served(delivery);
  }

  async recover(tenantId: string, since: number, workflowId: string | null, at: number): Promise<number> {
    const count = await this.#database.write("recoverDeliveries", [tenantId, since, workflowId, at]);
    if (count > 0) this.#changed("");
    return count;
  }

  async get(key: DeliveryKey): Promise<DeliveryRow | null> {
    const delivery = await this.#database.read(findDelivery(key));
    return delivery && served(delivery);
  }

  async list(tenantId: string, filter: DeliveryFilter): Promise<readonly DeliveryRow[]> {
    return (await this.#database.read(page(tenantId, filter))).map((row) => served(readDelivery(row)));
  }

  async attempts({ tenantId, runId, ordinal }: DeliveryKey): Promise<readonly AttemptRow[]> {
    return (await this.#database.read(all(ATTEMPTS, tenantId, runId, ordinal))).map(readAttempt);
  }

  lastAttempts(tenantId: string, of: readonly DeliveryRow[], most: number): Promise<readonly (readonly AttemptRow[])[]> {
    return this.#database.read(lastAttempts(tenantId, of, most));
  }

  async endpointTallies(tenantId: string, since: number, most: number): Promise<readonly EndpointTally[]> {
    return (await this.#database.read(all(TALLIES, ...newestOf(tenantId, since, most)))).map(readTally);
  }

  async endpointTimes(tenantId: string, since: number, most: number): Promise<readonly EndpointTimes[]> {
    return (await this.#database.read(all(TIMES, ...newestOf(tenantId, since, most)))).map(readTimes);
  }

  async disabledEndpoints(tenantId: string): Promise<readonly DisabledEndpoint[]> {
    return (await this.#database.read(all(ENDPOINTS, tenantId))).map(readEndpoint);
  }

  enableEndpoint(tenantId: string, { workflowId, method, url }: Endpoint): Promise<boolean> {
    return this.#database.write("enableEndpoint", [tenantId, workflowId, method, endpointUrl(url)]);
  }

  async secret(tenantId: string, workflowId: string): Promise<SecretRow | null> {
    const row = await this.#database.read(one(SECRET, tenantId, workflowId));
    return row ? readSecret(row) : null;
  }

  keepSecret(tenantId: string, workflowId: string, sealed: string, at: number): Promise<SecretRow> {
    return this.#database.write("keepSecret", [tenantId, workflowId, sealed, at]);
  }

  rotateSecret(tenantId: string, workflowId: string, sealed: string, at: number, previousUntil: number): Promise<SecretRow> {
    return this.#database.write("rotateSecret", [tenantId, workflowId, sealed, at, previousUntil]);
  }

  #changed(id: string): void {
    this.#database.changed({ kind: "delivery", id });
  }
}

function served({ endpoint: _, ...row }: StoredDelivery): DeliveryRow {
  return row;
}

function newestOf(tenantId: string, since: number, most: number) {
  return [tenantId, firstIdAt(since - ID_CLOCK_SLACK_MS), since, most] as const;
}

function readTally(row: Row): EndpointTally {
  return {
    ...readReceiver(row),
    state: text(row, "state") as EndpointTally["state"],
    tried: number(row, "tried") === 1,
    count: number(row, "count"),
    lastAcceptedAt: number(row, "last_at"),
  };
}

function readTimes(row: Row): EndpointTimes {
  return { ...readReceiver(row), durationClass: number(row, "duration_class"), count: number(row, "count") };
}

function readReceiver(row: Row): Endpoint {
  return { workflowId: text(row, "workflow_id"), method: text(row, "method"), url: text(row, "endpoint") };
}

function* lastAttempts(tenantId: string, of: readonly DeliveryRow[], most: number): Steps<readonly (readonly AttemptRow[])[]> {
  const found: (readonly AttemptRow[])[] = [];
  for (const { runId, ordinal, attempts } of of) {
    const rows = attempts === 0 ? [] : yield* all(LAST_ATTEMPTS, tenantId, runId, ordinal, attempts - most);
    found.push(rows.map(readAttempt));
  }
  return found;
}

/** One keyset page, newest run first; the index is named, because without statistics the planner takes the table. */
function page(tenantId: string, filter: DeliveryFilter): Steps<readonly Row[]> {
  const { runId, workflowId, state, since, before, limit } = filter;
  const where = new Conditions("tenant_id = ?", tenantId)
    .and("run_id = ?", runId)
    .and("workflow_id = ?", workflowId)
    .and("state = ?", state)
    .and("accepted_at >= ?", since);
  // Says to the planner that the partial index has all of them.
  if (state !== undefined && state !== "delivered") where.with("state <> 'delivered'");
  if (before) where.with("(run_id, ordinal) < (?, ?)", before.runId, before.ordinal);
  return all(`${SELECT} ${indexFor(filter)} WHERE ${where.sql} ORDER BY run_id DESC, ordinal DESC LIMIT ?`, ...where.values, limit);
}

function indexFor({ runId, workflowId, state }: DeliveryFilter): string {
  if (runId !== undefined) return "";
  if (state !== undefined && state !== "delivered") return "INDEXED BY deliveries_state";
  return workflowId === undefined ? "" : "INDEXED BY deliveries_workflow";
}
