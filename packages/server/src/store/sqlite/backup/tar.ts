// The archive format of backups: POSIX ustar, of which plain files are all that is needed. Sizes beyond 8 GiB are written in base 256,
// as GNU tar and bsdtar do.

export const BLOCK_BYTES = 512;

/** Two empty blocks end an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

export interface TarHeader {
  readonly name: string;
  /** Of the content. */
  readonly bytes: number;
}

type Field = readonly [offset: number, length: number];

const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  modifiedAt: [136, 12],
  sum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const satisfies { readonly [name: string]: Field };

const PLAIN_FILE = "0";
const MAGIC = "ustar\u000000";

/** What 11 octal digits hold. */
const MAX_OCTAL_BYTES = 8 ** 11 - 1;
const BASE_256 = 0x80;

/** For its owner alone, and without a time: the same content is the same archive. */
export function tarHeader({ name, bytes }: TarHeader): Buffer {
  if (Buffer.byteLength(name) > FIELD.name[1]) throw new Error(`the name ${name} is too long for an archive`);
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, FIELD.name[0]);
  for (const [field, value] of [
    [FIELD.mode, 0o600],
    [FIELD.owner, 0],
    [FIELD.group, 0],
    [FIELD.modifiedAt, 0],
  ] as const)
    block.write(octal(value, field), field[0]);
  writeSize(block, bytes);
  block.write(PLAIN_FILE, FIELD.type[0]);
  block.write(MAGIC, FIELD.magic[0]);
  block.write(`${octal(checksum(block), [0, 7])}\u0000 `, FIELD.sum[0]);
  return block;
}

/** null: the block is empty, and the archive ends here. Throws for anything but a plain file that `tarHeader` may have written. */
export function readTarHeader(block: Buffer): TarHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  const [nameAt, nameLength] = FIELD.name;
  const name = block.toString("utf8", nameAt, nameAt + nameLength).replace(/\0+$/, "");
  const header = { name, bytes: readSize(block) };
  // One way to write each header: whatever else is in it, a link, a prefix, an owner, is not ours.
  if (!Number.isSafeInteger(header.bytes) || !tarHeader(header).equals(block))
    throw new Error(`the entry ${JSON.stringify(name)} is no plain file`);
  return header;
}

/** Bytes that fill the last block of a content. */
export function paddingOf(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

function octal(value: number, [, length]: Field): string {
  return value.toString(8).padStart(length - 1, "0");
}

function writeSize(block: Buffer, bytes: number): void {
  const [at, length] = FIELD.size;
  if (bytes <= MAX_OCTAL_BYTES) block.write(octal(bytes, FIELD.size), at);
  else {
    block[at] = BASE_256;
    block.writeBigUInt64BE(BigInt(bytes), at + length - 8);
  }
}

function readSize(block: Buffer): number {
  const [at, length] = FIELD.size;
  if (block[at] === BASE_256) return Number(block.readBigUInt64BE(at + length - 8));
  return Number.parseInt(block.toString("latin1", at, at + length - 1), 8);
}

/** The sum of all bytes, with the sum's own field as blanks. */
function checksum(block: Buffer): number {
  const [at, length] = FIELD.sum;
  return block.reduce((sum, byte, index) => sum + (index >= at && index < at + length ? 0x20 : byte), 0);
}
