import type { Json, JsonObject } from "@millrace/contract";

/** Containers within containers that a value may have: what parses at any depth may be impossible to write. */
export const MAX_DEPTH = 128;

/**
 * UTF-8 bytes of the value's JSON text, exact up to `limit`; beyond it, any number above `limit`.
 * Stops early, so that a huge value costs no more than a value at the limit.
 */
export function jsonBytes(value: Json, limit: number): number {
  const upper = upperBound(value, limit);
  return upper <= limit ? upper : exactBytes(JSON.stringify(value));
}

/** Never below the true size: every UTF-16 unit is at most 6 bytes (an escape). */
function upperBound(value: Json, limit: number): number {
  if (value === null || typeof value === "boolean") return 5;
  if (typeof value === "number") return 25;
  if (typeof value === "string") return 2 + value.length * 6;
  let sum = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      sum += 1 + upperBound(item, limit);
      if (sum > limit) return sum;
    }
    return sum;
  }
  for (const [key, item] of Object.entries(value)) {
    sum += 4 + key.length * 6 + upperBound(item, limit);
    if (sum > limit) return sum;
  }
  return sum;
}

function exactBytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate pair is 4 bytes for 2 units; JSON text holds no lone surrogates (they are escaped).
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Is the value nested deeper than `limit`? */
export function isDeeperThan(value: Json, limit: number): boolean {
  if (value === null || typeof value !== "object") return false;
  if (limit === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeperThan(item, limit - 1));
  const members = value as JsonObject;
  for (const key of Object.keys(members)) if (isDeeperThan(members[key] ?? null, limit - 1)) return true;
  return false;
}
