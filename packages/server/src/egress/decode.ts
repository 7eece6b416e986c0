import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import { RetryableError, TerminalError } from "@millrace/engine";
import { createByteCollector } from "#egress/byte-collector";
import { tooLarge } from "#egress/failure";
import { EXPANSION_FLOOR_BYTES, MAX_CODINGS, MAX_EXPANSION } from "#egress/limits";
import type { ByteStream } from "#egress/open-exchange";

/** Undoes gzip, deflate and br. An unknown coding is left as it came. @throws `http_too_large` past the bytes or the ratio, `http_network` for a damaged body. */
export async function decodeBody(body: Uint8Array, contentEncoding: string, maxBytes: number): Promise<Uint8Array> {
  const codings = codingsIn(contentEncoding);
  // HEAD, 204 and 304 name a coding and carry nothing.
  if (body.length === 0 || codings.length === 0) return body;
  if (codings.length > MAX_CODINGS)
    throw new TerminalError("http_too_large", `The answer is compressed more than ${MAX_CODINGS} times over.`);
  const ratioBytes = Math.max(EXPANSION_FLOOR_BYTES, body.length * MAX_EXPANSION);
  const bound = { bytes: Math.min(maxBytes, ratioBytes), error: ratioBytes < maxBytes ? expandsTooMuch() : tooLarge(maxBytes) };
  let decoded = body;
  for (const coding of codings.toReversed()) decoded = await decodeOnce(decoded, coding, bound);
  return decoded;
}

/** The body itself where nothing is to be undone; else collected and decoded: whoever compresses what was asked for plain has it read late. */
export async function decodeStream(body: ByteStream, contentEncoding: string, maxBytes: number): Promise<ByteStream> {
  if (codingsIn(contentEncoding).length === 0) return body;
  const collected = createByteCollector(maxBytes);
  for await (const chunk of body) collected.add(chunk);
  return streamOf(await decodeBody(collected.take(), contentEncoding, maxBytes));
}

function streamOf(bytes: Uint8Array): ByteStream {
  const chunks = [bytes].values();
  const stream: ByteStream = {
    [Symbol.asyncIterator]: () => stream,
    next: async () => chunks.next(),
    return: async () => ({ done: true, value: undefined }),
    ended: Promise.resolve(),
  };
  return stream;
}

/** In the order in which they were applied; none, if one of them is unknown. */
function codingsIn(contentEncoding: string): readonly string[] {
  const named = contentEncoding.toLowerCase().split(",");
  const codings = named.map((coding) => coding.trim()).filter((coding) => coding !== "" && coding !== "identity");
  return codings.every((coding) => DECODERS.has(coding)) ? codings : [];
}

interface Bound {
  readonly bytes: number;
  readonly error: TerminalError;
}

async function decodeOnce(body: Uint8Array, coding: string, bound: Bound): Promise<Uint8Array> {
  try {
    const decoded = await DECODERS.get(coding)?.(body, { maxOutputLength: bound.bytes });
    return new Uint8Array(decoded ?? body);
  } catch (error) {
    if (error instanceof RangeError) throw bound.error;
    throw new RetryableError("http_network", `The answer says that it is compressed with ${coding}, and is not, or is cut off.`);
  }
}

function expandsTooMuch(): TerminalError {
  return new TerminalError("http_too_large", `The body of the answer expands to more than ${MAX_EXPANSION} times its compressed size.`);
}

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

const inflateZlib: Decoder = promisify(inflate);
const inflateBare: Decoder = promisify(inflateRaw);

/** "deflate" means the zlib format, but some servers send it bare. */
const inflateEither: Decoder = (body, options) => (((body[0] ?? 0) & 0x0f) === 0x08 ? inflateZlib : inflateBare)(body, options);

const DECODERS = new Map<string, Decoder>([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", inflateEither],
  ["br", promisify(brotliDecompress)],
]);
