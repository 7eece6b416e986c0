/** Where the time of a picture begins and ends, epoch ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The time that the server counted: its last bar ends where that ends, and nothing stands empty behind it. */
export function spanOf({ from, to }: Span): Span {
  return { from, to };
}

/**
 * The same for bars of whole days of the calendar, which begin before what was counted and end after it: each is seen whole.
 * @param days where they begin, the earliest first
 */
export function daysSpanOf({ from, to }: Span, days: readonly number[]): Span {
  const [first = from] = days;
  return { from: Math.min(from, first), to: Math.max(to, endOfDay(days.at(-1) ?? from)) };
}

/** Days of the calendar are now and then an hour longer or shorter. */
export function endOfDay(at: number): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}
