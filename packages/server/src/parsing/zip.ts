import { inflateRawSync } from "node:zlib";
import { MAX_INFLATED_BYTES, MAX_ZIP_ENTRIES } from "#parsing/limits";
import { ParseFailure } from "#parsing/parse-failure";

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

interface Entry {
  readonly method: number;
  readonly flags: number;
  readonly packedBytes: number;
  readonly offset: number;
}

/**
 * An archive in memory. Nothing is inflated before it is asked for, and never more than the room that is left, whatever the archive says of
 * its sizes. Names are keys and nothing else: no file is made of them.
 */
export class Zip {
  readonly #bytes: Buffer;
  readonly #entries: ReadonlyMap<string, Entry>;
  #left = MAX_INFLATED_BYTES;

  /** @throws ParseFailure where it is no archive. */
  constructor(content: Uint8Array) {
    this.#bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    this.#entries = readDirectory(this.#bytes);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Contents of an entry; null: there is none of this name. */
  read(name: string): Uint8Array | null {
    const entry = this.#entries.get(name);
    if (!entry) return null;
    const content = inflate(packed(this.#bytes, entry), entry, this.#left);
    this.#left -= content.length;
    return content;
  }
}

function readDirectory(bytes: Buffer): ReadonlyMap<string, Entry> {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > MAX_ZIP_ENTRIES) throw new ParseFailure(`its archive has more than ${MAX_ZIP_ENTRIES} entries`);
  const entries = new Map<string, Entry>();
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) throw damaged();
    const nameBytes = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameBytes);
    if (entries.has(name)) throw new ParseFailure("its archive has an entry twice");
    entries.set(name, {
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      packedBytes: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - END_BYTES; at >= Math.max(0, bytes.length - END_BYTES - MAX_COMMENT); at--)
    if (bytes.readUInt32LE(at) === END) return at;
  throw damaged();
}

function packed(bytes: Buffer, { offset, packedBytes, flags }: Entry): Buffer {
  if ((flags & ENCRYPTED) !== 0) throw new ParseFailure("it is protected by a password");
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL) throw damaged();
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  if (start + packedBytes > bytes.length) throw damaged();
  return bytes.subarray(start, start + packedBytes);
}

function inflate(content: Buffer, { method }: Entry, room: number): Buffer {
  if (method !== STORED && method !== DEFLATED) throw new ParseFailure("its archive is packed in a way that is not supported");
  if (method === STORED && content.length <= room) return content;
  try {
    if (method === DEFLATED && room > 0) return inflateRawSync(content, { maxOutputLength: room });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") throw damaged();
  }
  throw new ParseFailure(`its archive holds more than ${MAX_INFLATED_BYTES / 1024 / 1024} MiB`);
}

function damaged(): ParseFailure {
  return new ParseFailure("its archive is damaged");
}
