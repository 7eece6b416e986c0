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
    let received = Buffer.alloc(0);
    const send = () => {
      sentAt = performance.now();
      socket.write(options.request);
    };
    socket.on("connect", send);
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const answer = readAnswer(received);
      if (!answer) return;
      received = Buffer.alloc(0);
      latencies.push(performance.now() - sentAt);
      if (!answer.ok) tally.failures += 1;
      tally.lastBody = answer.body();
      if (performance.now() < until) send();
      else {
        socket.end();
        resolve();
      }
    });
  });
}

const LENGTH = /\r\ncontent-length: (\d+)/i;

function readAnswer(bytes: Buffer): { ok: boolean; body(): string } | null {
  const head = bytes.indexOf("\r\n\r\n");
  if (head < 0) return null;
  const length = Number(LENGTH.exec(bytes.toString("latin1", 0, head))?.[1] ?? 0);
  if (bytes.length < head + 4 + length) return null;
  return { ok: bytes[9] === 0x32, body: () => bytes.toString("utf8", head + 4, head + 4 + length) };
}
