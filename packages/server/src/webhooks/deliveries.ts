import type { Clock } from "#clock";
import { RequestError } from "#request-error";
import { EndpointDisabled, NotFound, RunNotEnded } from "#store/errors";
import type { AttemptRow, DeliveryFilter, DeliveryKey, DeliveryRow, DisabledEndpoint, Endpoint, WebhookStore } from "#store/webhook-store";
import { readWebhookId } from "#webhooks/webhook-id";

export interface DeliveriesQuery extends Omit<DeliveryFilter, "before"> {
  /** Id of the last delivery of the page before. */
  readonly cursor?: string;
}

/** What people do with deliveries. */
export class Deliveries {
  readonly #store: WebhookStore;
  readonly #clock: Pick<Clock, "now">;

  constructor(store: WebhookStore, clock: Pick<Clock, "now">) {
    this.#store = store;
    this.#clock = clock;
  }

  list(tenantId: string, { cursor, ...filter }: DeliveriesQuery): Promise<readonly DeliveryRow[]> {
    if (cursor === undefined) return this.#store.list(tenantId, filter);
    const before = readWebhookId(cursor);
    if (!before) throw new RequestError("invalid_request", { errors: [{ path: "/cursor", code: "invalid_value" }] });
    return this.#store.list(tenantId, { ...filter, before });
  }

  async get(tenantId: string, id: string): Promise<DeliveryRow> {
    const row = await this.#store.get(keyOf(tenantId, id));
    if (!row) throw unknownDelivery();
    return row;
  }

  attempts(tenantId: string, id: string): Promise<readonly AttemptRow[]> {
    return this.#store.attempts(keyOf(tenantId, id));
  }

  lastAttempts(tenantId: string, of: readonly DeliveryRow[], most: number): Promise<readonly (readonly AttemptRow[])[]> {
    return this.#store.lastAttempts(tenantId, of, most);
  }

  /** The delivery as it is then. */
  async resend(tenantId: string, id: string): Promise<DeliveryRow> {
    try {
      return await this.#store.resend(keyOf(tenantId, id), this.#clock.now());
    } catch (error) {
      if (error instanceof NotFound) throw unknownDelivery();
      if (error instanceof RunNotEnded) throw new RequestError("conflict", { key: "conflict.not_ended" });
      if (error instanceof EndpointDisabled) throw new RequestError("conflict", { key: "conflict.endpoint", params: { url: error.url } });
      throw error;
    }
  }

  /** How many are due again. */
  recover(tenantId: string, since: number, workflowId: string | null): Promise<number> {
    return this.#store.recover(tenantId, since, workflowId, this.#clock.now());
  }

  disabledEndpoints(tenantId: string): Promise<readonly DisabledEndpoint[]> {
    return this.#store.disabledEndpoints(tenantId);
  }

  async enable(tenantId: string, endpoint: Endpoint): Promise<void> {
    if (!(await this.#store.enableEndpoint(tenantId, endpoint))) throw new RequestError("not_found", { key: "not_found.endpoint" });
  }
}

function keyOf(tenantId: string, id: string): DeliveryKey {
  const named = readWebhookId(id);
  if (!named) throw unknownDelivery();
  return { tenantId, ...named };
}

function unknownDelivery(): RequestError {
  return new RequestError("not_found", { key: "not_found.delivery" });
}
