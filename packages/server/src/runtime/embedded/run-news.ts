import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { Viewers } from "#runtime/attempts/step";
import { FollowedRuns } from "#runtime/embedded/followed-runs";
import { SharedPieces } from "#runtime/embedded/shared-pieces";
import { Listeners } from "#runtime/listeners";
import type { PieceWatch, ShownPiece } from "#runtime/runtime";
import type { SharedStore } from "#store/shared-store";
import type { RunContents, RunStore } from "#store/store";

/**
 * What becomes of a run. `stuck`: for now it cannot be written. After any but these two, its driver has done its last; `released`: it goes on
 * after the next start.
 */
export type News = "progressed" | "stuck" | "ended" | "asleep" | "released";

export type NewsListener = (news: News, end?: RunContents) => void;

export interface RunNewsPorts {
  readonly runs: Pick<RunStore, "view">;
  /** null: no other process drives runs. */
  readonly shared: SharedStore | null;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "error">;
  isHere(runId: string): boolean;
}

/** Who listens to runs, and what they are told. */
export class RunNews implements Viewers {
  readonly #ports: RunNewsPorts;
  /** News by the run's id, with its end where that is what they are. As many listen to a run as wait for it. */
  readonly #news = new Listeners<[News, RunContents?]>();
  /** What attempts show, by the run's id. */
  readonly #pieces = new Listeners<[ShownPiece]>();
  readonly #watchers = new Set<(runId: string) => void>();
  readonly #followed: FollowedRuns | null;
  readonly #sharedPieces: SharedPieces | null;
  #isStopped = false;

  constructor(ports: RunNewsPorts) {
    this.#ports = ports;
    const { shared, clock, log, isHere } = ports;
    const heard = (...news: readonly [string, string, boolean]): void => void this.#heardOf(...news);
    this.#followed = shared && new FollowedRuns({ shared, clock, log, isHere, heard });
    this.#sharedPieces = shared && new SharedPieces({ shared, clock, isHere, heard: (runId, piece) => this.#pieceOf(runId, piece) });
  }

  /** Other processes are listened to no more. */
  stop(): void {
    this.#isStopped = true;
    this.#followed?.stop();
    this.#sharedPieces?.stop();
  }

  watchAll(heard: (runId: string) => void): () => void {
    this.#watchers.add(heard);
    return () => void this.#watchers.delete(heard);
  }

  watchPieces(runId: string, heard: (piece: ShownPiece) => void): PieceWatch {
    const stop = this.#pieces.on(runId, heard);
    this.#sharedPieces?.watch(runId);
    return {
      caughtUp: () => this.#sharedPieces?.caughtUp(runId) ?? null,
      stop: () => {
        stop();
        if (!this.#pieces.has(runId)) this.#sharedPieces?.unwatch(runId);
      },
    };
  }

  /** Wherever the run is driven; `more` false: it has ended, or is let go. Returns the way to stop. */
  watch(tenantId: string, runId: string, heard: (more: boolean) => void): () => void {
    return this.#listen(tenantId, runId, (news) => news !== "stuck" && heard(news === "progressed" || news === "asleep"));
  }

  /** Wherever the run is driven. Returns the way to stop. */
  whenEnded(tenantId: string, runId: string, listener: (end: RunContents) => void, stuck?: () => void): () => void {
    return this.#listen(tenantId, runId, (news, end) => {
      if (news === "ended" && end) listener(end);
      else if (news === "stuck") stuck?.();
    });
  }

  #listen(tenantId: string, runId: string, listener: NewsListener): () => void {
    const stop = this.listenHere(runId, listener);
    if (!this.#followed) return stop;
    this.#followed.follow(tenantId, runId);
    return () => {
      stop();
      if (!this.#news.has(runId)) this.#followed?.unfollow(runId);
    };
  }

  /** To the run as long as it is driven here. */
  listenHere(runId: string, listener: NewsListener): () => void {
    return this.#news.on(runId, listener);
  }

  /** What becomes of a run that is driven here, once it no longer is, or can do nothing for now. */
  leaves(runId: string): { readonly news: Promise<Exclude<News, "progressed">>; stop(): void } {
    const { promise: news, resolve } = Promise.withResolvers<Exclude<News, "progressed">>();
    return { news, stop: this.listenHere(runId, (heard) => heard !== "progressed" && resolve(heard)) };
  }

  show(runId: string, piece: ShownPiece): void {
    this.#pieces.tell(runId, piece);
    this.#sharedPieces?.show(runId, piece);
  }

  /** Resolves when whatever was shown can be heard by whoever listens elsewhere; null: nobody does. */
  shown(runId: string): Promise<void> | null {
    return this.#sharedPieces?.told(runId) ?? null;
  }

  /** Of a run that another process drives: the entry that it comes after is durable, and is to be read before. */
  #pieceOf(runId: string, piece: ShownPiece): void {
    this.#news.tell(runId, "progressed");
    this.#pieces.tell(runId, piece);
  }

  accepted(runId: string): void {
    for (const heard of this.#watchers) heard(runId);
  }

  /** Somebody elsewhere waits for this run, which is driven here from now on. */
  wanted(runId: string): void {
    this.#followed?.wanted(runId);
  }

  /** A run that is driven here cannot be written for now: nothing of it has changed that others could see. */
  stuck(runId: string): void {
    this.#news.tell(runId, "stuck");
  }

  /** Of a run that is driven here. What is let go is taken up by another process, where there are others. */
  tell(runId: string, news: News, end?: RunContents): void {
    this.accepted(runId);
    const goesOn = news === "released" && this.#followed !== null && !this.#isStopped;
    this.#news.tell(runId, goesOn ? "asleep" : news, end);
    this.#followed?.news(runId);
    if (news !== "progressed") this.#followed?.left(runId);
  }

  /** Of a run that another process drives. */
  async #heardOf(tenantId: string, runId: string, hasEnded: boolean): Promise<void> {
    this.accepted(runId);
    if (!hasEnded) return this.#news.tell(runId, "progressed");
    const end = await this.#ports.runs.view(tenantId, null, runId).catch((error: unknown) => {
      this.#ports.log.error({ err: error, workflowRunId: runId }, "the end of a run of another process could not be read");
      return null;
    });
    if (end) this.#news.tell(runId, "ended", end);
    else this.#news.tell(runId, "released");
  }
}
