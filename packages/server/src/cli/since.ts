import { usageError } from "#cli/cli-error";
import { durationMs, isDuration } from "#cli/duration";

/** The value of a flag, epoch ms: `24h` before now, or a date. */
export function sinceMs(text: string, now: number, flag = "--since"): number {
  if (isDuration(text) && !/^\d+$/.test(text)) return now - durationMs(flag, text, now);
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || at < 0)
    throw usageError(`${flag}: "${text}" is neither a duration nor a date`, "write 24h, 7d or 2026-01-31T09:00:00Z");
  return at;
}
