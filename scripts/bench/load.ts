import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";

/** A client that costs little: raw sockets, one request in flight on each, answers told apart by their Content-Length. */
export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly durationMs: number;
  /** The whole request, head and body; the same each time. */
  readonly request: Buffer;
}

export interface LoadResult {
  readonly answers: number;
  /** Answers outside 2xx, and those whose body lacks `expect`. */
  readonly failures: number;
  readonly perSecond: number;
  /** ms. */
  readonly p50: number;
  readonly p99: number;
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
    const socket: Socket = connect({ port: options.port, host: "127.0.0.1", noDelay: true });
    let sentAt = 0;
    const answer = new AnswerReader();
    const send = () => {
      sentAt = performance.now();
      socket.write(options.request);
    };
    socket.on("connect", send);
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      if (!answer.add(chunk)) return;
      latencies.push(performance.now() - sentAt);
      const { ok, body } = answer.take();
      if (!ok) tally.failures += 1;
      tally.lastBody = body;
      if (performance.now() < until) send();
      else {
        socket.end();
        resolve();
      }
    });
  });
}

const LENGTH = /\r\ncontent-length: (\d+)/i;

/** Gathers the chunks of one answer; its bytes are joined once, when all are there. */
class AnswerReader {
  #chunks: Buffer[] = [];
  #received = 0;
  /** Bytes of head and body; unknown until the head is there. */
  #expected = Number.POSITIVE_INFINITY;
  #head = 0;

  /** True when the answer is whole. */
  add(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#head === 0) this.#readHead();
    return this.#received >= this.#expected;
  }

  take(): { ok: boolean; body: string } {
    const bytes = this.#joined();
    const answer = { ok: bytes[9] === 0x32, body: bytes.toString("utf8", this.#head) };
    this.#chunks = [];
    this.#received = 0;
    this.#expected = Number.POSITIVE_INFINITY;
    this.#head = 0;
    return answer;
  }

  #readHead(): void {
    const bytes = this.#joined();
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) return;
    this.#head = end + 4;
    this.#expected = this.#head + Number(LENGTH.exec(bytes.toString("latin1", 0, end))?.[1] ?? 0);
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    return first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
  }
}
