import type { Clock } from "../../../../packages/server/src/clock.ts";

/** One process: what it waits for is gone when it is. */
export interface Life {
  readonly owner: string;
  alive: boolean;
  /** It does nothing for a while, as when its machine sleeps. */
  paused: boolean;
}

interface Parked {
  readonly life: Life;
  readonly label: string;
  readonly resume: () => void;
}

interface Timer extends Parked {
  readonly at: number;
}

/** Where the simulated day begins. */
const EPOCH = 1_000_000;

/** Whatever is under way goes on before this is over: deadlines of a day are none of what is simulated. */
const LONGEST_LEAP_MS = 3_600_000;

/**
 * Everything that waits, and the one place where it is decided what goes on next. Nothing here reads a clock or chance: the same choices give
 * the same trace.
 */
export class World {
  #now = EPOCH;
  #parked: Parked[] = [];
  #timers: Timer[] = [];
  /** FNV-1a of what happened, in order. */
  #trace = 0x811c9dc5;
  steps = 0;

  get now(): number {
    return this.#now;
  }

  get trace(): number {
    return this.#trace;
  }

  /** Resolves with the value when it is the call's turn; never, where its process is gone by then. */
  call<T>(life: Life, label: string, value: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.park(life, label, () => {
        try {
          resolve(value());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  park(life: Life, label: string, resume: () => void): void {
    this.#parked.push({ life, label, resume });
  }

  clockOf(life: Life): Clock {
    return {
      now: () => this.#now,
      mono: () => this.#now,
      soon: (wake) => this.park(life, "soon", wake),
      at: (at, wake) => {
        const timer: Timer = { life, label: "timer", at, resume: wake };
        this.#timers.push(timer);
        return () => {
          this.#timers = this.#timers.filter((one) => one !== timer);
          this.#parked = this.#parked.filter((one) => one !== timer);
        };
      },
    };
  }

  /** How many calls could go on now. */
  get choices(): number {
    return this.#ready().length;
  }

  /** One of them goes on, and everything that follows from it without waiting. */
  async go(choice: number): Promise<void> {
    const chosen = this.#ready()[choice];
    if (!chosen) throw new Error(`nothing waits at ${choice}`);
    this.#parked = this.#parked.filter((one) => one !== chosen);
    this.note(`${chosen.life.owner} ${chosen.label}`);
    chosen.resume();
    await settled();
  }

  /** To the next timer that somebody alive waits for; false: there is none, or none within so long. */
  advance(): boolean {
    const next = Math.min(...this.#timers.filter(({ life }) => isRunning(life)).map(({ at }) => at));
    if (next > this.#now + LONGEST_LEAP_MS) return false;
    this.#now = Math.max(this.#now, next);
    const due = this.#timers.filter(({ at, life }) => at <= this.#now && isRunning(life));
    this.#timers = this.#timers.filter((one) => !due.includes(one));
    this.#parked.push(...due);
    this.note(`advance ${this.#now}`);
    return true;
  }

  kill(life: Life): void {
    life.alive = false;
    this.#parked = this.#parked.filter((one) => one.life !== life);
    this.#timers = this.#timers.filter((one) => one.life !== life);
  }

  note(what: string): void {
    this.steps += 1;
    for (let index = 0; index < what.length; index++) this.#trace = Math.imul(this.#trace ^ what.charCodeAt(index), 0x01000193) >>> 0;
  }

  #ready(): Parked[] {
    return this.#parked.filter(({ life }) => isRunning(life));
  }
}

function isRunning({ alive, paused }: Life): boolean {
  return alive && !paused;
}

/** Resolves when every promise that can settle has. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
