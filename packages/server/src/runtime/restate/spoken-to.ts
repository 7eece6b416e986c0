import type { Logged, Message, Replies, Reply, Spoken } from "#runtime/restate/words";

/** Of 64 KiB each at most: what is larger is set apart. */
const MOST_TOGETHER = 64;

type Tell = (runId: string, spoken: Spoken) => Promise<Replies>;

interface Told {
  readonly message: Logged<Message>;
  readonly hear: (reply: Reply) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * What this process tells runs, to each one thing after the other: whatever is to be told to a run meanwhile goes together, next. Told at
 * once, each would take the first free place, and all but one would try another.
 */
export class SpokenTo {
  readonly #tell: Tell;
  /** What waits, by the run that is being told something. */
  readonly #waiting = new Map<string, Told[]>();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** Resolves with what became of it. */
  tell(runId: string, message: Logged<Message>): Promise<Reply> {
    return new Promise((hear, fail) => {
      const told = { message, hear, fail };
      const waiting = this.#waiting.get(runId);
      if (waiting) waiting.push(told);
      else void this.#speak(runId, told);
    });
  }

  async #speak(runId: string, first: Told): Promise<void> {
    const waiting: Told[] = [];
    this.#waiting.set(runId, waiting);
    for (let together = [first]; together.length > 0; together = waiting.splice(0, MOST_TOGETHER)) {
      try {
        await this.#speakTogether(runId, together);
      } catch (error) {
        // A run that has not heard these hears the others no sooner.
        for (const { fail } of [...together, ...waiting.splice(0)]) fail(error);
      }
    }
    this.#waiting.delete(runId);
  }

  async #speakTogether(runId: string, together: readonly Told[]): Promise<void> {
    const messages = together.map(({ message }) => message);
    const [message] = messages;
    if (!message) return;
    const replies = await this.#tell(runId, messages.length === 1 ? message : messages);
    for (const [at, { hear }] of together.entries()) hear(typeof replies === "string" ? replies : (replies[at] ?? "closed"));
  }
}
