import type { Session } from "#databases/session";

export interface PoolOptions {
  readonly most: number;
  /** What is unused for so long is closed. */
  readonly idleMs: number;
  open(signal: AbortSignal): Promise<Session>;
}

interface Waiting {
  resolve(session: Session | null): void;
}

interface Idle {
  readonly session: Session;
  readonly timer: NodeJS.Timeout;
}

/** Sessions with one database, a bounded number of them; who comes when all are busy waits in line. */
export class SessionPool {
  readonly #options: PoolOptions;
  readonly #idle: Idle[] = [];
  readonly #line: Waiting[] = [];
  #open = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Nothing is open, and nobody waits. */
  get isEmpty(): boolean {
    return this.#open === 0 && this.#line.length === 0;
  }

  async use<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#take(signal);
    try {
      return await work(session);
    } finally {
      this.#give(session);
    }
  }

  /** A session that is in use is closed once it is given back. */
  close(): void {
    this.#closed = true;
    for (const { session, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      this.#drop(session);
    }
  }

  async #take(signal: AbortSignal): Promise<Session> {
    signal.throwIfAborted();
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.session.isUsable) return idle.session;
      this.#drop(idle.session);
    }
    if (this.#open >= this.#options.most) {
      const handed = await this.#wait(signal);
      if (handed) return handed;
    } else this.#open++;
    try {
      return await this.#options.open(signal);
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** null: there is room to open one. */
  #wait(signal: AbortSignal): Promise<Session | null> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        resolve: (session) => {
          signal.removeEventListener("abort", abort);
          resolve(session);
        },
      };
      const abort = () => {
        this.#line.splice(this.#line.indexOf(waiting), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#line.push(waiting);
    });
  }

  #give(session: Session): void {
    if (this.#closed || !session.isUsable) {
      session.close();
      this.#leave();
      return;
    }
    const next = this.#line.shift();
    if (next) {
      next.resolve(session);
      return;
    }
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex((one) => one.session === session),
        1,
      );
      this.#drop(session);
    }, this.#options.idleMs).unref();
    this.#idle.push({ session, timer });
  }

  #drop(session: Session): void {
    session.close();
    this.#leave();
  }

  /** The place of a session that is gone goes to the next in line. */
  #leave(): void {
    const next = this.#line.shift();
    if (next) next.resolve(null);
    else this.#open--;
  }
}
