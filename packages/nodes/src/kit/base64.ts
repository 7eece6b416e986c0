/** Base64 in plain code: the pure rooms have neither Buffer nor btoa. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Values of the standard and the URL alphabet, by character code; -1 for all others. */
const VALUES = valuesOf(ALPHABET);

function valuesOf(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (const [value, character] of [...alphabet].entries()) values[character.charCodeAt(0)] = value;
  values["-".charCodeAt(0)] = 62;
  values["_".charCodeAt(0)] = 63;
  return values;
}

/** Standard alphabet, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.subarray(at, at + 3);
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    const digits = digit(bits, 18) + digit(bits, 12);
    groups.push(digits + (second === undefined ? "=" : digit(bits, 6)) + (third === undefined ? "=" : digit(bits, 0)));
  }
  return groups.join("");
}

function digit(bits: number, shift: number): string {
  return ALPHABET.charAt((bits >> shift) & 0x3f);
}

/** Bytes of base64 in the standard or the URL alphabet, padded or not; white space does not count. Null: not base64. */
export function decodeBase64(text: string): Uint8Array | null {
  const compact = text.replace(/\s+/g, "");
  const digits = compact.replace(/={1,2}$/, "");
  const padded = digits.length !== compact.length;
  if (digits.length % 4 === 1 || (padded && compact.length % 4 !== 0)) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let at = 0;
  for (let index = 0; index < digits.length; index++) {
    const value = VALUES[digits.charCodeAt(index)] ?? -1;
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    // Each digit but the first of four completes a byte and leaves 4, 2, then 0 bits for the next one.
    if (index % 4 > 0) bytes[at++] = (bits >> (6 - 2 * (index % 4))) & 0xff;
  }
  return bytes;
}
