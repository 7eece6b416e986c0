import { type Json, LIMITS } from "@millrace/contract";
import { faultOf, placeOf } from "#http/json-fault";
import { RequestError } from "#request-error";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MAX_VALUES = LIMITS.jsonValues.value;
const MAX_KEYS = LIMITS.jsonKeys.value;
const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * A request body as JSON. Depth, values and keys are counted before anything is parsed (what parses at depth 1,000,000 cannot be written
 * again; a million small values hold up everybody else), and a number that overflows a double is refused rather than read as Infinity.
 * Throws RequestError `invalid_json`.
 */
export function parseJsonBody(bytes: Buffer, maxDepth: number): Json {
  const { excess, hasBigNumber } = scan(bytes, maxDepth);
  if (excess === "depth") throw new RequestError("invalid_json", { key: "invalid_json.depth", params: { limit: maxDepth } });
  if (excess === "values") throw new RequestError("invalid_json", { key: "invalid_json.values", params: { limit: MAX_VALUES } });
  if (excess === "keys") throw new RequestError("invalid_json", { key: "invalid_json.keys", params: { limit: MAX_KEYS } });
  const value = parse(decode(bytes));
  if (hasBigNumber && holdsInfinity(value)) throw new RequestError("invalid_json", { key: "invalid_json.number" });
  return value;
}

/** A leading byte-order mark is dropped by the decoder. */
function decode(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new RequestError("invalid_json", { key: "invalid_json.encoding" });
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The one thing that the parser throws; where that is, it says of some faults alone.
    const offset = faultOf(text) ?? text.length;
    const key = offset === text.length ? "invalid_json.ends" : "invalid_json.place";
    throw new RequestError("invalid_json", { key, params: { ...placeOf(text, offset) } });
  }
}

/** Digits that a number may have and still be below 10^308. */
const SAFE_DIGITS = 308;

interface Scan {
  /** What there is more of than may be. */
  readonly excess?: "depth" | "values" | "keys";
  /** A number could overflow. */
  readonly hasBigNumber: boolean;
}

/** Keys of the object that is open at each depth, of the body that is being scanned; as many as the depth may be set to. */
const keysAt = new Uint32Array(1_001);

/** One pass over the bytes; what counts is outside strings. */
function scan(bytes: Buffer, maxDepth: number): Scan {
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
        if (depth > maxDepth) return { excess: "depth", hasBigNumber };
        keysAt[depth] = 0;
        values += 1;
      } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
      else if (byte === COMMA) values += 1;
      else if (byte === COLON) {
        const keys = (keysAt[depth] ?? 0) + 1;
        if (keys > MAX_KEYS) return { excess: "keys", hasBigNumber };
        keysAt[depth] = keys;
      }
      if (values > MAX_VALUES) return { excess: "values", hasBigNumber };
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

function holdsInfinity(value: Json): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (value === null || typeof value !== "object") return false;
  const items: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  return items.some(holdsInfinity);
}
