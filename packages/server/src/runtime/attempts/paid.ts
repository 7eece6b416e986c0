import type { AbandonedAttempt, Entry, RunState, Usage } from "@millrace/engine";

interface PaidAttempt {
  readonly path: string;
  readonly attempt: number;
  /** `step`: which of its steps paid; null: the attempt itself. */
  rows: readonly { readonly step: string | null; readonly row: Usage }[];
}

/** What attempts of one run have paid for that no entry tells of yet. */
export class Paid {
  readonly #attempts: PaidAttempt[] = [];

  add(path: string, attempt: number, step: string | null, usage: readonly Usage[]): void {
    const known = this.#find(path, attempt);
    const rows = usage.map((row) => ({ step, row }));
    if (known) known.rows = [...known.rows, ...rows];
    else this.#attempts.push({ path, attempt, rows });
  }

  of(path: string, attempt: number): readonly Usage[] {
    return this.#find(path, attempt)?.rows.map(({ row }) => row) ?? [];
  }

  /** What a step of the attempt has paid for: an entry of its own tells of that. */
  takeStep(path: string, attempt: number, step: string): readonly Usage[] {
    const known = this.#find(path, attempt);
    if (!known) return [];
    const taken = known.rows.filter((one) => one.step === step);
    known.rows = known.rows.filter((one) => one.step !== step);
    return taken.map(({ row }) => row);
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
    if (entry.type === "run-finished") return [];
    return left
      .filter(({ path, attempt, rows }) => rows.length > 0 && !tells(entry, path, attempt))
      .map(({ path, attempt, rows }) => ({ path, attempt, usage: rows.map(({ row }) => row) }));
  }

  #find(path: string, attempt: number) {
    return this.#attempts.find((one) => one.path === path && one.attempt === attempt);
  }
}

function tells(entry: Entry, path: string, attempt: number): boolean {
  return (entry.type === "node-finished" || entry.type === "node-failed") && entry.path === path && (entry.attempt ?? attempt) === attempt;
}
