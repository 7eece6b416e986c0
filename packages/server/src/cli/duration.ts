import { usageError } from "#cli/cli-error";

const UNITS_MS: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The longest wait that a timer counts. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/;

export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/** Milliseconds of `500ms`, `30s`, `5m`, `2h`, `1d`; a number alone is seconds. */
export function durationMs(flag: string, text: string, maxMs = MAX_TIMER_MS): number {
  const [, number = "", unit = "s"] = DURATION.exec(text) ?? [];
  const ms = number === "" ? Number.NaN : Math.round(Number(number) * (UNITS_MS[unit] ?? Number.NaN));
  if (Number.isNaN(ms)) throw usageError(`${flag}: "${text}" is not a duration`, "write 500ms, 30s, 5m, 2h or 1d");
  if (ms > maxMs) throw usageError(`${flag}: "${text}" is longer than ${Math.floor(maxMs / 86_400_000)} days`);
  return ms;
}
