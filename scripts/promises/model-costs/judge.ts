import { Tally } from "../frame/check.ts";
import type { Given } from "./books.ts";
import type { EndedRun, Life, UsageRow } from "./life.ts";
import { priceOf, shown, units } from "./rate-card.ts";

// The provider's books against the server's.

export interface Verdict {
  /** Runs whose sums are not those of what the provider counted. */
  readonly sums: Tally;
  /** Answers of the provider that no record of a run has, though no kill took it, or that two records have. */
  readonly answers: Tally;
  /** Recorded rows that the provider did not give. */
  readonly rows: Tally;
  /** Steps with an answer whose record a kill took: they asked anew, and the run does not pay for the first. */
  readonly taken: readonly string[];
  /** Recorded calls of finished nodes that were made again in a later life of the server. */
  readonly repeated: Tally;
}

export function judge({ runs, usage, books }: Life): Verdict {
  const sums = new Tally();
  const rows = new Tally();
  const recorded = new Map<number, number>();
  for (const run of runs) {
    for (const row of run.rows) {
      recorded.set(row.inputTokens, (recorded.get(row.inputTokens) ?? 0) + 1);
      rows.add(unlike(row, books.given.get(row.inputTokens), run));
    }
    sums.add(otherSum(run, books.given, usage.get(run.tag) ?? "0"));
  }
  const answers = new Tally();
  const taken: string[] = [];
  for (const [input, { step, life }] of books.given) {
    const times = recorded.get(input) ?? 0;
    if (times === 0 && isAskedAfter(books, step, life)) taken.push(step);
    else answers.add(times === 1 ? null : `the answer to ${step} in life ${life} is in ${times} records`);
  }
  return { sums, answers, rows, taken, repeated: repeatedCalls({ runs, books }) };
}

/** What a node finished with is never asked for again. */
function repeatedCalls({ runs, books }: Pick<Life, "runs" | "books">): Tally {
  const repeated = new Tally();
  for (const { inputTokens } of runs.flatMap(({ rows }) => rows.filter(({ isFinal }) => isFinal))) {
    const given = books.given.get(inputTokens);
    if (given)
      repeated.add(isAskedAfter(books, given.step, given.life) ? `${given.step} was recorded in life ${given.life} and asked again` : null);
  }
  return repeated;
}

function isAskedAfter({ asked }: Life["books"], step: string, life: number): boolean {
  return (asked.get(step) ?? []).some((other) => other > life);
}

function unlike(row: UsageRow, given: Given | undefined, { tag }: EndedRun): string | null {
  if (!given || given.step.split("/")[0] !== tag) return `${tag} has a row of ${row.inputTokens} tokens that nobody counted for it`;
  const wanted = [given.model, given.outputTokens, priceOf(given)];
  const found = [row.model, row.outputTokens, units(row.credits)];
  return wanted.join() === found.join() ? null : `${given.step}: ${found.join()} and not ${wanted.join()}`;
}

function otherSum(run: EndedRun, given: Life["books"]["given"], usage: string): string | null {
  const counted = run.rows.flatMap(({ inputTokens }) => given.get(inputTokens) ?? []);
  const tokens = counted.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
  const credits = counted.reduce((sum, one) => sum + priceOf(one), 0n);
  const wanted = ["SUCCEED", tokens, shown(credits), credits];
  const found = [run.status, run.totalTokens, run.totalCost, units(usage)];
  return wanted.join() === found.join() ? null : `${run.tag}: ${found.join()} and not ${wanted.join()}`;
}
