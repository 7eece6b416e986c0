import { createHash } from "node:crypto";
import type { Json } from "@millrace/contract";
import type { BlobKind, BlobRef } from "#store/journal/segment";

/** Characters turned into bytes at once: hashing and writing a large text needs no second copy of it. */
const CHUNK_CHARACTERS = 1024 * 1024;

/** A large value as it is stored. */
export interface Blob extends BlobRef {
  readonly content: string;
}

export function blobOf(value: Json): Blob {
  const kind: BlobKind = typeof value === "string" && value.isWellFormed() ? "text" : "json";
  const content = kind === "text" && typeof value === "string" ? value : JSON.stringify(value);
  const hash = createHash("sha256");
  let bytes = 0;
  for (const chunk of utf8Chunks(content)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), bytes, kind, content };
}

export function readContent(content: string, kind: BlobKind): Json {
  return kind === "text" ? content : (JSON.parse(content) as Json);
}

/** The UTF-8 of a well-formed text, in pieces; never split within a character. */
export function* utf8Chunks(text: string): Generator<Buffer> {
  for (let start = 0; start < text.length; ) {
    const end = Math.min(start + CHUNK_CHARACTERS, text.length);
    const whole = end < text.length && isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
    yield Buffer.from(text.slice(start, whole));
    start = whole;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
