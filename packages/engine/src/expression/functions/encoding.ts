import type { Json } from "@millrace/contract";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { fault } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import { base64FromBytes, bytesFromBase64, textFromUtf8 } from "#expression/functions/base64";
import { any, integer, optional, string, text } from "#expression/functions/parameter";
import { define, type FunctionRow } from "#expression/functions/row";
import { writeJson } from "#value/json-writer";
import { parseJson } from "#value/parse-json";
import { ANY, STRING } from "#value/types";

/** Working on each byte takes about eight times as long as a search. */
const BYTE_FACTOR = 8;
const HASH_COST = 50;

export const ENCODING_FUNCTIONS: readonly FunctionRow[] = [
  define("JSON.parse", [string("text")], ANY, "The value of a JSON text.", ([json], meter) => {
    // The value takes more room than its text: "[]," is three characters.
    meter.text(json.length * 2);
    const value = parseJson(json);
    if (value === undefined) throw fault("bad_input", "JSON.parse: the text is not JSON.");
    return value;
  }),
  define(
    "JSON.stringify",
    [any("value"), optional(any("replacer")), optional(integer("indent"))],
    STRING,
    "JSON text; `replacer` is null, `indent` in blanks.",
    stringify,
  ),
  define(
    "encodeURIComponent",
    [text("value")],
    STRING,
    "The text for one part of a URL: all but letters, digits and -_.!~*'() is escaped.",
    ([value], meter) => {
      meter.scan(value.length * BYTE_FACTOR);
      meter.text(escapedLength(value));
      return uriOrFault("encodeURIComponent: the text holds half a character (a lone surrogate).", () => encodeURIComponent(value));
    },
  ),
  define("decodeURIComponent", [text("value")], STRING, "The text of an escaped part of a URL.", ([value], meter) => {
    meter.text(value.length);
    return uriOrFault("decodeURIComponent: the text is not valid percent encoding.", () => decodeURIComponent(value));
  }),
  define("base64", [text("value")], STRING, "The UTF-8 bytes of the text in base64.", ([value], meter) => {
    meter.scan(value.length * BYTE_FACTOR);
    meter.text(value.length * 4); // At most three bytes a unit, four characters for three bytes.
    return base64FromBytes(utf8ToBytes(value));
  }),
  define("base64Decode", [string("value")], STRING, "The text whose UTF-8 bytes are given in base64 or base64url.", ([value], meter) => {
    meter.scan(value.length * BYTE_FACTOR);
    meter.text(value.length);
    const bytes = bytesFromBase64(value);
    const decoded = bytes === null ? null : textFromUtf8(bytes);
    if (decoded === null) throw fault("bad_input", "base64Decode: the text is not base64 of UTF-8 text.");
    return decoded;
  }),
  define(
    "sha256",
    [text("value")],
    STRING,
    "The SHA-256 of the text's UTF-8 bytes, in hex.",
    ([value], meter) => {
      meter.scan(value.length * BYTE_FACTOR);
      return bytesToHex(sha256(utf8ToBytes(value)));
    },
    { cost: HASH_COST },
  ),
  define(
    "hmacSha256",
    [text("key"), text("value")],
    STRING,
    "The HMAC-SHA-256 of the text under a key, in hex: signs a request.",
    ([key, value], meter) => {
      meter.scan((key.length + value.length) * BYTE_FACTOR);
      return bytesToHex(hmac(sha256, utf8ToBytes(key), utf8ToBytes(value)));
    },
    { cost: 2 * HASH_COST },
  ),
  define("now", [], { kind: "integer" }, "The time of this evaluation, in ms since 1970 UTC.", (_, meter) => meter.now),
  define("uuid", [], STRING, "A UUID: another one at each call, the same ones when the step is replayed.", (_, meter) => uuid(meter), {
    cost: HASH_COST,
  }),
];

const MAX_INDENT = 10;

function stringify([value, replacer, indent]: readonly [Json, Json, number | null], meter: Meter): string {
  if (replacer !== null) throw fault("bad_argument", 'JSON.stringify: "replacer" must be null.');
  const style = { indent: Math.min(Math.max(indent ?? 0, 0), MAX_INDENT), filesAsUrls: false, sortKeys: false };
  return writeJson(value, style, (characters) => meter.text(characters));
}

const ESCAPED_LENGTHS: readonly number[] = Array.from({ length: 128 }, (_, unit) => encodeURIComponent(String.fromCharCode(unit)).length);

/** Exact: unescaped characters are one, an escaped byte is three. */
function escapedLength(value: string): number {
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x800) length += ESCAPED_LENGTHS[unit] ?? 6;
    else length += unit >= 0xd800 && unit <= 0xdfff ? 6 : 9;
  }
  return length;
}

/** The host's functions throw an error of their own for what they cannot read. */
function uriOrFault(message: string, work: () => string): string {
  try {
    return work();
  } catch {
    throw fault("bad_input", message);
  }
}

/** Version 4 in form; its bits come from the seed and the count of calls, so that a replay draws the same. */
function uuid(meter: Meter): string {
  const bytes = sha256(utf8ToBytes(`${meter.seed}/${meter.nextUuid()}`));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytesToHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
