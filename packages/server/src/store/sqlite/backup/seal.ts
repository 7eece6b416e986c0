import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/**
 * A backup ends with a gzip member that holds nothing but, as its comment, the SHA-256 of every byte before it. gzip and tar read over
 * it. Checksums inside the archive would miss what unpacking ignores: fields of the gzip header, the bits that fill its last byte.
 */
const SEAL_BYTES = 92;

const HEADER = Buffer.from([0x1f, 0x8b, 8, 0x10, 0, 0, 0, 0, 0, 0xff]);
/** An empty block, its CRC and its length. */
const NOTHING = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

function sealOf(sha256: string): Buffer {
  return Buffer.concat([HEADER, Buffer.from(`sha256:${sha256}\u0000`, "latin1"), NOTHING]);
}

/** Passes the bytes on, and the seal behind them. */
export async function* sealed(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  yield sealOf(hash.digest("hex"));
}

/** Is the file, to the last bit, one that was sealed? */
export async function isSealed(path: string, bytes: number): Promise<boolean> {
  if (bytes <= SEAL_BYTES) return false;
  const hash = createHash("sha256");
  const end = bytes - SEAL_BYTES;
  for await (const chunk of createReadStream(path, { end: end - 1 })) hash.update(chunk as Buffer);
  const last: Buffer[] = [];
  for await (const chunk of createReadStream(path, { start: end })) last.push(chunk as Buffer);
  return Buffer.concat(last).equals(sealOf(hash.digest("hex")));
}
