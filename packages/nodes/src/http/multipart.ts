import { freeBoundary } from "#http/boundary";
import { encodeUtf8 } from "#kit/utf8";

/** One part as it is sent. */
export interface WirePart {
  readonly name: string;
  readonly content: Uint8Array;
  /** Absent: a text field. */
  readonly file?: { readonly name: string; readonly mediaType: string };
}

export interface Multipart {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** multipart/form-data as browsers send it: names in UTF-8, what would break out of the quotes percent-encoded. */
export function encodeMultipart(parts: readonly WirePart[]): Multipart {
  const heads = parts.map((part) => encodeUtf8(headOf(part)));
  const boundary = freeBoundary([...heads, ...parts.map((part) => part.content)]);
  const chunks = parts.flatMap((part, index) => [
    encodeUtf8(`--${boundary}\r\n`),
    heads[index] ?? new Uint8Array(),
    part.content,
    LINE_BREAK,
  ]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: concat([...chunks, encodeUtf8(`--${boundary}--\r\n`)]) };
}

const LINE_BREAK = encodeUtf8("\r\n");

function headOf({ name, file }: WirePart): string {
  const disposition = `Content-Disposition: form-data; name="${quotable(name)}"`;
  if (!file) return `${disposition}\r\n\r\n`;
  return `${disposition}; filename="${quotable(file.name)}"\r\nContent-Type: ${file.mediaType}\r\n\r\n`;
}

/** Quotes and control characters: a name never ends its quotes, its line or its part. */
function quotable(name: string): string {
  return name.replace(/["\p{Cc}]/gu, (character) => percentEncodeBytes(character));
}

function percentEncodeBytes(character: string): string {
  return [...encodeUtf8(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
