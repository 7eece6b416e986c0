import type { Clock } from "#clock";
import type { Notice } from "#runs/notice";
import type { RefusedRequests } from "#runs/refused-requests";
import { SharedFeed } from "#runs/shared-feed";
import type { Runtime } from "#runtime/runtime";
import type { Store } from "#store/store";
import type { FileLinks } from "#workflows/file-links";

export interface NewsPorts {
  readonly runtime: Pick<Runtime, "watchAll">;
  readonly store: Pick<Store, "watch" | "shared">;
  readonly refused: Pick<RefusedRequests, "watch">;
  readonly fileLinks: Pick<FileLinks, "watch">;
  readonly looks: { watchLooks(heard: (alertId: string) => void): void };
  readonly clock: Clock;
}

/** Notices kept for those who come back; whoever missed more reads everything anew. */
export const KEPT_NOTICES = 10_000;

/** So long after the last reader has left, notices are still kept: as long as a page needs to come back. */
const KEPT_MS = 60_000;

/**
 * What changes on this server and on those that share its store, for pages that show it: nothing of it is stored, and where nobody reads, nothing is
 * noted. Positions go up over restarts, so that one of an earlier life is never taken for one of this.
 */
export class NewsFeed {
  readonly #clock: Clock;
  /** null: no other process has this store. */
  readonly #shared: SharedFeed | null;
  readonly #listeners = new Set<() => void>();
  #notices: Notice[] = [];
  /** Position of the first that is kept. */
  #first: number;
  /** Notices are kept from here on, up to this time; null: without end. */
  #until: number | null = 0;

  constructor({ runtime, store, refused, fileLinks, looks, clock }: NewsPorts) {
    this.#clock = clock;
    this.#first = clock.now() * 1_000;
    this.#shared = store.shared && new SharedFeed({ shared: store.shared, clock, heard: (notice) => this.#note(notice) });
    runtime.watchAll((id) => this.#noteAndTell({ kind: "run", id }));
    // What others change in it is heard here by itself; without an id it may have been anything.
    store.watch(({ kind, id }) => (id === "" ? this.#missed() : this.#note({ kind, id })));
    looks.watchLooks((id) => this.#noteAndTell({ kind: "alert", id }));
    // Others read of it once it is written, and not before.
    refused.watch((id, isWritten) => (isWritten ? this.#shared?.tell({ kind: "request", id }) : this.#note({ kind: "request", id })));
    fileLinks.watch((id) => this.#note({ kind: "workflow", id }));
  }

  /** Behind the last notice. */
  get position(): number {
    return this.#first + this.#notices.length;
  }

  /** Calls back with each notice from now on; returns the way to stop. */
  listen(heard: () => void): () => void {
    if (!this.#isKeeping()) this.#forget();
    this.#until = null;
    this.#listeners.add(heard);
    void this.#shared?.begin();
    return () => {
      this.#listeners.delete(heard);
      if (this.#listeners.size > 0) return;
      this.#until = this.#clock.now() + KEPT_MS;
      this.#clock.at(this.#until, () => this.#isKeeping() || this.#shared?.end());
    };
  }

  /** Resolves when the other processes know that somebody here reads: what changes there from then on is noted here, too. */
  async isHeardOf(): Promise<void> {
    await this.#shared?.begin();
  }

  /** Each that changed since, once; null: that is no longer known. */
  since(position: number): readonly Notice[] | null {
    if (position < this.#first || position > this.position) return null;
    const changed = this.#notices.slice(position - this.#first);
    return [...new Map(changed.map((notice) => [`${notice.kind} ${notice.id}`, notice])).values()];
  }

  #noteAndTell(notice: Notice): void {
    this.#note(notice);
    this.#shared?.tell(notice);
  }

  #note(notice: Notice): void {
    if (!this.#isKeeping()) return;
    this.#notices.push(notice);
    if (this.#notices.length > 2 * KEPT_NOTICES) {
      this.#first += this.#notices.length - KEPT_NOTICES;
      this.#notices = this.#notices.slice(-KEPT_NOTICES);
    }
    this.#ring();
  }

  /** Nobody knows what has changed: whoever reads reads everything anew. */
  #missed(): void {
    if (!this.#isKeeping()) return;
    this.#forget();
    this.#ring();
  }

  #ring(): void {
    for (const heard of this.#listeners) heard();
  }

  #isKeeping(): boolean {
    return this.#until === null || this.#clock.now() < this.#until;
  }

  /** What happened meanwhile was not noted. */
  #forget(): void {
    this.#first = Math.max(this.position + 1, this.#clock.now() * 1_000);
    this.#notices = [];
  }
}
