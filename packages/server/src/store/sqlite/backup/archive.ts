import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { BackupDamaged } from "#store/errors";
import { ByteReader } from "#store/sqlite/backup/byte-reader";
import { type ArchivedFile, MANIFEST_NAME, MAX_MANIFEST_BYTES, type Manifest, readManifest } from "#store/sqlite/backup/manifest";
import { isSealed, sealed } from "#store/sqlite/backup/seal";
import { BLOCK_BYTES, paddingOf, readTarHeader, TAR_END, tarHeader } from "#store/sqlite/backup/tar";

// A backup is a tar.gz: the manifest, then the files that it names, in its order.

/** Journals are text that repeats itself: the fastest level takes most of it out. */
const COMPRESSION_LEVEL = 1;

const PRIVATE_FILE = 0o600;

/** Writes the archive; `open` gives the content of each file. Not durable before its caller has synced it. */
export async function writeArchive(path: string, manifest: Manifest, open: (file: ArchivedFile) => AsyncIterable<Buffer>): Promise<void> {
  const tar = Readable.from(tarOf(manifest, open));
  await pipeline(tar, createGzip({ level: COMPRESSION_LEVEL }), sealed, createWriteStream(path, { mode: PRIVATE_FILE }));
}

async function* tarOf(manifest: Manifest, open: (file: ArchivedFile) => AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const text = Buffer.from(JSON.stringify(manifest, null, 1));
  yield* tarEntry(MANIFEST_NAME, text.length, [text]);
  for (const file of manifest.files) yield* tarEntry(file.name, file.bytes, open(file));
  yield TAR_END;
}

async function* tarEntry(name: string, bytes: number, content: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield tarHeader({ name, bytes });
  yield* content;
  yield Buffer.alloc(paddingOf(bytes));
}

/** Takes the content of a file. */
export type FileSink = (file: ArchivedFile, content: AsyncIterable<Buffer>) => Promise<void>;

const ignore: FileSink = async (_file, content) => {
  for await (const _chunk of content);
};

/** Reads the whole archive and changes nothing: resolves with its manifest, or rejects with BackupDamaged. */
export async function verifyArchive(path: string): Promise<Manifest> {
  const { size } = await stat(path);
  if (!(await isSealed(path, size))) throw new BackupDamaged(path, "it is not, byte by byte, what was written");
  return readArchive(path, ignore);
}

/** Hands over each file of the archive; rejects with BackupDamaged where one is not what the manifest says. */
export async function readArchive(path: string, sink: FileSink): Promise<Manifest> {
  const source = createReadStream(path);
  const unzipped = source.pipe(createGunzip());
  source.once("error", (error) => unzipped.destroy(error));
  try {
    return await readEntries(path, new ByteReader(unzipped), sink);
  } finally {
    source.destroy();
    unzipped.destroy();
  }
}

async function readEntries(path: string, reader: ByteReader, sink: FileSink): Promise<Manifest> {
  const damaged = (reason: string): BackupDamaged => new BackupDamaged(path, reason);
  const manifest = await readFirst(reader, damaged);
  for (const file of manifest.files) {
    const header = await nextHeader(reader, damaged);
    if (header?.name !== file.name || header.bytes !== file.bytes) throw damaged(`${file.name} is missing, or is not of its size`);
    const hash = createHash("sha256");
    await sink(file, hashed(reader.chunks(file.bytes), hash));
    if (hash.digest("hex") !== file.sha256) throw damaged(`${file.name} has not the content that was written`);
    await reader.take(paddingOf(file.bytes));
  }
  if ((await nextHeader(reader, damaged)) !== null) throw damaged("it holds a file that its manifest does not name");
  return manifest;
}

async function readFirst(reader: ByteReader, damaged: (reason: string) => BackupDamaged): Promise<Manifest> {
  const header = await nextHeader(reader, damaged);
  if (header?.name !== MANIFEST_NAME || header.bytes > MAX_MANIFEST_BYTES) throw damaged("it does not begin with a manifest");
  const text = await reader.take(header.bytes);
  await reader.take(paddingOf(header.bytes));
  const manifest = readManifest(text.toString("utf8"));
  if (manifest === null) throw damaged("its manifest is none that this build knows");
  return manifest;
}

async function nextHeader(reader: ByteReader, damaged: (reason: string) => BackupDamaged) {
  try {
    return readTarHeader(await reader.take(BLOCK_BYTES));
  } catch (error) {
    throw damaged((error as Error).message);
  }
}

async function* hashed(content: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}
