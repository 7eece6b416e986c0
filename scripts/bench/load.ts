import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";

/** A client that costs little: raw sockets, one request in flight on each, answers told apart by their Content-Length. */
export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly durationMs: number;
  /** The whole request, head and body: the same each time, or each connection sends these in turn. */
  readonly request: Buffer | readonly Buffer[];
  /** Requests a second over all connections at most; absent: the next one as soon as there is an answer. */
  readonly perSecond?: number;
}

export interface LoadResult {
  readonly answers: number;
  /** Answers outside 2xx, and those whose body lacks `expect`. */
  readonly failures: number;
  readonly perSecond: number;
  /** ms. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  readonly lastBody: string;
}

export function postRequest(path: string, body: string, headers: { readonly [name: string]: string } = {}): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

export async function load(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  const tally = { failures: 0, lastBody: "" };
  const until = performance.now() + options.durationMs;
  const began = performance.now();
  await Promise.all(Array.from({ length: options.connections }, () => connection(options, until, latencies, tally)));
  const seconds = (performance.now() - began) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return {
    answers: latencies.length,
    failures: tally.failures,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    longest: at(1),
    lastBody: tally.lastBody,
  };
}

function connection(
  options: LoadOptions,
  until: number,
  latencies: number[],
  tally: { failures: number; lastBody: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let sent = 0;
    const requests = [options.request].flat();
    const answer = new AnswerReader();
    const send = () => {
      sentAt = performance.now();
      socket.write(requests[sent++ % requests.length] ?? "");
    };
    // Of a connection that falls behind, the next is due at once.
    const pauseMs = options.perSecond === undefined ? 0 : (1_000 * options.connections) / options.perSecond;
    const next = () => {
      const left = pauseMs === 0 ? 0 : sentAt + pauseMs - performance.now();
      if (left > 0) setTimeout(send, left);
      else send();
    };
    const read = (bytes: number, buffer: Buffer): boolean => {
      if (!answer.add(buffer, bytes)) return true;
      latencies.push(performance.now() - sentAt);
      const isLast = performance.now() >= until;
      if (!answer.ok) tally.failures += 1;
      if (isLast || !answer.ok) tally.lastBody = answer.body;
      answer.clear();
      if (!isLast) next();
      else {
        socket.end();
        resolve();
      }
      return true;
    };
    // One buffer for all that a socket reads: what the client costs is taken from the server on a small machine.
    const onread = { buffer: Buffer.allocUnsafe(READ_BYTES), callback: read as (bytes: number, buffer: Uint8Array) => boolean };
    const socket: Socket = connect({ port: options.port, host: "127.0.0.1", noDelay: true, onread });
    socket.on("connect", send);
    socket.on("error", reject);
    // Without an answer to the last request; after one this promise is settled.
    socket.on("close", () => reject(new Error("the server closed a connection")));
  });
}

const READ_BYTES = 65_536;
const LENGTH = /\r\ncontent-length: (\d+)/i;
const HEAD_END = "\r\n\r\n";

/** Gathers the bytes of one answer; nothing of its body is looked at before somebody asks. */
class AnswerReader {
  #bytes = Buffer.allocUnsafe(READ_BYTES);
  #received = 0;
  /** Bytes of head and body; unknown until the head is there. */
  #expected = Number.POSITIVE_INFINITY;
  #head = 0;

  /** Adds the first `count` bytes; true when the answer is whole. */
  add(chunk: Buffer, count: number): boolean {
    if (this.#received + count > this.#bytes.length) this.#grow(this.#received + count);
    chunk.copy(this.#bytes, this.#received, 0, count);
    this.#received += count;
    if (this.#head === 0) this.#readHead();
    return this.#received >= this.#expected;
  }

  /** A status of 2xx. */
  get ok(): boolean {
    return this.#bytes[9] === 0x32;
  }

  get body(): string {
    return this.#bytes.toString("utf8", this.#head, this.#received);
  }

  clear(): void {
    this.#received = 0;
    this.#expected = Number.POSITIVE_INFINITY;
    this.#head = 0;
  }

  #readHead(): void {
    const end = this.#bytes.indexOf(HEAD_END);
    // What lies behind the received bytes is of an answer before.
    if (end < 0 || end + HEAD_END.length > this.#received) return;
    this.#head = end + HEAD_END.length;
    this.#expected = this.#head + Number(LENGTH.exec(this.#bytes.toString("latin1", 0, end))?.[1] ?? 0);
  }

  #grow(least: number): void {
    const larger = Buffer.allocUnsafe(Math.max(least, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#received);
    this.#bytes = larger;
  }
}
