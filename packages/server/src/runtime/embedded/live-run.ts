import { type DrivenRun, Driver, type DriverEvents, type DriverPorts } from "#runtime/embedded/driver";
import type { News } from "#runtime/embedded/run-news";
import type { Moment, RunHandle } from "#runtime/runtime";
import { contentsOf } from "#runtime/summary";
import type { NewRun, RunContents } from "#store/store";

/** What becomes of a run that is driven here, told of once it has: by then nothing of it is here any more. */
export interface LiveRunEvents {
  /** Its driver does nothing more. */
  left(runId: string): void;
  accepted(runId: string): void;
  stuck(runId: string): void;
  /** Whoever listens to it is told. */
  tell(runId: string, news: News, end?: RunContents): void;
  ended(tenantId: string, end: RunContents): void;
  /** Until then (epoch ms). */
  sleeps(until: number | null): void;
  lost(runId: string, error: unknown): void;
  died(): void;
}

/** A run that is driven here. */
export class LiveRun implements RunHandle, DriverEvents {
  readonly runId: string;
  readonly driver: Driver;
  readonly #run: NewRun;
  readonly #tenantId: string;
  readonly #events: LiveRunEvents;
  readonly #accepted = Promise.withResolvers<RunHandle>();
  #end: RunContents | null = null;

  constructor(ports: DriverPorts, run: NewRun, driven: DrivenRun, events: LiveRunEvents) {
    this.runId = run.id;
    this.#run = run;
    this.#tenantId = driven.tenantId;
    this.#events = events;
    this.driver = new Driver(ports, driven, this);
  }

  /** Resolves when the run is accepted; for a resumed one, at once. */
  begin(resumed: boolean): Promise<RunHandle> {
    this.driver.advance();
    if (resumed) this.#accepted.resolve(this);
    return this.#accepted.promise;
  }

  get result(): RunContents | null {
    return this.#end;
  }

  current(): RunContents {
    return contentsOf(this.#run, this.driver.state);
  }

  moment(): Moment {
    return this.driver.moment();
  }

  accepted(): void {
    this.#events.accepted(this.runId);
    this.#accepted.resolve(this);
  }

  refused(error: unknown): void {
    this.#events.left(this.runId);
    this.#accepted.reject(error);
  }

  progressed(): void {
    this.#events.tell(this.runId, "progressed");
  }

  stuck(): void {
    this.#events.stuck(this.runId);
  }

  ended(): void {
    this.#events.left(this.runId);
    this.#end = this.current();
    this.#events.ended(this.#tenantId, this.#end);
    this.#events.tell(this.runId, "ended", this.#end);
  }

  fellAsleep(until: number | null): void {
    this.#leave("asleep");
    this.#events.sleeps(until);
  }

  released(): void {
    this.#leave("released");
  }

  lost(error: unknown): void {
    this.#events.lost(this.runId, error);
    this.#leave("released");
  }

  died(): void {
    this.#leave("released");
    this.#events.died();
  }

  #leave(news: News): void {
    this.#events.left(this.runId);
    this.#events.tell(this.runId, news);
  }
}
