/** A figure without and with what is to disturb it, from rounds that follow each other. */
export interface Pair {
  readonly alone: number;
  readonly beside: number;
}

/** Pairs by which one side of a limit has to lead: with fewer, chance decides too often on a machine that does other things as well. */
const LEAD = 3;

/** What disturbs is begun and ended for each pair. */
export interface Disturbed {
  /** At most, where there is a limit. */
  readonly pairs: number;
  /**
   * Of beside to alone: measuring ends as soon as clearly more pairs are on one side of it than on the other, or so many that the rest cannot
   * take the middle to the other side.
   */
  readonly limit?: number;
  /** One round, as one figure. */
  measure(): Promise<number>;
  /** Begins what disturbs; resolves to the way to end it, which resolves when nothing of it is left. */
  disturb(): Promise<() => Promise<void>>;
}

/**
 * Measures in turns, without and with. What else the machine does changes from one minute to the next: it weighs on both of a pair, and not
 * on one of two halves of a check.
 */
export async function inPairs({ pairs, limit, measure, disturb }: Disturbed): Promise<Pair[]> {
  // Once for nothing, each: code is compiled, connections are made, caches are filled.
  await measure();
  await (await disturb())();
  const measured: Pair[] = [];
  let lead = 0;
  for (let n = 0; n < pairs && Math.abs(lead) < Math.min(LEAD, pairs - n + 1); n++) {
    const alone = await measure();
    const calm = await disturb();
    const beside = await measure();
    await calm();
    measured.push({ alone, beside });
    if (limit !== undefined) lead += beside / alone <= limit ? 1 : -1;
  }
  return measured;
}

/** The pair in the middle by its ratio: half of the rounds were better, and half of them worse. */
export function middlePair(pairs: readonly Pair[]): Pair & { readonly ratio: number } {
  const ordered = pairs.map((pair) => ({ ...pair, ratio: pair.beside / pair.alone })).toSorted((a, b) => a.ratio - b.ratio);
  const middle = ordered[Math.floor(ordered.length / 2)];
  if (!middle) throw new Error("nothing was measured");
  return middle;
}

/** The time that 99 of 100 took at most. */
export function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}
