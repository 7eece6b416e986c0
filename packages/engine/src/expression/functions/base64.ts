const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const VALUE_OF: ReadonlyMap<string, number> = new Map([
  ...[...ALPHABET].map((letter, value): [string, number] => [letter, value]),
  ["-", 62],
  ["_", 63],
]);

export function base64FromBytes(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const left = bytes.length - i;
    text += letter(group >> 18) + letter(group >> 12) + (left > 1 ? letter(group >> 6) : "=") + (left > 2 ? letter(group) : "=");
  }
  return text;
}

function letter(bits: number): string {
  return ALPHABET.charAt(bits & 63);
}

/** Standard and URL-safe letters, padded or not; null for all else. */
export function bytesFromBase64(text: string): Uint8Array | null {
  const letters = text.length % 4 === 0 ? text.replace(/={1,2}$/, "") : text;
  if (letters.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let buffer = 0;
  let at = 0;
  for (let i = 0; i < letters.length; i++) {
    const value = VALUE_OF.get(letters.charAt(i));
    if (value === undefined) return null;
    buffer = ((buffer << 6) | value) & 0xffffff;
    if (i % 4 > 0) bytes[at++] = (buffer >> (6 - 2 * (i % 4))) & 0xff;
  }
  return bytes;
}

/** Bytes that a character of each lead byte has; its first bits; the least code point that needs so many bytes. */
const FORMS = [
  { mask: 0x80, lead: 0x00, size: 1, least: 0 },
  { mask: 0xe0, lead: 0xc0, size: 2, least: 0x80 },
  { mask: 0xf0, lead: 0xe0, size: 3, least: 0x800 },
  { mask: 0xf8, lead: 0xf0, size: 4, least: 0x10000 },
] as const;

/** Null where the bytes are not UTF-8: nothing is replaced. */
export function textFromUtf8(bytes: Uint8Array): string | null {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] ?? 0;
    const form = FORMS.find(({ mask, lead }) => (first & mask) === lead);
    if (form === undefined || i + form.size > bytes.length) return null;
    let point = first & ~form.mask;
    for (let k = 1; k < form.size; k++) {
      const next = bytes[i + k] ?? 0;
      if ((next & 0xc0) !== 0x80) return null;
      point = (point << 6) | (next & 0x3f);
    }
    if (point < form.least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null;
    text += String.fromCodePoint(point);
    i += form.size;
  }
  return text;
}
