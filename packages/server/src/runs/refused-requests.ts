import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { NewRefusedRequest, RefusedRequest, RequestFilter, RequestStore } from "#store/request-store";

/** Refusals are written together, and none later than this. */
const WRITE_MS = 500;

/** Of one tenant, between two writes; what is refused beyond that is in the metrics alone. */
export const MAX_WAITING = 100;

/** Longer messages are cut: they may repeat what was sent. */
const MAX_MESSAGE = 1_000;

/** Notes what the run API refused of callers that it knows, without holding up an answer. */
export class RefusedRequests {
  readonly #ports: { readonly requests: RequestStore; readonly clock: Clock; readonly log: Pick<Logger, "warn"> };
  readonly #waiting = new Map<string, NewRefusedRequest[]>();
  readonly #watchers = new Set<(tenantId: string, isWritten: boolean) => void>();
  #unschedule: (() => void) | null = null;

  constructor(ports: { readonly requests: RequestStore; readonly clock: Clock; readonly log: Pick<Logger, "warn"> }) {
    this.#ports = ports;
  }

  note(tenantId: string, request: Omit<NewRefusedRequest, "at">): void {
    const { clock } = this.#ports;
    const waiting = this.#waiting.get(tenantId) ?? [];
    if (waiting.length >= MAX_WAITING) return;
    waiting.push({ ...request, at: clock.now(), message: request.message.slice(0, MAX_MESSAGE) });
    this.#waiting.set(tenantId, waiting);
    this.#unschedule ??= clock.at(clock.now() + WRITE_MS, () => void this.#write());
    for (const heard of this.#watchers) heard(tenantId, false);
  }

  /** Calls back with the tenant of each refusal that is noted, and once more when other processes can read it. */
  watch(heard: (tenantId: string, isWritten: boolean) => void): void {
    this.#watchers.add(heard);
  }

  /** Newest first, those that wait to be written included. */
  async list(tenantId: string, filter: RequestFilter): Promise<readonly RefusedRequest[]> {
    await this.#write();
    return this.#ports.requests.list(tenantId, filter);
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    await this.#write();
  }

  /** A log that cannot be written holds up nobody. */
  async #write(): Promise<void> {
    this.#unschedule?.();
    this.#unschedule = null;
    const all = [...this.#waiting];
    this.#waiting.clear();
    const written = all.map(async ([tenantId, requests]) => {
      await this.#ports.requests.append(tenantId, requests);
      for (const heard of this.#watchers) heard(tenantId, true);
    });
    await Promise.all(written).catch((error: unknown) =>
      this.#ports.log.warn({ err: error }, "refused requests could not be written down"),
    );
  }
}
