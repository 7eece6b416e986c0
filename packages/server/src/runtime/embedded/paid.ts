import type { AbandonedAttempt, Entry, RunState, Usage } from "@millrace/engine";

/** What attempts of one run have paid for that no entry tells of yet. */
export class Paid {
  readonly #attempts: Array<{ readonly path: string; readonly attempt: number; usage: readonly Usage[] }> = [];

  add(path: string, attempt: number, usage: readonly Usage[]): void {
    const known = this.#find(path, attempt);
    if (known) known.usage = [...known.usage, ...usage];
    else this.#attempts.push({ path, attempt, usage });
  }

  of(path: string, attempt: number): readonly Usage[] {
    return this.#find(path, attempt)?.usage ?? [];
  }

  /**
   * Takes out the attempts that are under way no longer in the state that the entry leads to; answers those of them that it does not tell of
   * itself. The totals of a run that ends are drawn up already, so its end tells of nothing.
   */
  takeAbandoned(entry: Entry, next: RunState): readonly AbandonedAttempt[] {
    const open = (path: string, attempt: number): boolean =>
      next.active.some((one) => one.active === "attempt" && one.path === path && one.attempt === attempt);
    const left = this.#attempts.filter(({ path, attempt }) => !open(path, attempt));
    for (const one of left) this.#attempts.splice(this.#attempts.indexOf(one), 1);
    return entry.type === "run-finished" ? [] : left.filter(({ path, attempt }) => !tells(entry, path, attempt));
  }

  #find(path: string, attempt: number) {
    return this.#attempts.find((one) => one.path === path && one.attempt === attempt);
  }
}

function tells(entry: Entry, path: string, attempt: number): boolean {
  return (entry.type === "node-finished" || entry.type === "node-failed") && entry.path === path && (entry.attempt ?? attempt) === attempt;
}
