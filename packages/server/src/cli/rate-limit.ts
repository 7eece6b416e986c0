import type { RateLimit } from "@millrace/contract";
import { usageError } from "#cli/cli-error";

/** `100/60s`: requests in some seconds, 60 where none are given. */
export function rateLimit(text: string | undefined): RateLimit | undefined {
  if (text === undefined) return undefined;
  const [, requests, window = "60"] = /^(\d{1,7})(?:\/(\d{1,5})s?)?$/.exec(text) ?? [];
  if (requests === undefined) throw usageError(`--rate: "${text}" is not a number of requests in some seconds`, "write 100/60s");
  return { requests: Number(requests), windowS: Number(window) };
}
