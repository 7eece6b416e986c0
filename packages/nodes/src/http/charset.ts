import { decodeUtf8 } from "#kit/utf8";

type Decode = (bytes: Uint8Array) => string;

const DECODERS: ReadonlyMap<string, Decode> = new Map([
  ...labels(decodeUtf8, ["utf-8", "utf8"]),
  // The web reads all of these as windows-1252: pages that say Latin-1 hold its curly quotes.
  ...labels(decodeWindows1252, ["windows-1252", "cp1252", "iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii"]),
  ...labels(decodeUtf16(0), ["utf-16le", "utf-16"]),
  ...labels(decodeUtf16(1), ["utf-16be"]),
]);

function labels(decode: Decode, names: readonly string[]): (readonly [string, Decode])[] {
  return names.map((name) => [name, decode] as const);
}

/** Text of bytes in a charset (lower case; null: UTF-8). Null: the charset is not one that can be read here. */
export function decodeText(bytes: Uint8Array, charset: string | null): string | null {
  return DECODERS.get(charset ?? "utf-8")?.(bytes) ?? null;
}

/** Bytes that `String.fromCharCode` takes at once: they are arguments, and the stack is bounded. */
const CHUNK = 8_192;

/** What the bytes 0x80 to 0x9f stand for; all others are their own code point. */
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

function decodeWindows1252(bytes: Uint8Array): string {
  const text: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) text.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return text.join("").replace(/[\u0080-\u009f]/g, (character) => WINDOWS_1252.charAt(character.charCodeAt(0) - 0x80));
}

/** `low`: where the low byte of a unit lies, 0 or 1. A byte order mark is dropped; lone surrogates and a last odd byte become U+FFFD. */
function decodeUtf16(low: 0 | 1): Decode {
  return (bytes) => {
    const text: string[] = [];
    const even = bytes.length - (bytes.length % 2);
    for (let at = 0; at < even; at += CHUNK) {
      const units: number[] = [];
      for (let unit = at; unit < Math.min(at + CHUNK, even); unit += 2)
        units.push(((bytes[unit + 1 - low] ?? 0) << 8) | (bytes[unit + low] ?? 0));
      text.push(String.fromCharCode(...units));
    }
    const decoded = text.join("").toWellFormed() + (even < bytes.length ? "\ufffd" : "");
    return decoded.replace(/^\ufeff/, "");
  };
}
