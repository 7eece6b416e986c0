/** UTF-8 in plain code: the pure rooms have no TextEncoder and no TextDecoder. */

/** What stands for each run of bytes that is no character, and for a lone surrogate. */
const REPLACEMENT = 0xfffd;

/** Characters that are joined at once: `String.fromCodePoint` takes them as arguments, and the stack is bounded. */
const CHUNK = 4_096;

/** Bytes of well-formed UTF-8. A lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(byteLength(text));
  let at = 0;
  for (const character of text) {
    const code = scalar(character.codePointAt(0) ?? REPLACEMENT);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    const trailing = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    bytes[at++] = (LEAD[trailing] ?? 0) | (code >> (6 * trailing));
    for (let shift = 6 * (trailing - 1); shift >= 0; shift -= 6) bytes[at++] = 0x80 | ((code >> shift) & 0x3f);
  }
  return bytes;
}

/** The first byte of a sequence, by the number of bytes that follow it. */
const LEAD = [0, 0xc0, 0xe0, 0xf0];

function scalar(code: number): number {
  return code >= 0xd800 && code <= 0xdfff ? REPLACEMENT : code;
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = scalar(character.codePointAt(0) ?? REPLACEMENT);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/**
 * Text of UTF-8 bytes as web platforms decode it: a byte order mark at the start is dropped, and each longest prefix
 * of what could have been a character becomes one U+FFFD.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text: string[] = [];
  let codes: number[] = [];
  for (let at = hasMark ? 3 : 0; at < bytes.length; ) {
    const read = readSequence(bytes, at);
    codes.push(read.code);
    at += read.length;
    if (codes.length === CHUNK) {
      text.push(String.fromCodePoint(...codes));
      codes = [];
    }
  }
  return text.join("") + String.fromCodePoint(...codes);
}

/** True where every byte belongs to a character. */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const read = readSequence(bytes, at);
    if (!read.valid) return false;
    at += read.length;
  }
  return true;
}

interface Sequence {
  readonly code: number;
  /** Bytes read; at least 1. */
  readonly length: number;
  readonly valid: boolean;
}

function readSequence(bytes: Uint8Array, start: number): Sequence {
  const first = bytes[start] ?? 0;
  if (first < 0x80) return { code: first, length: 1, valid: true };
  const trailing = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
  if (trailing === 0) return invalid(1);
  let code = first & (0x3f >> trailing);
  for (let offset = 1; offset <= trailing; offset++) {
    const byte = bytes[start + offset];
    if (byte === undefined || !follows(first, offset, byte)) return invalid(offset);
    code = (code << 6) | (byte & 0x3f);
  }
  return { code, length: trailing + 1, valid: true };
}

function invalid(length: number): Sequence {
  return { code: REPLACEMENT, length, valid: false };
}

/** The second byte has a narrower range after some first ones: no overlong forms, no surrogates, nothing above U+10FFFF. */
function follows(first: number, offset: number, byte: number): boolean {
  const least = offset > 1 ? 0x80 : first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = offset > 1 ? 0xbf : first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  return byte >= least && byte <= most;
}
