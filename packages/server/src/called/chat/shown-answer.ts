import type { ShownPiece } from "#runtime/runtime";

/** What is new since the last look. */
export interface ShownParts {
  readonly text: string;
  readonly reasoning: string;
}

/**
 * The answer of a run as its nodes show it. Whoever reads it cannot be told to forget: of an attempt that repeats a failed one, only what goes
 * beyond what was shown is shown, and only as long as it says the same; of one that was missed in part, nothing from there on.
 */
export class ShownAnswer {
  readonly #nodes: ReadonlySet<string>;
  /** Of the attempt that is being heard. */
  #attempt = "";
  #heard = "";
  /** All that was shown. */
  #shown = "";
  #text = "";
  #reasoning = "";

  constructor(nodes: ReadonlySet<string>) {
    this.#nodes = nodes;
  }

  /** False: the piece is of no node that answers. */
  add({ path, attempt, channel, from, text }: ShownPiece): boolean {
    if (!this.#nodes.has(path)) return false;
    if (channel === "reasoning") this.#reasoning += text;
    else this.#hear(`${path}/${attempt}`, from, text);
    return true;
  }

  take(): ShownParts {
    const parts = { text: this.#text, reasoning: this.#reasoning };
    this.#text = "";
    this.#reasoning = "";
    return parts;
  }

  /** What is missing of the whole answer; null: what was shown is no part of it. Pieces that are not taken yet count as shown. */
  rest(answer: string): string | null {
    return answer.startsWith(this.#shown) ? answer.slice(this.#shown.length) : null;
  }

  #hear(attempt: string, from: number, text: string): void {
    if (attempt !== this.#attempt) this.#heard = "";
    this.#attempt = attempt;
    if (from !== this.#heard.length) return;
    this.#heard += text;
    if (!this.#heard.startsWith(this.#shown)) return;
    this.#text += this.#heard.slice(this.#shown.length);
    this.#shown = this.#heard;
  }
}
