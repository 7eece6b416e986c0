import type { Json } from "@millrace/contract";
import { RequestError } from "#request-error";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * A request body as JSON. Depth is counted before anything is parsed (what parses at depth 1,000,000 cannot be written again), and a
 * number that overflows a double is refused rather than read as Infinity. Throws RequestError `invalid_json`.
 */
export function parseJsonBody(bytes: Buffer, maxDepth: number): Json {
  const { isDeep, hasBigNumber } = scan(bytes, maxDepth);
  if (isDeep) throw new RequestError("invalid_json", { key: "invalid_json.depth", params: { limit: maxDepth } });
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

const POSITION = /position (\d+)/;

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const position = POSITION.exec(String(error))?.[1];
    throw new RequestError("invalid_json", position === undefined ? {} : { key: "invalid_json.position", params: { position } });
  }
}

/** Digits that a number may have and still be below 10^308. */
const SAFE_DIGITS = 308;

/** One pass over the bytes: the deepest nesting outside strings, and whether any number could overflow. */
function scan(bytes: Buffer, maxDepth: number): { isDeep: boolean; hasBigNumber: boolean } {
  let depth = 0;
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
        if (depth > maxDepth) return { isDeep: true, hasBigNumber };
      } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    }
  }
  return { isDeep: false, hasBigNumber };
}

/** Index of the closing quote, or the last index when there is none. */
function endOfString(bytes: Buffer, start: number): number {
  let end = bytes.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(bytes, end)) end = bytes.indexOf(QUOTE, end + 1);
  return end === -1 ? bytes.length : end;
}

function isEscaped(bytes: Buffer, index: number): boolean {
  let backslashes = 0;
  while (bytes[index - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function holdsInfinity(value: Json): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (value === null || typeof value !== "object") return false;
  const items: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  return items.some(holdsInfinity);
}
