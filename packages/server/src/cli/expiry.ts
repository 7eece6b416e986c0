import { usageError } from "#cli/cli-error";
import type { Given } from "#cli/given";

const MAX_DAYS = 3_650;

/** `--expires 90d`, as requests for keys say it. */
export function expiryOf(given: Given): { expiresInDays?: number } {
  const text = given.text("expires");
  if (text === undefined) return {};
  const days = Number(/^(\d{1,4})d?$/.exec(text)?.[1] ?? 0);
  if (days < 1 || days > MAX_DAYS) throw usageError(`--expires: "${text}" is not a number of days from 1 to ${MAX_DAYS}`, "write 90d");
  return { expiresInDays: days };
}
