import { isJsonObject, type Json } from "@millrace/contract";
import { retryAfterMs } from "@millrace/nodes";

/**
 * The wait that a provider asks for, ms: `Retry-After`, or the form that it has instead (`retry-after-ms`; OpenAI's `x-ratelimit-reset-*`
 * of what is used up; Google's RetryInfo in the details of the error). Undefined: it asks for none. The engine bounds the wait.
 */
export function waitAskedFor(headers: { readonly [name: string]: string }, details: Json): number | undefined {
  return exact(headers["retry-after-ms"]) ?? retryAfterMs(headers) ?? resetOf(headers) ?? retryInfo(details);
}

function exact(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}(\.\d+)?$/.test(text) ? Math.ceil(Number(text)) : undefined;
}

/** The later one, where both are used up. */
function resetOf(headers: { readonly [name: string]: string }): number | undefined {
  const waits = ["requests", "tokens"].flatMap((what) => {
    const wait = headers[`x-ratelimit-remaining-${what}`] === "0" ? durationMs(headers[`x-ratelimit-reset-${what}`] ?? "") : undefined;
    return wait === undefined ? [] : [wait];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function retryInfo(details: Json): number | undefined {
  const delays = Array.isArray(details) ? details.flatMap((one) => (isJsonObject(one) ? [one["retryDelay"]] : [])) : [];
  const delay = delays.find((one) => typeof one === "string");
  return delay === undefined ? undefined : durationMs(delay);
}

const UNITS_MS: { readonly [unit: string]: number } = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** `6m0s`, `1.5s`, `20ms`. */
function durationMs(text: string): number | undefined {
  if (!/^(\d{1,9}(\.\d{1,9})?(h|ms|m|s))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s)/g);
  return Math.ceil([...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS_MS[unit ?? ""] ?? 0), 0));
}
