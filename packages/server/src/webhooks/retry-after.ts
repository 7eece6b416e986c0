const LONGEST_MS = 24 * 60 * 60 * 1_000;

/** ms that a receiver asks to be left alone, as seconds or as a date; 0 where it asks for nothing that can be read. */
export function retryAfterMs(value: string | undefined, now: number): number {
  if (value === undefined) return 0;
  const text = value.trim();
  const ms = /^\d{1,15}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LONGEST_MS);
}
