import type { Clock } from "#clock";
import type { Logger } from "#log";
import { SESSION_IDLE_MS } from "#members/sessions";
import type { AuditStore } from "#store/audit-store";
import type { MemberStore } from "#store/member-store";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface MembersUpkeepPorts {
  readonly members: MemberStore;
  readonly audit: AuditStore;
  readonly clock: Pick<Clock, "now" | "at">;
  readonly log: Pick<Logger, "warn">;
  /** Entries of the audit log are kept this long; 0: for ever. */
  readonly auditDays: number;
}

/** Each hour, forgets sessions and invitations that are over, and what is too old in the audit log. */
export class MembersUpkeep {
  readonly #ports: MembersUpkeepPorts;
  #pass: Promise<void> = Promise.resolve();
  #stop: () => void = () => undefined;
  #closed = false;

  constructor(ports: MembersUpkeepPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#closed = false;
    this.#schedule();
  }

  #schedule(): void {
    const { clock, log } = this.#ports;
    this.#stop = clock.at(clock.now() + HOUR_MS, () => {
      this.#pass = this.#tidy().catch((error: unknown) => log.warn({ err: error }, "old sessions and audit entries could not be deleted"));
      void this.#pass.then(() => {
        if (!this.#closed) this.#schedule();
      });
    });
  }

  /** Resolves when nothing is deleted any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    await this.#pass;
  }

  async #tidy(): Promise<void> {
    const { members, audit, clock, auditDays } = this.#ports;
    const now = clock.now();
    await members.tidy(now, now - SESSION_IDLE_MS);
    if (auditDays === 0) return;
    // Each slice is an operation of its own: what else waits is written between two of them.
    while (!this.#closed && (await audit.prune(now - auditDays * DAY_MS)));
  }
}
