import type { Json } from "@millrace/contract";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Digits that a number may have and still be below 10^308. */
const SAFE_DIGITS = 308;

/** The most of each that JSON may have: nested containers, values in all (an empty container as two), keys of one object. */
export interface JsonBounds {
  readonly depth: number;
  readonly values: number;
  readonly keys: number;
}

export interface JsonScan {
  /** What there is more of than may be. */
  readonly excess?: keyof JsonBounds;
  /** A number could overflow. */
  readonly hasBigNumber: boolean;
}

/** Keys of the object that is open at each depth, of what is being scanned; as many as the depth may be set to. */
const keysAt = new Uint32Array(1_001);

/**
 * Measures JSON before it is parsed: what parses at depth 1,000,000 cannot be written again, and millions of small values hold up everybody
 * else. One pass over the bytes, which need not be JSON; what counts is outside strings.
 */
export function scanJson(bytes: Buffer, bounds: JsonBounds): JsonScan {
  keysAt[0] = 0;
  let depth = 0;
  let values = 1;
  let digits = 0;
  let hasBigNumber = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === QUOTE) {
      i = endOfString(bytes, i);
      digits = 0;
    } else if (byte >= 0x30 && byte <= 0x39) {
      digits += 1;
      if (digits > SAFE_DIGITS) hasBigNumber = true;
    } else {
      // 1e400: an exponent follows a digit; the e of true and false does not.
      if ((byte | 0x20) === 0x65 && digits > 0) hasBigNumber = true;
      if (byte !== 0x2e) digits = 0;
      if (byte === 0x5b || byte === 0x7b) {
        depth += 1;
        if (depth > bounds.depth) return { excess: "depth", hasBigNumber };
        keysAt[depth] = 0;
        values += 1;
      } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
      else if (byte === COMMA) values += 1;
      else if (byte === COLON) {
        const keys = (keysAt[depth] ?? 0) + 1;
        if (keys > bounds.keys) return { excess: "keys", hasBigNumber };
        keysAt[depth] = keys;
      }
      if (values > bounds.values) return { excess: "values", hasBigNumber };
    }
  }
  return { hasBigNumber };
}

/** Index of the closing quote, or one beyond the last where there is none. Texts without escapes, nearly all, are searched natively. */
function endOfString(bytes: Buffer, start: number): number {
  const quote = bytes.indexOf(QUOTE, start + 1);
  if (quote === -1) return bytes.length;
  if (bytes[quote - 1] !== BACKSLASH) return quote;
  let end = start + 1;
  while (end < bytes.length && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
  return end;
}

/** What `hasBigNumber` suspects. */
export function holdsInfinity(value: Json): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (value === null || typeof value !== "object") return false;
  const items: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  return items.some(holdsInfinity);
}
