import { RetryableError } from "@millrace/engine";
import type { CancelSignal } from "@millrace/nodes";
import type { Clock } from "#clock";
import { MinuteWindow } from "#models/minute-window";

/** What a connection allows; null: as much as comes. */
export interface LineLimits {
  /** Requests under way at once. */
  readonly concurrency: number | null;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

export interface Entering {
  /** Those who wait are let in by turns, group by group: a run with a thousand requests delays another by one. */
  readonly group: string;
  readonly signal: CancelSignal;
  /** How long it may wait. */
  readonly timeoutMs: number;
}

/** To be called once, when the request has ended, with the tokens that it took. */
export type Leave = (tokens: number) => void;

/** The line in front of one connection. */
export class Line {
  readonly #name: string;
  readonly #clock: Pick<Clock, "now" | "at">;
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #requests: MinuteWindow;
  readonly #tokens: MinuteWindow;
  #limits: LineLimits;
  #underWay = 0;
  #stopTimer: (() => void) | null = null;

  constructor(name: string, clock: Pick<Clock, "now" | "at">, limits: LineLimits) {
    this.#name = name;
    this.#clock = clock;
    this.#limits = limits;
    this.#requests = new MinuteWindow(clock);
    this.#tokens = new MinuteWindow(clock);
  }

  /** Nobody is in it, and nothing of the last minute is remembered. */
  get isIdle(): boolean {
    return this.#underWay === 0 && this.#waiting.size === 0 && this.#requests.sum === 0 && this.#tokens.sum === 0;
  }

  /** They may have been changed since the last request. */
  set limits(limits: LineLimits) {
    this.#limits = limits;
    this.#serve();
  }

  /** Rejects with the signal's reason, or with a RetryableError `llm_rate_limited` where the wait is too long. */
  enter({ group, signal, timeoutMs }: Entering): Promise<Leave> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const until = this.#clock.now() + timeoutMs;
      const stop = (): void => {
        signal.removeEventListener("abort", aborted);
        stopTimer();
      };
      const give = (reason: unknown): void => {
        stop();
        this.#withdraw(group, admit);
        reject(reason);
      };
      const aborted = (): void => give(signal.reason);
      const admit = (): void => {
        stop();
        resolve(this.#admitted());
      };
      const stopTimer = this.#clock.at(until, () => give(this.#tooLong(timeoutMs)));
      signal.addEventListener("abort", aborted, { once: true });
      this.#waiting.set(group, (this.#waiting.get(group) ?? new Set()).add(admit));
      this.#serve();
    });
  }

  #admitted(): Leave {
    this.#underWay += 1;
    this.#requests.add(1);
    let hasLeft = false;
    return (tokens) => {
      if (hasLeft) return;
      hasLeft = true;
      this.#underWay -= 1;
      this.#tokens.add(tokens);
      this.#serve();
    };
  }

  #withdraw(group: string, admit: () => void): void {
    const line = this.#waiting.get(group);
    line?.delete(admit);
    if (line?.size === 0) this.#waiting.delete(group);
  }

  #serve(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    for (let [first] = this.#waiting; first; [first] = this.#waiting) {
      const freeAt = this.#freeAt();
      if (freeAt !== null) {
        if (freeAt > 0) this.#stopTimer = this.#clock.at(freeAt, () => this.#serve());
        return;
      }
      const [group, line] = first;
      const [admit] = line;
      // To the end of the groups, where it has more.
      this.#waiting.delete(group);
      if (admit) line.delete(admit);
      if (line.size > 0) this.#waiting.set(group, line);
      admit?.();
    }
  }

  /** null: one may begin now; a time: then, as far as is known; 0: when one has ended. */
  #freeAt(): number | null {
    const { concurrency, requestsPerMinute, tokensPerMinute } = this.#limits;
    if (concurrency !== null && this.#underWay >= concurrency) return 0;
    if (requestsPerMinute !== null && this.#requests.sum >= requestsPerMinute) return this.#requests.nextEndAt;
    if (tokensPerMinute !== null && this.#tokens.sum >= tokensPerMinute) return this.#tokens.nextEndAt;
    return null;
  }

  #tooLong(timeoutMs: number): RetryableError {
    const message = `The request waited ${timeoutMs} ms for its turn at the connection ${this.#name} and got none: raise the limits in its settings, or ask it for less at once.`;
    return new RetryableError("llm_rate_limited", message);
  }
}
