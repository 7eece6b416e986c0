const MS_PER_SECOND = 1_000;

/** Whole seconds; the engine bounds the wait itself. */
const SECONDS = /^\d{1,9}$/;

/**
 * The wait that an answer asks for, ms. A date counts from the answer's own Date header: no clock is read here, and the two sides'
 * clocks need not agree. Undefined: it asks for none, or cannot be read.
 */
export function retryAfterMs(headers: { readonly [name: string]: string }): number | undefined {
  const asked = headers["retry-after"]?.trim() ?? "";
  if (SECONDS.test(asked)) return Number(asked) * MS_PER_SECOND;
  const wait = httpDate(asked) - httpDate(headers["date"]?.trim() ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Epoch ms of an HTTP date, NaN where it is none. Without GMT it would be read in the zone of this machine. */
function httpDate(text: string): number {
  return / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
}
