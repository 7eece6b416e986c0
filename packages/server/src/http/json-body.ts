import { type Json, LIMITS } from "@millrace/contract";
import { faultOf, placeOf } from "#http/json-fault";
import { holdsInfinity, scanJson } from "#json-scan";
import { RequestError } from "#request-error";

const MAX_VALUES = LIMITS.jsonValues.value;
const MAX_KEYS = LIMITS.jsonKeys.value;
const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * A request body as JSON, measured before it is parsed. A number that overflows a double is refused rather than read as Infinity. Throws
 * RequestError `invalid_json`.
 */
export function parseJsonBody(bytes: Buffer, maxDepth: number): Json {
  const { excess, hasBigNumber } = scanJson(bytes, { depth: maxDepth, values: MAX_VALUES, keys: MAX_KEYS });
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
