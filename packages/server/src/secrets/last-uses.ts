import type { Clock } from "#clock";
import type { VaultKind, VaultStore } from "#store/vault-store";

/** A use is written down once in this time. */
const TOUCH_MS = 60_000;

/** Remembered at once; beyond it all are written down again. */
const MAX_REMEMBERED = 10_000;

/** Notes when what is sealed was last used: late, and never in the way of who uses it. */
export class LastUses {
  readonly #store: Pick<VaultStore, "touch">;
  readonly #clock: Pick<Clock, "now">;
  readonly #noted = new Map<string, number>();

  constructor(store: Pick<VaultStore, "touch">, clock: Pick<Clock, "now">) {
    this.#store = store;
    this.#clock = clock;
  }

  note(tenantId: string, kind: VaultKind, name: string): void {
    const key = JSON.stringify([tenantId, kind, name]);
    const now = this.#clock.now();
    if (now - (this.#noted.get(key) ?? 0) < TOUCH_MS) return;
    if (this.#noted.size >= MAX_REMEMBERED) this.#noted.clear();
    this.#noted.set(key, now);
    this.#store.touch(tenantId, kind, name, now).catch(() => this.#noted.delete(key));
  }
}
