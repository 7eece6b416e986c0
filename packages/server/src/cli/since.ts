import { usageError } from "#cli/cli-error";
import { durationMs, isDuration } from "#cli/duration";

/** `--since`, epoch ms: `24h` before now, or a date. */
export function sinceMs(text: string, now: number): number {
  if (isDuration(text) && !/^\d+$/.test(text)) return now - durationMs("--since", text, now);
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || at < 0)
    throw usageError(`--since: "${text}" is neither a duration nor a date`, "write 24h, 7d or 2026-01-31T09:00:00Z");
  return at;
}
