import type { FastifyInstance } from "fastify";
import type { Clock } from "#clock";

/** How a server takes leave of its callers. */
export class Leave {
  readonly #leaving = new AbortController();
  readonly #closing = new AbortController();
  readonly #clock: Pick<Clock, "now" | "at">;
  readonly #graceMs: number;

  constructor(clock: Pick<Clock, "now" | "at">, graceMs: number) {
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  /** `leaving`: for so long as the grace it answers as before, and says that it goes. `closing`: nobody is held any longer. */
  get signals(): { readonly leaving: AbortSignal; readonly closing: AbortSignal } {
    return { leaving: this.#leaving.signal, closing: this.#closing.signal };
  }

  /** Resolves when everybody has been answered. Who does not listen has nobody to tell. */
  async of(server: FastifyInstance): Promise<void> {
    this.#leaving.abort();
    if (server.server.listening) await this.#grace();
    this.#closing.abort();
    await server.close();
  }

  #grace(): Promise<void> {
    return new Promise((resolve) => void this.#clock.at(this.#clock.now() + this.#graceMs, resolve));
  }
}
