import type { ShownPiece } from "#runtime/runtime";

/** Characters that wait for one reader. Whoever is further behind hears no more of these attempts: their results hold it all again. */
export const MAX_HELD_CHARACTERS = 65_536;

/** Attempts that have ended, of which a piece may still be on its way from another process. */
const REMEMBERED_ENDS = 64;

type Attempt = Pick<ShownPiece, "path" | "attempt">;

/** What attempts have shown and one reader has not come for. Pieces that follow one another are one. */
export class HeldPieces {
  #held: ShownPiece[] = [];
  #characters = 0;
  /** How many of them were there when they were sealed. */
  #sealed = 0;
  #missed: readonly Attempt[] = [];
  #over: Attempt[] = [];

  /** False: it was too much, and the attempt is heard no more, or it has ended. */
  add(piece: ShownPiece): boolean {
    if (this.#over.some((over) => over.path === piece.path && over.attempt >= piece.attempt)) return false;
    if (this.#missed.some((missed) => isSame(missed, piece))) return false;
    if (this.#characters + piece.text.length > MAX_HELD_CHARACTERS) {
      this.#miss(piece);
      return false;
    }
    const last = this.#held.length > this.#sealed ? this.#held.at(-1) : undefined;
    this.#characters += piece.text.length;
    if (last && isSame(last, piece) && last.channel === piece.channel)
      this.#held[this.#held.length - 1] = { ...last, text: last.text + piece.text };
    else this.#held.push(piece);
    return true;
  }

  /** From here on, `takeSealed` gives what is held now. */
  seal(): void {
    this.#sealed = this.#held.length;
  }

  takeSealed(): readonly ShownPiece[] {
    const taken = this.#held.splice(0, this.#sealed);
    this.#sealed = 0;
    return this.#counted(taken);
  }

  /** Those of one node's place in the run, up to an attempt that has ended. */
  takeOf(path: string, attempt = Number.POSITIVE_INFINITY): readonly ShownPiece[] {
    const isOver = (piece: Attempt) => piece.path === path && piece.attempt <= attempt;
    this.#over = [...this.#over.slice(1 - REMEMBERED_ENDS), { path, attempt }];
    this.#missed = this.#missed.filter((missed) => !isOver(missed));
    return this.#take(isOver);
  }

  #miss(piece: ShownPiece): void {
    this.#missed = [...this.#missed, { path: piece.path, attempt: piece.attempt }];
    this.#take((held) => isSame(held, piece));
  }

  #take(isTaken: (piece: ShownPiece) => boolean): readonly ShownPiece[] {
    if (this.#held.length === 0) return [];
    const taken = this.#held.filter(isTaken);
    this.#sealed -= this.#held.slice(0, this.#sealed).filter(isTaken).length;
    this.#held = this.#held.filter((piece) => !isTaken(piece));
    return this.#counted(taken);
  }

  #counted(taken: readonly ShownPiece[]): readonly ShownPiece[] {
    this.#characters -= taken.reduce((sum, { text }) => sum + text.length, 0);
    return taken;
  }
}

function isSame(one: Attempt, other: Attempt): boolean {
  return one.path === other.path && one.attempt === other.attempt;
}
