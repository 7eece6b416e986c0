/** TextEncoder, TextDecoder (UTF-8 only), atob, btoa: guest JavaScript, run once before the snapshot. */
export const ENCODING_SOURCE = String.raw`(function () {
"use strict";
const { defineProperty } = Reflect;
const { fromCharCode, fromCodePoint } = String;
const hidden = (name, value) => defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });

function codePoints(text) {
  const points = [];
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i);
    if (point > 0xffff) i++;
    points.push(point >= 0xd800 && point <= 0xdfff ? 0xfffd : point);
  }
  return points;
}

hidden("TextEncoder", class TextEncoder {
  get encoding() { return "utf-8"; }
  encode(input = "") {
    const bytes = [];
    for (const p of codePoints(String(input))) {
      if (p < 0x80) bytes.push(p);
      else if (p < 0x800) bytes.push(0xc0 | (p >> 6), 0x80 | (p & 63));
      else if (p < 0x10000) bytes.push(0xe0 | (p >> 12), 0x80 | ((p >> 6) & 63), 0x80 | (p & 63));
      else bytes.push(0xf0 | (p >> 18), 0x80 | ((p >> 12) & 63), 0x80 | ((p >> 6) & 63), 0x80 | (p & 63));
    }
    return new Uint8Array(bytes);
  }
});

function bytesOf(input) {
  if (input === undefined) return new Uint8Array(0);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  throw new TypeError("TextDecoder.decode needs an ArrayBuffer or a view of one");
}

// The length of a sequence by its first byte, and the bounds of its second, which exclude overlong forms, surrogates and more than 0x10ffff.
function sequence(first) {
  if (first >= 0xc2 && first <= 0xdf) return [2, 0x80, 0xbf];
  if (first >= 0xe0 && first <= 0xef) return [3, first === 0xe0 ? 0xa0 : 0x80, first === 0xed ? 0x9f : 0xbf];
  if (first >= 0xf0 && first <= 0xf4) return [4, first === 0xf0 ? 0x90 : 0x80, first === 0xf4 ? 0x8f : 0xbf];
  return undefined;
}

function decodeAt(bytes, at) {
  const first = bytes[at];
  if (first < 0x80) return [first, 1];
  const shape = sequence(first);
  if (shape === undefined) return [-1, 1];
  let [length, low, high] = shape;
  let point = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    if (byte === undefined || byte < low || byte > high) return [-1, i];
    point = (point << 6) | (byte & 63);
    low = 0x80;
    high = 0xbf;
  }
  return [point, length];
}

hidden("TextDecoder", class TextDecoder {
  constructor(label = "utf-8", options = {}) {
    const name = String(label).trim().toLowerCase();
    if (name !== "utf-8" && name !== "utf8") throw new RangeError("TextDecoder: only utf-8 is available, not " + name);
    this.fatal = Boolean(options.fatal);
    this.ignoreBOM = Boolean(options.ignoreBOM);
  }
  get encoding() { return "utf-8"; }
  decode(input) {
    const bytes = bytesOf(input);
    const parts = [];
    let at = !this.ignoreBOM && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    while (at < bytes.length) {
      const [point, length] = decodeAt(bytes, at);
      if (point < 0 && this.fatal) throw new TypeError("TextDecoder: the bytes are not UTF-8");
      parts.push(fromCodePoint(point < 0 ? 0xfffd : point));
      at += length;
    }
    return parts.join("");
  }
});

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

hidden("btoa", { btoa(input) {
  const text = String(input);
  let result = "";
  for (let i = 0; i < text.length; i += 3) {
    const [a, b, c] = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2)];
    if (a > 255 || b > 255 || c > 255) throw new RangeError("btoa: the text has characters outside Latin-1");
    const group = (a << 16) | (b << 8) | c;
    result += alphabet[group >> 18] + alphabet[(group >> 12) & 63];
    result += i + 1 < text.length ? alphabet[(group >> 6) & 63] : "=";
    result += i + 2 < text.length ? alphabet[group & 63] : "=";
  }
  return result;
} }.btoa);

hidden("atob", { atob(input) {
  let text = String(input).replace(/[\t\n\f\r ]/g, "");
  if (text.length % 4 === 0) text = text.replace(/==?$/, "");
  if (text.length % 4 === 1) throw new RangeError("atob: the text is not base64");
  let result = "";
  let bits = 0;
  let count = 0;
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new RangeError("atob: the text is not base64");
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) result += fromCharCode((bits >> (count -= 8)) & 255);
  }
  return result;
} }.atob);
})()`;
