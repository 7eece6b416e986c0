import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { SharedStore } from "#store/shared-store";

/** Between looks at what is followed here, in ms: a run that is listened to before it begins is mostly driven here a moment later. */
const TICK_MS = 100;

/** Between two looks at a run that another process drives, in ms: whoever drives it says when there is something to see, unless that is lost. */
const LOOK_MS = 1_000;

export interface FollowedRunsPorts {
  readonly shared: Pick<SharedStore, "progress" | "say" | "hear">;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
  isHere(runId: string): boolean;
  /** There is more of a run that is driven elsewhere, or its end. */
  heard(tenantId: string, runId: string, hasEnded: boolean): void;
}

interface Followed {
  readonly tenantId: string;
  /** Of its journal, as far as was seen; null: nothing yet. */
  entries: number | null;
  /** Monotonic ms. */
  lookAt: number;
}

/**
 * Runs that somebody here listens to and other processes drive, and the other way round. Who listens says so, and whoever drives the run then
 * tells of its news; a run that nobody elsewhere listens to costs nothing.
 */
export class FollowedRuns {
  readonly #ports: FollowedRunsPorts;
  readonly #followed = new Map<string, Followed>();
  /** Driven here, and listened to elsewhere. */
  readonly #wanted = new Set<string>();
  readonly #deafen: () => void;
  #stopTimer: (() => void) | null = null;

  constructor(ports: FollowedRunsPorts) {
    this.#ports = ports;
    this.#deafen = ports.shared.hear(({ kind, id }) => {
      if (kind === "follow") this.#want(id);
      else if (kind === "news") this.#lookAtOnce(id);
    });
  }

  stop(): void {
    this.#deafen();
    this.#followed.clear();
    this.#stopTimer?.();
  }

  follow(tenantId: string, runId: string): void {
    if (this.#followed.has(runId)) return;
    this.#followed.set(runId, { tenantId, entries: null, lookAt: 0 });
    this.#tickSoon();
  }

  unfollow(runId: string): void {
    this.#followed.delete(runId);
  }

  /** Of a run that is driven here. */
  news(runId: string): void {
    if (this.#wanted.has(runId)) this.#ports.shared.say({ kind: "news", id: runId });
  }

  /** Somebody elsewhere listens to it. */
  wanted(runId: string): void {
    this.#wanted.add(runId);
  }

  /** It is no longer driven here. */
  left(runId: string): void {
    this.#wanted.delete(runId);
  }

  #want(runId: string): void {
    if (!this.#ports.isHere(runId)) return;
    this.#wanted.add(runId);
    this.news(runId);
  }

  #lookAtOnce(runId: string): void {
    const followed = this.#followed.get(runId);
    if (followed && !this.#ports.isHere(runId)) this.#look([[runId, followed]]);
  }

  #tickSoon(): void {
    const { clock } = this.#ports;
    this.#stopTimer ??= clock.at(clock.now() + TICK_MS, () => {
      this.#stopTimer = null;
      this.#tick();
      if (this.#followed.size > 0) this.#tickSoon();
    });
  }

  #tick(): void {
    const { clock, shared, isHere } = this.#ports;
    const now = clock.mono();
    const due = [...this.#followed].filter(([runId, { lookAt }]) => lookAt <= now && !isHere(runId));
    for (const [runId, followed] of due) {
      followed.lookAt = now + LOOK_MS;
      shared.say({ kind: "follow", id: runId });
    }
    this.#look(due);
  }

  #look(runs: readonly (readonly [string, Followed])[]): void {
    for (const [tenantId, those] of Map.groupBy(runs, ([, followed]) => followed.tenantId)) {
      const ids = those.map(([runId]) => runId);
      this.#lookOf(tenantId, ids).catch((error: unknown) =>
        this.#ports.log.warn({ err: error }, "runs of other processes could not be looked at; it is tried again"),
      );
    }
  }

  async #lookOf(tenantId: string, runIds: readonly string[]): Promise<void> {
    for (const { runId, entries, endedAt } of await this.#ports.shared.progress(tenantId, runIds)) {
      const followed = this.#followed.get(runId);
      if (!followed || followed.entries === entries || this.#ports.isHere(runId)) continue;
      followed.entries = entries;
      this.#ports.heard(tenantId, runId, endedAt !== null);
    }
  }
}
