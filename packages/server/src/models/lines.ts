import type { Clock } from "#clock";
import { type Entering, type Leave, Line, type LineLimits } from "#models/line";

/** Lines are looked through for idle ones when there are so many. */
const MANY = 1_000;

/** The lines in front of the connections of all tenants. */
export class Lines {
  readonly #clock: Pick<Clock, "now" | "at">;
  readonly #lines = new Map<string, Line>();

  constructor(clock: Pick<Clock, "now" | "at">) {
    this.#clock = clock;
  }

  /** As `Line.enter`; without limits at once. */
  async enter(tenantId: string, connection: string, limits: LineLimits | null, entering: Entering): Promise<Leave> {
    if (!limits) return () => undefined;
    const key = JSON.stringify([tenantId, connection]);
    const line = this.#lines.get(key) ?? new Line(connection, this.#clock, limits);
    line.limits = limits;
    if (this.#lines.size >= MANY) this.#forgetIdle();
    this.#lines.set(key, line);
    return line.enter(entering);
  }

  #forgetIdle(): void {
    for (const [key, line] of this.#lines) if (line.isIdle) this.#lines.delete(key);
  }
}
